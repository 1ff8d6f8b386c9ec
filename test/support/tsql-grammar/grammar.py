"""Judges T-SQL by two grammars that are not ours: JSON strings on stdin, one a line; for each, its problems as JSON.

Microsoft's parser, of SQL Server 2017, knows the language, PREDICT too, but takes any word for an option (SET XACT_ABORT
YES). sqlfluff knows the options, but takes a misspelt keyword for an alias or a procedure. A text must please both.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from typing import Any, Iterator

from sqlfluff.core import FluffConfig, Linter

# Without the limits, it would skip long scripts; without `raw`, it would run {{ }} as a template.
SETTINGS = {"dialect": "tsql", "templater": "raw", "large_file_skip_byte_limit": 0, "large_file_skip_char_limit": 0}
linter = Linter(config=FluffConfig(overrides=SETTINGS))


@dataclass
class Piece:
    """What is parsed by itself: a batch, the body of a procedure, a string that is executed."""

    # Comments are blank: no grammar takes orders from them, such as sqlfluff's `-- noqa`.
    text: str
    # The same length; what stands in quotes and brackets is x, so that a regular expression sees structure alone.
    mask: str
    # Where the piece begins.
    line: int
    where: str
    problems: list[str] = field(default_factory=list)

    def add(self, line: int, problem: str) -> None:
        self.problems.append("%sline %d: %s" % (self.where, self.line + line, problem))

    def at(self, offset: int, problem: str) -> None:
        self.add(self.text.count("\n", 0, offset), problem)


def judge(texts: list[str]) -> list[list[str]]:
    pieces = [list(pieces_of(text)) for text in texts]
    # What is not closed would swallow what is parsed after it.
    sound = [piece for found in pieces for piece in found if not piece.problems and piece.text.strip()]
    for piece in sound:
        ask_sqlfluff(piece)
    ask_microsoft(sound)
    return [list(dict.fromkeys(problem for piece in found for problem in piece.problems)) for found in pieces]


# Pieces: batches, bodies, executed strings.

TOKEN = re.compile(r"(--[^\n]*)|(/\*)|(N?'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]|\"(?:[^\"]|\"\")*\")|[\w@#$]+|.", re.S)
GO = re.compile(r"^[ \t]*GO(?:[ \t]+\d+)?[ \t]*$", re.I | re.M)
PROCEDURE = re.compile(r"\s*(?:CREATE\s+OR\s+ALTER|CREATE|ALTER)\s+PROC(?:EDURE)?\b", re.I)
# Not `@parameter AS int`, and not EXECUTE AS OWNER.
BODY = re.compile(r"(?<![\w@#$])(?!EXEC(?:UTE)?\s|@)[^\s(),]+\s+AS\b|\)\s*AS\b", re.I)
LITERALS = r"(N?'x*'(?:\s*\+\s*N?'x*')*)"
EXECUTED = re.compile(
    r"\bEXEC(?:UTE)?\s*\(\s*%s\s*\)|\bsp_executesql\s+(?:@stmt\s*=\s*)?%s(?!\s*\+)" % (LITERALS, LITERALS), re.I
)


def pieces_of(script: str, first_line: int = 1, where: str = "") -> Iterator[Piece]:
    text, mask, opened = scan(re.sub(r"\r\n?", "\n", script))
    if opened is not None:
        piece = Piece(text, mask, first_line, where)
        piece.at(opened, "%s is not closed" % text[opened : opened + 2].strip())
        yield piece
        return
    start = 0
    for end, following in [*((go.start(), go.end()) for go in GO.finditer(mask)), (len(text), len(text))]:
        batch = Piece(text[start:end], mask[start:end], first_line + text.count("\n", 0, start), where)
        yield batch
        yield from body_of(batch)
        yield from executed_by(batch)
        start = following


def scan(text: str) -> tuple[str, str, int | None]:
    """The text without comments, its mask, and where something begins that never ends."""
    clean, mask, opened, position = [], [], None, 0
    while position < len(text):
        token = TOKEN.match(text, position)
        comment, nested, quoted = token.groups()
        end = token.end() if nested is None else end_of_comment(text, position)
        part = text[position:end]
        if opened is None and (end == len(text) + 1 or part in ("'", '"', "[")):
            opened = position
        kept = blank(part) if comment or (nested and end <= len(text)) else part
        clean.append(kept)
        inside = part.index(part.lstrip("N")[0]) + 1 if quoted else 0
        mask.append(part[:inside] + "x" * (len(part) - inside - 1) + part[-1] if quoted else kept)
        position = end
    return "".join(clean), "".join(mask), opened


def end_of_comment(text: str, start: int) -> int:
    """Comments nest."""
    depth = 0
    for mark in re.compile(r"/\*|\*/").finditer(text, start):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(text) + 1


def blank(part: str) -> str:
    return re.sub(r"[^\n]", " ", part)


def body_of(batch: Piece) -> Iterator[Piece]:
    head = PROCEDURE.match(batch.mask)
    body = head and BODY.search(batch.mask, head.end())
    if body:
        text, mask = (blank(part[: body.end()]) + part[body.end() :] for part in (batch.text, batch.mask))
        yield Piece(text, mask, batch.line, batch.where)


def executed_by(batch: Piece) -> Iterator[Piece]:
    for call in EXECUTED.finditer(batch.mask):
        start, end = call.span(1 if call.group(1) else 2)
        literals = re.findall(r"'((?:[^']|'')*)'", batch.text[start:end])
        line = batch.line + batch.text.count("\n", 0, start)
        # A backslash before a line break vanishes with it.
        script = re.sub(r"\\\n", "", "".join(literals).replace("''", "'"))
        yield from pieces_of(script, 1, "%sexecuted in line %d, " % (batch.where, line))


# Narrow rewrites of right T-SQL that one of the grammars cannot parse; docs/README of this folder has them all.

NAME = r"(?:\[x+\]|[A-Za-z_#][\w@#$]*)"
TYPE = r"[A-Za-z]\w*(?:\s*\(\s*(?:\d+|max)(?:\s*,\s*\d+)?\s*\))?"
COLUMN = r"%s\s+%s(?:\s+COLLATE\s+\w+)?(?:\s+(?:NOT\s+)?NULL)?" % (NAME, TYPE)
PREDICT = re.compile(
    r"PREDICT\s*\(\s*MODEL\s*=\s*(?P<model>@\w+|0x[0-9a-f]*|\(\s*SELECT\b(?:[^()]|\([^()]*\))*\))"
    r"\s*,\s*DATA\s*=\s*(?P<data>%(n)s(?:\s*\.\s*%(n)s){0,2}\s+AS\s+%(n)s)\s*(?:,\s*RUNTIME\s*=\s*ONNX\s*)?\)"
    r"\s*(?P<with>WITH\s*\(\s*%(c)s(?:\s*,\s*%(c)s)*\s*\)\s*AS\s+%(n)s)" % {"n": NAME, "c": COLUMN},
    re.I,
)
WRITE = re.compile(r"((?:\bSET|,)\s*%s)\s*\.\s*WRITE(\s*\((?:[^(),]|\([^()]*\))+(?:,(?:[^(),]|\([^()]*\))+){2}\))" % NAME, re.I)
LIST = r"\(\s*%s(?:\s*,\s*%s)*\s*\)" % (NAME, NAME)
TABLE_OPTION = (
    r"(?:HEAP|CLUSTERED\s+COLUMNSTORE\s+INDEX|CLUSTERED\s+INDEX\s*%s"
    r"|DISTRIBUTION\s*=\s*(?:ROUND_ROBIN|REPLICATE|HASH\s*%s))" % (LIST, LIST)
)
TABLE_OPTIONS = re.compile(r"(?<=\))\s*WITH\s*\(\s*%s(?:\s*,\s*%s)*\s*\)(?=\s*(?:;|$))" % (TABLE_OPTION, TABLE_OPTION), re.I)


def for_sqlfluff(piece: Piece) -> str:
    """PREDICT as a join with OPENJSON, which has such a WITH too; column.WRITE(…) as a function's value."""
    found = {match.start(): match for match in PREDICT.finditer(piece.mask)}
    for word in re.finditer(r"(?<![\w@#$])PREDICT(?![\w@#$])", piece.mask, re.I):
        if word.start() not in found:
            piece.at(word.start(), "PREDICT does not have its documented form")
    edits = []
    for start, match in found.items():
        data, model, columns = (piece.text[slice(*match.span(name))] for name in ("data", "model", "with"))
        edits.append((start, match.end(), "%s CROSS APPLY OPENJSON(%s) %s" % (data, model, columns)))
    for match in WRITE.finditer(piece.mask):
        target, arguments = (piece.text[slice(*match.span(group))] for group in (1, 2))
        edits.append((match.start(), match.end(), "%s = COALESCE%s" % (target, arguments)))
    text = piece.text
    for start, end, instead in sorted(edits, reverse=True):
        lines = text.count("\n", start, end) - instead.count("\n")
        text = text[:start] + instead + "\n" * lines + text[end:]
    return text


