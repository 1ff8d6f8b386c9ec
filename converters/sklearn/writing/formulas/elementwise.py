"""Elementwise functions as ONNX operators: of FunctionTransformer, and of the target of TransformedTargetRegressor."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit, logit

from writing.nodes import Nodes

# Emits one operator: emit(op_type, inputs) -> the output's name; constant(value) -> a name.
Emit = Callable[[str, list[str]], str]
Constant = Callable[[float], str]

PLAIN = {
    np.log: "Log", np.exp: "Exp", np.sqrt: "Sqrt", np.abs: "Abs", np.negative: "Neg", np.reciprocal: "Reciprocal",
    np.sin: "Sin", np.cos: "Cos", np.tan: "Tan", np.tanh: "Tanh", np.floor: "Floor", np.ceil: "Ceil", np.sign: "Sign",
    np.arcsin: "Asin", np.arccos: "Acos", np.arctan: "Atan", np.sinh: "Sinh", np.cosh: "Cosh", np.arcsinh: "Asinh",
    np.arccosh: "Acosh", np.arctanh: "Atanh", np.rint: "Round", np.positive: "Identity", np.fabs: "Abs", expit: "Sigmoid",
}  # fmt: skip


def is_known(function: Any, options: Any = None) -> bool:
    """`options`: arguments by name."""
    if options:
        return function in WITH_OPTIONS and set(options) <= WITH_OPTIONS[function] and options.get("decimals", 0) == 0
    return function is None or function in PLAIN or function in COMPOSED


def apply(function: Any, name: str, emit: Emit, constant: Constant, options: Any = None) -> str:
    """The name of function(name)."""
    if function is None:
        return emit("Identity", [name])
    if function is np.clip:
        return clipped(name, emit, constant, **options)
    if function in PLAIN:
        return emit(PLAIN[function], [name])
    return COMPOSED[function](name, emit, constant)


def clipped(name: str, emit: Emit, constant: Constant, **bounds: Any) -> str:
    for key, operator in (("min", "Max"), ("max", "Min")):
        bound = bounds.get(key, bounds.get(f"a_{key}"))
        name = name if bound is None else emit(operator, [name, constant(float(bound))])
    return name


def truncated(name: str, emit: Emit, _: Constant) -> str:
    return emit("Mul", [emit("Sign", [name]), emit("Floor", [emit("Abs", [name])])])


def cube_root(name: str, emit: Emit, constant: Constant) -> str:
    return emit("Mul", [emit("Sign", [name]), emit("Pow", [emit("Abs", [name]), constant(1 / 3)])])


def scaled_by(factor: float) -> Callable[[str, Emit, Constant], str]:
    return lambda name, emit, constant: emit("Mul", [name, constant(factor)])


SINGLE = {"Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh"}
WITH_OPTIONS = {np.clip: {"a_min", "a_max", "min", "max"}, np.round: {"decimals"}, np.around: {"decimals"}}


COMPOSED: dict[Any, Callable[[str, Emit, Constant], str]] = {
    np.log1p: lambda name, emit, _: emit("Log1p", [name]),
    np.expm1: lambda name, emit, _: emit("Expm1", [name]),
    np.square: lambda name, emit, constant: emit("Mul", [name, name]),
    np.exp2: lambda name, emit, constant: emit("Exp", [emit("Mul", [name, constant(math.log(2))])]),
    np.cbrt: cube_root,
    np.trunc: truncated,
    np.fix: truncated,
    np.round: lambda name, emit, _: emit("Round", [name]),
    np.around: lambda name, emit, _: emit("Round", [name]),
    np.deg2rad: scaled_by(math.pi / 180),
    np.radians: scaled_by(math.pi / 180),
    np.rad2deg: scaled_by(180 / math.pi),
    np.degrees: scaled_by(180 / math.pi),
    logit: lambda name, emit, constant: emit("Log", [emit("Div", [name, emit("Sub", [constant(1.0), name])])]),
    np.log10: lambda name, emit, constant: emit("Mul", [emit("Log", [name]), constant(1 / math.log(10))]),
    np.log2: lambda name, emit, constant: emit("Mul", [emit("Log", [name]), constant(1 / math.log(2))]),
}


def double_emitter(nodes: Nodes) -> Emit:
    """Operators without a double kernel in some runtime by others, or in float32 where that only costs digits."""
    composed: dict[str, Callable[..., str]] = {
        "Log": nodes.log, "Log1p": nodes.log1p, "Expm1": nodes.expm1, "Cos": nodes.cosine, "Tanh": nodes.tanh, "Sigmoid": nodes.sigmoid, "Floor": nodes.floor,
        "Ceil": lambda name: nodes.emit("Neg", nodes.floor(nodes.emit("Neg", name))),
        "Tan": lambda name: nodes.emit("Div", nodes.emit("Sin", name), nodes.cosine(name)),
        "Reciprocal": lambda name: nodes.emit("Div", 1.0, name),
    }  # fmt: skip

    def emit(operator: str, inputs: list[str]) -> str:
        if operator in composed:
            return composed[operator](*inputs)
        return nodes.in_float(inputs[0], operator) if operator in SINGLE else nodes.emit(operator, *inputs)

    return emit
