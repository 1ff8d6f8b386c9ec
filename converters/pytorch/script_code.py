"""TorchScript's own code in a file: Python's syntax, of which its writer uses a part, and which names torch's operators.

Text that torch could read otherwise than Python does here is refused, and so is every way to get at an operator other than by
its whole name: a module in a variable, a name that is computed, an operator as a method.
"""

from __future__ import annotations

import ast
import re
from typing import TypeGuard

from operators import computes, exists, is_packed

NODES = (
    ast.Module, ast.ClassDef, ast.FunctionDef, ast.arguments, ast.arg, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return,
    ast.If, ast.IfExp, ast.For, ast.While, ast.Break, ast.Continue, ast.Pass, ast.Assert, ast.Raise, ast.Delete, ast.With, ast.withitem,
    ast.Import, ast.alias, ast.Call, ast.keyword, ast.Starred, ast.Attribute, ast.Subscript, ast.Slice, ast.Name, ast.Constant, ast.List,
    ast.Tuple, ast.Dict, ast.Set, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.expr_context, ast.operator, ast.unaryop,
    ast.boolop, ast.cmpop,
)  # fmt: skip
MODULES = ("torch", "ops", "__torch__", "CONSTANTS")
# Functions that take a name; without a call of theirs they could be called by another one.
BY_NAME = ("getattr", "hasattr", "setattr")
# What Python and torch may read in two ways: other characters, continued lines, types in comments.
AMBIGUOUS = re.compile(r"[^\n -~]|\\\n|#[^\n]*type:")
PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)
# In a name; what else torch escapes it can't read itself.
ESCAPED = re.compile(r"\\(?![\"'\\])")


def complaint(code: bytes) -> str | None:
    """What in it is not plain computing, in words that follow the file's name."""
    try:
        text = code.decode("ascii")
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "holds code that is no TorchScript"
    ambiguous = AMBIGUOUS.search(text)
    if ambiguous:
        return f"holds code that no torch writes ({ambiguous[0][:20]!r})"
    parents = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    own = own_names(tree)
    for node in ast.walk(tree):
        found = None if id(node) in own else complaint_of(node, parents.get(id(node)), text)
        if found:
            return found
    return None


def own_names(tree: ast.Module) -> set[int]:
    """`self.name` in a method of a class that declares the name: torch looks there before it looks for an operator.

    What follows in a longer name is looked at as ever, and so is all of a method where self may be something else.
    """
    found: set[int] = set()
    for whole in tree.body:
        if not isinstance(whole, ast.ClassDef) or any(not isinstance(base, ast.Name) or base.id != "Module" for base in whole.bases):
            continue
        methods = [part for part in whole.body if isinstance(part, ast.FunctionDef) and part.args.args]
        fields = [part.target for part in whole.body if isinstance(part, ast.AnnAssign) and part.value is None]
        declared = {field.id for field in fields if isinstance(field, ast.Name)} | {method.name for method in methods}
        for method in methods:
            itself = method.args.args[0].arg
            inside = [node for node in ast.walk(method) if node is not method]
            if itself not in MODULES and not any(may_be_other(node, itself) for node in inside):
                found.update(id(node) for node in inside if is_own(node, itself, declared))
    return found


def is_own(node: ast.AST, itself: str, declared: set[str]) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == itself and node.attr in declared


def may_be_other(node: ast.AST, itself: str) -> bool:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return True
    return isinstance(node, ast.Name) and node.id == itself and not isinstance(node.ctx, ast.Load)


def complaint_of(node: ast.AST, parent: ast.AST | None, text: str) -> str | None:
    if not isinstance(node, NODES) or isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.decorator_list:
        return f"holds code that no torch writes ({type(node).__name__})"
    if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
        return "holds code that no torch writes (bytes)"
    if isinstance(node, ast.Import) and not all(alias.name.startswith("__torch__") and alias.asname is None for alias in node.names):
        return "imports a module"
    if isinstance(node, ast.Name) and node.id in BY_NAME:
        return None if isinstance(parent, ast.Call) and parent.func is node else f"hands on {node.id}"
    if isinstance(node, ast.Name) and node.id in MODULES:
        # Where it begins a whole name, that one is looked at.
        return None if is_base(node, parent) else f"hands on all of {node.id}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BY_NAME:
        named = len(node.args) >= 2 and isinstance(node.args[1], ast.Constant) and isinstance(node.args[1].value, str)
        if not named or "\\" in text and ESCAPED.search(ast.get_source_segment(text, node.args[1]) or "\\"):
            return f"calls {node.func.id} with a name that is computed or escaped"
    if (isinstance(node, ast.Attribute) or is_getattr(node)) and not is_base(node, parent):
        return complaint_of_name(node)
    return None


def complaint_of_name(node: ast.AST) -> str | None:
    root, names = whole_name(node)
    said = ".".join([root, *names])
    if root == "torch":
        return None if len(names) == 1 and PLAIN.fullmatch(names[0]) and may_call(f"aten::{names[0]}") else f"calls {said}"
    if root == "ops":
        return None if len(names) == 2 and all(map(PLAIN.fullmatch, names)) and may_call(f"{names[0]}::{names[1]}") else f"calls {said}"
    if root == "__torch__":
        foreign = names[:2] == ["torch", "classes"] and not is_packed(said)
        return f"uses the class {said}" if foreign or not all(map(PLAIN.fullmatch, names)) else None
    if root == "CONSTANTS":
        return None if len(names) == 1 else f"uses {said}"
    # Every operator is also a method of its first argument.
    return next((f"calls {name}" for name in names if not may_call(f"aten::{name}")), None)


def may_call(operator: str) -> bool:
    """One that torch does not have can't be called; it says so itself."""
    return computes(operator) or not exists(operator)


def is_base(node: ast.AST, parent: ast.AST | None) -> bool:
    """Whether a longer name goes on from here."""
    if isinstance(parent, ast.Attribute):
        return parent.value is node
    return parent is not None and is_getattr(parent) and parent.args[0] is node


def is_getattr(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BY_NAME and len(node.args) >= 2


def whole_name(node: ast.AST) -> tuple[str, list[str]]:
    """The variable or module that it begins with (empty for anything else), and the names that follow."""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif is_getattr(node):
            given = node.args[1]
            names.append(str(given.value) if isinstance(given, ast.Constant) else "?")
            node = node.args[0]
        else:
            return node.id if isinstance(node, ast.Name) else "", names[::-1]
