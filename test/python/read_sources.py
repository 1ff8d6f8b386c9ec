"""What Python files say of themselves, as JSON: imports, the codes of their errors, and the fields of their TypedDicts.

    python read_sources.py FOLDER...

Nothing of them is imported or executed.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from typing import Any, Iterator


def main(folders: list[str]) -> None:
    files = sorted(file for folder in folders for file in python_files(folder))
    json.dump({file: facts(file) for file in files}, sys.stdout)


def python_files(folder: str) -> Iterator[str]:
    for place, _, names in os.walk(folder):
        yield from (os.path.join(place, name) for name in names if name.endswith(".py"))


def facts(file: str) -> dict[str, Any]:
    with open(file, encoding="utf-8") as source:
        tree = ast.parse(source.read(), file)
    only_types = {id(node) for block in ast.walk(tree) if checks_types(block) for each in block.body for node in ast.walk(each)}
    nodes = list(ast.walk(tree))
    return {
        "imports": [{**found, "typesOnly": id(node) in only_types} for node in nodes for found in imports(node)],
        "errors": [error for node in nodes for error in errors(node)],
        "dictionaries": dict(pair for node in nodes for pair in dictionaries(node)),
    }


def checks_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def imports(node: ast.AST) -> Iterator[dict[str, Any]]:
    """`names`: what is taken of the module, which may be modules themselves."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield {"line": node.lineno, "module": alias.name, "names": []}
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        yield {"line": node.lineno, "module": module, "names": [alias.name for alias in node.names]}


def errors(node: ast.AST) -> Iterator[dict[str, Any]]:
    """Calls of ConverterError, and error documents: every text that the code may be, and every text that the next step may be."""
    if isinstance(node, ast.Dict):
        pairs = {key.value: value for key, value in zip(node.keys, node.values) if isinstance(key, ast.Constant)}
        # A warning has a code as well, but no hint.
        if {"code", "message", "hint"} <= set(pairs):
            yield {"line": node.lineno, "codes": texts(pairs["code"]), "next": texts(pairs.get("next"))}
    if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "ConverterError":
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        code = node.args[0] if node.args else keywords.get("code")
        yield {"line": node.lineno, "codes": texts(code), "next": texts(keywords.get("next"))}


def texts(node: ast.AST | None) -> list[str]:
    """The text, or of `one if … else other` both; empty where it is known at run time only."""
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def dictionaries(node: ast.AST) -> Iterator[tuple[str, list[str]]]:
    if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "TypedDict" for base in node.bases):
        yield node.name, [each.target.id for each in node.body if isinstance(each, ast.AnnAssign)]


if __name__ == "__main__":
    main(sys.argv[1:])
