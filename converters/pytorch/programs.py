"""What stands in the JSON of a torch.export program before torch reads it: it evaluates texts, and finds functions by name."""

from __future__ import annotations

import ast
import json
import re
from typing import Any, Iterator

from predictable_bridge.errors import ConverterError

from archive import INTACT_HINT, Archive
from safety import untrusted

TARGETS = re.compile(
    r"torch\.ops\.(?:aten|prims?|quantized|quantized_decomposed|torchvision|_c10d_functional|"
    r"higher_order\.(?:cond|while_loop|scan|map_impl|associative_scan|wrap_with_(?:set_grad_enabled|autocast)))\.?[\w.]*"
    r"|_operator\.(?:add|sub|mul|truediv|floordiv|mod|pow|neg|pos|abs|eq|ne|lt|le|gt|ge|and_|or_|not_|getitem|lshift|rshift)"
    r"|math\.(?:ceil|floor|trunc)|_?round|torch\._?sym_(?:int|float|not|max|min|ite|sqrt|sum)"
)
# Reads or writes any file.
FILE_TARGETS = re.compile(r"torch\.ops\.aten\.(?:from_file|save)\b.*")
OPAQUE = "opaque_obj"
# Of sympy and of torch's own functions of sizes: a call of another name is none of theirs.
FUNCTIONS = re.compile(r"[A-Z]\w*|ceiling|floor|sqrt|log|exp|len|bool|int|float|not_|max|min")
ATTRIBUTES = {"size", "stride", "dim", "shape", "ndim", "storage_offset", "dtype", "inf", "isnan", "isinf"}
SYNTAX = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Name, ast.Load, ast.Constant, ast.keyword, ast.Call,
    ast.Tuple, ast.List, ast.Subscript, ast.Attribute, ast.IfExp, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip


def check_programs(archive: Archive) -> None:
    """Raises UNTRUSTED_ARTIFACT for a text that is no plain arithmetic, or a function that is none of a network's."""
    for name in archive.names:
        if not name.endswith(".json") and not archive.head(name).lstrip().startswith(b"{"):
            continue
        try:
            document = json.loads(archive.read(name).decode("utf-8"))
        except (ValueError, RecursionError) as error:
            if not name.endswith(".json"):
                continue  # numbers that begin like JSON
            raise ConverterError("CORRUPT_MODEL", f"{archive.title}: {name} is no JSON: {error}.", INTACT_HINT) from error
        for key, text in texts(document):
            what = complaint(key, text)
            if what:
                raise untrusted(archive.title, f"{what} in {name}: {text[:80]!r}")


def complaint(key: str, text: str) -> str | None:
    if key in ("expr_str", "guards_code") and not is_arithmetic(text):
        return "has code where the size of an array should stand"
    if key == "target" and (not TARGETS.fullmatch(text) or FILE_TARGETS.fullmatch(text)):
        return "calls a function that networks do not need"
    if key == "path_name" and text.startswith(OPAQUE):
        return "holds an object of a class that only Python's own pickle reads"
    # A structure's context is JSON in JSON, and may name a module to import.
    if '"__enum__"' in text or "default_factory_module" in text and not re.search(r'module\W+builtins\W', text):
        return "names a module to import"
    return None


def texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        if "__enum__" in value:
            yield key, '"__enum__"'
        for name, inner in value.items():
            yield from texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, key)


def is_arithmetic(text: str) -> bool:
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(is_harmless(node) for node in ast.walk(tree))


def is_harmless(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        called = node.func
        return isinstance(called, ast.Attribute) or isinstance(called, ast.Name) and FUNCTIONS.fullmatch(called.id) is not None
    if isinstance(node, ast.Attribute):
        return node.attr in ATTRIBUTES
    if isinstance(node, ast.Name):
        return "__" not in node.id
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.fullmatch(r"\w+", node.value) is not None and "__" not in node.value
    return isinstance(node, SYNTAX)
