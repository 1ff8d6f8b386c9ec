"""The source of a function that an older Python compiled, where it runs straight through: no branches, no loops, no inner functions."""

from __future__ import annotations

from typing import Any, List, Optional

from predictable_keras.old_code import OldCode

BINARY = {16: "@", 19: "**", 20: "*", 22: "%", 23: "+", 24: "-", 26: "//", 27: "/", 62: "<<", 63: ">>", 64: "&", 65: "^", 66: "|"}
UNARY = {10: "+", 11: "-", 12: "not ", 15: "~"}
COMPARED = ("<", "<=", "==", "!=", ">", ">=", "in", "not in", "is", "is not")
VARIADIC = 0x04 | 0x08


def source_of(code: OldCode, name: str) -> Optional[str]:
    """A `def` of that name; None where it is not that simple. Free variables are taken for global ones."""
    if code.flags & VARIADIC or any(isinstance(value, OldCode) for value in code.consts):
        return None
    try:
        lines = statements(code)
    except (IndexError, NotImplementedError):
        return None
    arguments = ", ".join(code.varnames[: code.argcount])
    return "def %s(%s):\n" % (name, arguments) + "".join("    %s\n" % line for line in lines)


def statements(code: OldCode) -> List[str]:
    lines: List[str] = []
    stack: List[str] = []
    longer = 0
    for at in range(0, len(code.code), 2):
        operation, argument = code.code[at], code.code[at + 1] | longer
        longer = argument << 8 if operation == 144 else 0
        if operation == 144:
            continue
        if operation == 83:
            return [*lines, "return %s" % stack.pop()]
        if operation == 125:
            value = stack.pop()
            # What waits may use the variable as it was.
            if stack:
                raise NotImplementedError
            lines.append("%s = %s" % (code.varnames[argument], value))
        elif operation == 1:
            lines.append(stack.pop())
        else:
            stack.append(expression(operation, argument, code, stack))
    raise IndexError("no end")


def expression(operation: int, argument: int, code: OldCode, stack: List[str]) -> str:
    """What the operation leaves on the stack, made of what it takes from there."""
    if operation == 100:
        return constant(code.consts[argument])
    if operation in (116, 124, 136):
        return {116: code.names, 124: code.varnames, 136: code.freevars}[operation][argument]
    if operation in (106, 160):
        return "%s.%s" % (stack.pop(), code.names[argument])
    if operation in UNARY:
        return "(%s%s)" % (UNARY[operation], stack.pop())
    if operation in BINARY:
        left, right = taken(stack, 2)
        return "(%s %s %s)" % (left, BINARY[operation], right)
    if operation == 25:
        return "%s[%s]" % tuple(taken(stack, 2))
    if operation == 107:
        left, right = taken(stack, 2)
        return "(%s %s %s)" % (left, COMPARED[argument], right)
    if operation == 133:
        return "slice(%s)" % ", ".join(taken(stack, argument))
    if operation == 102:
        return "(%s)" % "".join(each + "," for each in taken(stack, argument))
    if operation == 103:
        return "[%s]" % ", ".join(taken(stack, argument))
    if operation in (131, 161):
        arguments = taken(stack, argument)
        return "%s(%s)" % (stack.pop(), ", ".join(arguments))
    if operation == 141:
        return by_name(argument, code, stack)
    raise NotImplementedError


def by_name(argument: int, code: OldCode, stack: List[str]) -> str:
    """A call with names, which the stack holds as a tuple that is a constant."""
    names = stack.pop()
    keywords = [name.strip(" '\"") for name in names.strip("()").split(",") if name.strip()]
    arguments = taken(stack, argument)
    first = len(arguments) - len(keywords)
    named = ["%s=%s" % pair for pair in zip(keywords, arguments[first:])]
    return "%s(%s)" % (stack.pop(), ", ".join(arguments[:first] + named))


def taken(stack: List[str], count: int) -> List[str]:
    if count > len(stack):
        raise IndexError("nothing there")
    top = stack[len(stack) - count :]
    del stack[len(stack) - count :]
    return top


def constant(value: Any) -> str:
    if isinstance(value, float) and value != value or value in (float("inf"), float("-inf")):
        return "float(%r)" % str(value)
    return "(%r)" % value if isinstance(value, (int, float)) and value < 0 else repr(value)
