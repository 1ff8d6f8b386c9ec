"""The texts of sizes in a program, which torch evaluates: arithmetic of names and numbers that ends soon, and nothing else."""

from __future__ import annotations

import ast
import re

# Of sympy and of torch's own functions of sizes, as they write them.
FUNCTIONS = frozenset(
    """
    Abs Add And BitwiseFn_bitwise_and BitwiseFn_bitwise_or BitwiseFn_bitwise_xor BooleanFalse BooleanTrue CeilDiv CeilToInt CleanDiv Eq
    Equality Float FloatPow FloatTrueDiv FloorDiv FloorToInt Ge GreaterThan Gt ITE Identity IntTrueDiv Integer
    IsNonOverlappingAndDenseIndicator LShift Le LessThan Lt Max Min Mod ModularIndexing Mul Ne Not Or Piecewise Pow PowByNatural PythonMod
    RShift Rational RoundDecimal RoundToInt StrictGreaterThan StrictLessThan Symbol ToFloat TruncToFloat TruncToInt Unequality Where Xor
    ceiling floor sqrt log exp len bool int float not_ max min
    """.split()
)
# What torch writes for the functions of sizes that stay closed to sympy.
UNARY = re.compile(r"OpaqueUnaryFn_[a-z0-9]+", re.ASCII)
ATTRIBUTES = {"size", "stride", "dim", "shape", "ndim", "storage_offset", "dtype", "inf", "isnan", "isinf"}
SYNTAX = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Name, ast.Load, ast.Constant, ast.keyword, ast.Call,
    ast.Tuple, ast.List, ast.Subscript, ast.Attribute, ast.IfExp, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip
POWERS = {"Pow", "PowByNatural", "FloatPow", "LShift", "exp"}
# Of sizes none is greater; a text of torch itself comes to far less in all.
MOST_BITS = 64
MOST_BITS_IN_ALL = 2**16
# A name, or a number of no more digits and of no greater exponent than torch writes for one.
TEXT = re.compile(r"[A-Za-z_]\w*|[-+]?\d{1,40}(?:\.\d{0,40})?(?:e[-+]?\d{1,3})?", re.ASCII)

# Of an input in a dictionary: torch writes it between quotes.
KEY = re.compile(r"[\w .+:/-]*")


def is_arithmetic(text: str) -> bool:
    try:
        tree = ast.parse(text.strip(), mode="eval")
        keys = {id(node.slice) for node in ast.walk(tree) if isinstance(node, ast.Subscript) and is_key(node.slice)}
        return all(id(node) in keys or is_harmless(node) for node in ast.walk(tree)) and bits(tree.body) <= MOST_BITS_IN_ALL
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def is_key(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value) is not None


def is_harmless(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) or isinstance(node.func, ast.Name) and is_function(node.func.id, node)
    if isinstance(node, ast.Attribute):
        return node.attr in ATTRIBUTES
    if isinstance(node, ast.Name):
        return "__" not in node.id
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return TEXT.fullmatch(node.value) is not None and "__" not in node.value
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value.bit_length() <= MOST_BITS
    if isinstance(node, ast.BinOp):
        # Of a text or a list it would be as many copies.
        return not any(isinstance(side, (ast.List, ast.Tuple)) or is_text(side) for side in (node.left, node.right))
    return isinstance(node, SYNTAX)


def is_function(name: str, call: ast.Call) -> bool:
    if name == "Float":
        # How exact it is to be.
        return all(exponent(given) <= MOST_BITS + 1 for given in [*call.args[1:], *(each.value for each in call.keywords)])
    return name in FUNCTIONS or UNARY.fullmatch(name) is not None


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))


def bits(node: ast.AST) -> int:
    """Of the greatest number that it can come to, never too few: a product has those of its factors, a power as many times more."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Pow, ast.LShift)):
        return bits(node.left) * exponent(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in POWERS and node.args:
        return sum(map(bits, node.args[:-1]), MOST_BITS) * exponent(node.args[-1])
    if isinstance(node, (ast.Constant, ast.Name, ast.keyword)):
        return MOST_BITS
    return max(1, sum(bits(inner) for inner in ast.iter_child_nodes(node)))


def exponent(node: ast.AST) -> int:
    """A small number as it stands, or one by another; anything else is more than any power may have."""
    if isinstance(node, ast.UnaryOp):
        return exponent(node.operand)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return max(exponent(node.left), exponent(node.right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Integer", "Float", "Rational") and node.args:
        return max(exponent(given) for given in node.args)
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and abs(node.value) <= MOST_BITS:
        return max(1, round(abs(node.value) + 0.5))
    return MOST_BITS_IN_ALL + 1
