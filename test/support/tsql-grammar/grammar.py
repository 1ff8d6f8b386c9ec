"""Judges T-SQL by two grammars that are not ours: JSON strings on stdin, one a line; for each, its problems as JSON.

Microsoft's parser, of SQL Server 2017, knows the language, PREDICT too, but takes any word for an option (SET XACT_ABORT
YES). sqlfluff knows the options, but takes a misspelt keyword for an alias or a procedure. A text must please both.
"""

from __future__ import annotations

import json
import re
import sys

from closer_look import look_closer
from microsoft import ask_microsoft, prepare_service
from pieces import Piece, pieces_of
from rewrites import for_sqlfluff
from sqlfluff.core import FluffConfig, Linter

# Without the limits, it would skip long scripts; without `raw`, it would run {{ }} as a template.
SETTINGS = {"dialect": "tsql", "templater": "raw", "large_file_skip_byte_limit": 0, "large_file_skip_char_limit": 0}
linter = Linter(config=FluffConfig(overrides=SETTINGS))


def judge(texts: list[str]) -> list[list[str]]:
    pieces = [list(pieces_of(text)) for text in texts]
    # What is not closed would swallow what is parsed after it.
    sound = [piece for found in pieces for piece in found if not piece.problems and piece.text.strip()]
    for piece in sound:
        ask_sqlfluff(piece)
    ask_microsoft(sound)
    return [list(dict.fromkeys(problem for piece in found for problem in piece.problems)) for found in pieces]


def ask_sqlfluff(piece: Piece) -> None:
    parsed = linter.parse_string(for_sqlfluff(piece))
    for violation in parsed.violations:
        # Its own line is that of the piece, and what it expected instead is the whole grammar.
        said = re.sub(r"^Line \d+, Position \d+: |(?<='|\")\. Expected: .*$", "", violation.desc(), flags=re.S)
        piece.add(violation.line_no - 1, "sqlfluff: %s" % said)
    if not parsed.violations:
        look_closer(piece, parsed.tree)


prepare_service()

if __name__ == "__main__":
    for problems in judge([json.loads(line) for line in sys.stdin]):
        print(json.dumps(problems))