def for_microsoft(piece: Piece) -> str:
    """Without the options that tables have in Synapse; sqlfluff checks them."""
    text = piece.text
    for match in TABLE_OPTIONS.finditer(piece.mask):
        text = text[: match.start()] + blank(match.group()) + text[match.end() :]
    return text


# sqlfluff, and what its tree shows beyond a parse.


def ask_sqlfluff(piece: Piece) -> None:
    parsed = linter.parse_string(for_sqlfluff(piece))
    for violation in parsed.violations:
        piece.add(violation.line_no - 1, "sqlfluff: %s" % violation.desc())
    if not parsed.violations:
        look_closer(piece, parsed.tree)


def look_closer(piece: Piece, segment: Any, before: Any = None) -> None:
    """`before`: what stands before the segment, beside it or beside the segments that it begins."""
    words = [part.raw.upper() for part in segment.segments if not part.is_meta and part.is_code]
    line = segment.pos_marker.source_position()[0] - 1
    kind = segment.get_type()
    if kind == "execute_script_statement" and words[0] not in ("EXEC", "EXECUTE"):
        piece.add(line, "%s is no keyword; a procedure is run with EXEC" % words[0])
    if kind == "alias_expression" and words[0] != "AS" and words[-1] != "=":
        piece.add(line, "%s is an alias without AS, or a misspelt keyword" % words[0])
    if kind == "transaction_statement" and len(words) == 2 and words[1] not in ("TRAN", "TRANSACTION", "WORK"):
        piece.add(line, "%s %s: a name comes after TRANSACTION" % tuple(words))
    if kind == "naked_identifier" and segment.raw.upper() in ("GO", "THROW"):
        piece.add(line, "%s stands where it is a name" % segment.raw.upper())
    unended = before is not None and before.is_type("statement") and not before.raw.rstrip().endswith(";")
    if kind in ("throw_statement", "with_compound_statement") and unended:
        piece.add(line, "%s comes after a statement without a semicolon" % words[0])
    previous = before
    for part in segment.segments:
        if part.is_code and not part.is_meta:
            look_closer(piece, part, previous)
            previous = part


