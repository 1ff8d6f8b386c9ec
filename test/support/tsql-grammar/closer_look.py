"""What sqlfluff's tree shows beyond a parse: words that it took for names, and what a server refuses by its manual.

Stricter than a server where a misspelt keyword would be right: aliases need AS, and procedures EXEC.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pieces import Piece

# Built-in functions and types; one that is missing here can be added from Microsoft's reference.
WORDS = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))


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
    if segment.raw.upper() in ("TRUE", "FALSE") or (kind == "naked_identifier" and segment.raw.upper() == "THROW"):
        piece.add(line, "%s would be a name here" % segment.raw.upper())
    if kind == "cast_expression":
        piece.add(line, "%s is a cast of other dialects" % segment.raw)
    unended = before is not None and before.is_type("statement") and not before.raw.rstrip().endswith(";")
    if kind in ("throw_statement", "with_compound_statement") and unended:
        piece.add(line, "%s comes after a statement without a semicolon" % words[0])
    if kind == "statement" and words[0].startswith("("):
        piece.add(line, "a statement in parentheses, or something is missing before them")
    if kind.endswith("_reference") and words[0] == ".":
        piece.add(line, "a name begins with a dot")
    if kind == "function_name" and len(words) == 1 and words[0] not in WORDS["functions"]:
        piece.add(line, "%s is not among the built-in functions" % words[0])
    if kind == "data_type":
        check_type(piece, line, words)
    previous = before
    for part in segment.segments:
        if part.is_code and not part.is_meta:
            look_closer(piece, part, previous)
            previous = part


def check_type(piece: Piece, line: int, words: list[str]) -> None:
    name = words[0].strip("[]")
    if name not in WORDS["types"] and name not in WORDS["sizedTypes"]:
        piece.add(line, "%s is not among the built-in types" % name)
    if name in WORDS["types"] and len(words) > 1:
        piece.add(line, "%s has no size" % name)
