"""Elementwise functions as ONNX operators: of FunctionTransformer, and of the target of TransformedTargetRegressor."""

from __future__ import annotations

import math
from typing import Any, Callable

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
    np.log1p: lambda name, emit, constant: emit("Log", [emit("Add", [name, constant(1.0)])]),
    np.expm1: lambda name, emit, constant: emit("Sub", [emit("Exp", [name]), constant(1.0)]),
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


def register() -> None:
    from skl2onnx import update_registered_converter
    from sklearn.impute import MissingIndicator
    from sklearn.preprocessing import FunctionTransformer

    update_registered_converter(
        FunctionTransformer, "SklearnFunctionTransformer", same_shape, convert_function, overwrite=True
    )
    update_registered_converter(
        MissingIndicator, "PredictableMissingIndicator", indicator_shape, convert_indicator, overwrite=True
    )


def same_shape(operator: Any) -> None:
    function = operator.raw_operator.func
    if not is_known(function, operator.raw_operator.kw_args):
        name = getattr(function, "__name__", str(function))
        raise NotImplementedError(f"its function {name} is not one of numpy's that ONNX has")
    source = operator.inputs[0].type
    widths = [value.type.shape[1] for value in operator.inputs]
    operator.outputs[0].type = source.__class__([source.shape[0], None if None in widths else sum(widths)])


def convert_function(scope: Any, operator: Any, container: Any) -> None:
    from skl2onnx.proto import onnx_proto

    emit, constant = emitters(scope, container, operator.inputs[0].type)
    names = [value.full_name for value in operator.inputs]
    source = names[0]
    if len(names) > 1:
        source = scope.get_unique_variable_name("joined")
        concat_name = scope.get_unique_operator_name("Concat")
        container.add_node("Concat", names, source, name=concat_name, axis=1, op_version=4)
    options = operator.raw_operator.kw_args or {}
    if element(operator.inputs[0].type) == onnx_proto.TensorProto.DOUBLE:
        nodes = Nodes(scope, operator, container)
        nodes.deliver(apply(operator.raw_operator.func, source, double_emitter(nodes), nodes.constant, options))
        return
    result = apply(operator.raw_operator.func, source, emit, constant, options)
    add(scope, container, "Identity", [result], operator.outputs[0].full_name)


def double_emitter(nodes: Nodes) -> Emit:
    """Operators without a double kernel in some runtime by others, or in float32 where that only costs digits."""
    composed = {
        "Log": nodes.log, "Cos": nodes.cosine, "Tanh": nodes.tanh, "Sigmoid": nodes.sigmoid, "Floor": nodes.floor,
        "Ceil": lambda name: nodes.emit("Neg", nodes.floor(nodes.emit("Neg", name))),
        "Tan": lambda name: nodes.emit("Div", nodes.emit("Sin", name), nodes.cosine(name)),
        "Reciprocal": lambda name: nodes.emit("Div", 1.0, name),
    }  # fmt: skip

    def emit(operator: str, inputs: list[str]) -> str:
        if operator in composed:
            return composed[operator](*inputs)
        return nodes.single(inputs[0], operator) if operator in SINGLE else nodes.emit(operator, *inputs)

    return emit


def indicator_shape(operator: Any) -> None:
    source = operator.inputs[0].type
    operator.outputs[0].type = source.__class__([source.shape[0], len(operator.raw_operator.features_)])


def convert_indicator(scope: Any, operator: Any, container: Any) -> None:
    indicator = operator.raw_operator
    if len(operator.inputs) != 1 or not np.isnan(indicator.missing_values):
        raise NotImplementedError("it is converted for NaN in one table of numbers only")
    nodes, source = Nodes(scope, operator, container), operator.inputs[0].full_name
    # IsNaN has no double kernel.
    marks = nodes.emit("Cast", nodes.emit("Not", nodes.emit("Equal", source, source)), to=nodes.output_types[0])
    nodes.emit("Gather", marks, np.asarray(indicator.features_), axis=1, result=operator.outputs[0].full_name)


def emitters(scope: Any, container: Any, kind: Any) -> tuple[Emit, Constant]:
    def emit(operator: str, inputs: list[str]) -> str:
        result = scope.get_unique_variable_name(operator.lower())
        add(scope, container, operator, inputs, result)
        return result

    def constant(value: float) -> str:
        name = scope.get_unique_variable_name("constant")
        container.add_initializer(name, element(kind), [1], [value])
        return name

    return emit, constant


def add(scope: Any, container: Any, operator: str, inputs: list[str], result: str) -> None:
    version = min(container.target_opset, 11 if operator == "Round" else 9)
    container.add_node(operator, inputs, result, name=scope.get_unique_operator_name(operator), op_version=version)


def element(kind: Any) -> int:
    from skl2onnx.common.data_types import DoubleTensorType
    from skl2onnx.proto import onnx_proto

    return onnx_proto.TensorProto.DOUBLE if isinstance(kind, DoubleTensorType) else onnx_proto.TensorProto.FLOAT