# Microsoft's language service, which speaks the protocol of editors.

ANSWER_SECONDS = 120


def ask_microsoft(pieces: list[Piece]) -> None:
    """All pieces as batches of one document: the service waits 0.75 s for each document to be typed to its end."""
    if not pieces:
        return
    texts = [for_microsoft(piece) for piece in pieces]
    owners = [(piece, line) for piece, text in zip(pieces, texts) for line in range(text.count("\n") + 2)]
    for diagnostic in diagnostics_of("\nGO\n".join(texts)):
        piece, line = owners[min(diagnostic["range"]["start"]["line"], len(owners) - 1)]
        piece.add(line, "Microsoft's parser: %s" % diagnostic["message"].replace("near 'GO'", "near the end"))


def diagnostics_of(document: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        # Else it leaves pipes for debuggers in the temporary folder.
        environment = {**os.environ, "COMPlus_EnableDiagnostics": "0"}
        pipe = subprocess.PIPE
        service = subprocess.Popen(
            [service_file()], stdin=pipe, stdout=pipe, cwd=folder, env=environment, preexec_fn=end_with_parent
        )
        # Pipes cannot be read with a time limit.
        alarm = threading.Timer(ANSWER_SECONDS, service.kill)
        alarm.start()
        try:
            opened = {"uri": "untitled:texts", "languageId": "SQL", "version": 1, "text": document}
            send(service, id="1", method="initialize", params={"processId": 1, "rootUri": None, "capabilities": {}})
            send(service, method="textDocument/didOpen", params={"textDocument": opened})
            while True:
                message = receive(service)
                if message.get("method") == "textDocument/publishDiagnostics":
                    return message["params"]["diagnostics"]
        finally:
            alarm.cancel()
            service.kill()
            service.wait()


def send(service: subprocess.Popen[bytes], **message: Any) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    service.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    service.stdin.flush()


def receive(service: subprocess.Popen[bytes]) -> dict[str, Any]:
    length = 0
    while line := service.stdout.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    if length == 0:
        raise RuntimeError("the language service ended without an answer")
    return json.loads(service.stdout.read(length))


def end_with_parent() -> None:
    """It goes on when its input ends."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def service_file() -> str:
    package = importlib.util.find_spec("mssqltoolsservice").submodule_search_locations[0]
    return os.path.join(package, "bin", "MicrosoftSqlToolsServiceLayer")


def prepare_service() -> None:
    """Once, when the environment is built: its .NET finds no ICU of today, and must be told to do without."""
    settings = service_file() + ".runtimeconfig.json"
    wanted = json.dumps({"runtimeOptions": {"configProperties": {"System.Globalization.Invariant": True}}})
    with open(settings, "r+", encoding="utf-8") as file:
        if file.read() != wanted:
            file.seek(0)
            file.truncate()
            file.write(wanted)
            os.chmod(service_file(), 0o755)


prepare_service()

if __name__ == "__main__":
    for problems in judge([json.loads(line) for line in sys.stdin]):
        print(json.dumps(problems))
