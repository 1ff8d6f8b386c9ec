"""Right T-SQL that one of the grammars cannot parse: rewritten for that one alone, and only in its documented form."""

from __future__ import annotations

import re

from pieces import Piece, blank

NAME = r"(?:\[x+\]|\"x+\"|[A-Za-z_#][\w@#$]*)"
TYPE = r"[A-Za-z]\w*(?:\s*\(\s*(?:\d+|max)(?:\s*,\s*\d+)?\s*\))?"
COLUMN = r"%s\s+%s(?:\s+COLLATE\s+\w+)?(?:\s+(?:NOT\s+)?NULL)?" % (NAME, TYPE)
PREDICT = re.compile(
    r"PREDICT\s*\(\s*MODEL\s*=\s*(?P<model>@\w+|0x[0-9a-f]*|\(\s*SELECT\b(?:[^()]|\([^()]*\))*\))"
    r"\s*,\s*DATA\s*=\s*(?P<data>%(n)s(?:\s*\.\s*%(n)s){0,2}\s+AS\s+%(n)s)\s*(?:,\s*RUNTIME\s*=\s*ONNX\s*)?\)"
    r"\s*(?P<with>WITH\s*\(\s*%(c)s(?:\s*,\s*%(c)s)*\s*\)\s*AS\s+%(n)s)" % {"n": NAME, "c": COLUMN},
    re.I,
)
ARGUMENT = r"(?:[^(),]|\([^()]*\))+"
WRITE = re.compile(r"((?:\bSET|,)\s*%s)\s*\.\s*WRITE(\s*\(%s\))" % (NAME, ",".join([ARGUMENT] * 3)), re.I)
# Microsoft's parser knows no Synapse, whose tables have such options and keys; sqlfluff knows the options alone.
LIST = r"\(\s*%s(?:\s*,\s*%s)*\s*\)" % (NAME, NAME)
TABLE_OPTION = (
    r"(?:HEAP|CLUSTERED\s+COLUMNSTORE\s+INDEX|CLUSTERED\s+INDEX\s*%s"
    r"|DISTRIBUTION\s*=\s*(?:ROUND_ROBIN|REPLICATE|HASH\s*%s))" % (LIST, LIST)
)
TABLE_OPTIONS = re.compile(
    r"(?<=\))\s*WITH\s*\(\s*%s(?:\s*,\s*%s)*\s*\)(?=\s*(?:;|$))" % (TABLE_OPTION, TABLE_OPTION), re.I
)
NOT_ENFORCED = re.compile(r"(?<=\))\s*NOT\s+ENFORCED(?=\s*[,)])", re.I)


def for_sqlfluff(piece: Piece) -> str:
    """PREDICT as a join with OPENJSON, whose WITH is the same but for NULL and COLLATE; column.WRITE(…) as the value of a
    function; no NOT ENFORCED; and names in quotes without what it cannot read in them, such as a doubled bracket."""
    found = {match.start(): match for match in PREDICT.finditer(piece.mask)}
    for word in re.finditer(r"(?<![\w@#$])PREDICT(?![\w@#$])", piece.mask, re.I):
        if word.start() not in found:
            piece.at(word.start(), "PREDICT does not have its documented form")
    text = piece.text
    for name in re.finditer(r"\[x+\]|\"x+\"", piece.mask):
        if re.search(r"\W", text[name.start() + 1 : name.end() - 1]):
            text = text[: name.start()] + name.group() + text[name.end() :]
    edits = [(match.start(), match.end(), "") for match in NOT_ENFORCED.finditer(piece.mask)]
    for start, match in found.items():
        data, model, columns = (text[slice(*match.span(name))] for name in ("data", "model", "with"))
        columns = re.sub(r"\s+(?:COLLATE\s+\w+|(?:NOT\s+)?NULL\b)", "", columns, flags=re.I)
        edits.append((start, match.end(), "%s CROSS APPLY OPENJSON(%s) %s" % (data, model, columns)))
    for match in WRITE.finditer(piece.mask):
        target, arguments = (text[slice(*match.span(group))] for group in (1, 2))
        edits.append((match.start(), match.end(), "%s = COALESCE%s" % (target, arguments)))
    for start, end, instead in sorted(edits, reverse=True):
        lines = text.count("\n", start, end) - instead.count("\n")
        text = text[:start] + instead + "\n" * lines + text[end:]
    return text


def for_microsoft(piece: Piece) -> str:
    text = piece.text
    for pattern in (TABLE_OPTIONS, NOT_ENFORCED):
        for match in pattern.finditer(piece.mask):
            text = text[: match.start()] + blank(match.group()) + text[match.end() :]
    return text
