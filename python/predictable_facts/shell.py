"""Names in command lines that are proposed to people, who paste them: each is one argument of a POSIX shell."""

import shlex


def for_shell(argument: str) -> str:
    """What is not seen as it stands, or may be a command in a log of CI, is written in octal digits of its bytes."""
    if argument.isprintable() and "##" not in argument and "::" not in argument:
        return shlex.quote(argument)
    return "\"$(printf '%s')\"" % "".join(map(printed, argument))


def printed(character: str) -> str:
    """As the format of `printf`."""
    if character.isprintable() and character not in "'%\\#:":
        return character
    return "".join("\\%03o" % byte for byte in character.encode("utf-8", "replace"))
