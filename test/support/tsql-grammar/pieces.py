"""What is parsed by itself: batches, the bodies of procedures, and literals that are executed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Iterator


@dataclass
class Piece:
    """One of them, and what is wrong with it."""

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
        for go in re.finditer(r"(?<![\w@#$])GO(?![\w@#$])", batch.mask, re.I):
            batch.at(go.start(), "GO is not on a line of its own")
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
