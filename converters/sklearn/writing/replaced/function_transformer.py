"""FunctionTransformer: skl2onnx knows it without a function only; here it may have one of numpy's."""

from __future__ import annotations

from typing import Any

from writing.formulas.elementwise import Constant, Emit, apply, double_emitter, is_known
from writing.nodes import Nodes


def register() -> None:
    from skl2onnx import update_registered_converter
    from sklearn.preprocessing import FunctionTransformer

    update_registered_converter(FunctionTransformer, "SklearnFunctionTransformer", same_shape, convert_function, overwrite=True)


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


def emitters(scope: Any, container: Any, input_type: Any) -> tuple[Emit, Constant]:
    def emit(operator: str, inputs: list[str]) -> str:
        result = scope.get_unique_variable_name(operator.lower())
        add(scope, container, operator, inputs, result)
        return result

    def constant(value: float) -> str:
        name = scope.get_unique_variable_name("constant")
        container.add_initializer(name, element(input_type), [1], [value])
        return name

    return emit, constant


def add(scope: Any, container: Any, operator: str, inputs: list[str], result: str) -> None:
    version = min(container.target_opset, 11 if operator == "Round" else 9)
    container.add_node(operator, inputs, result, name=scope.get_unique_operator_name(operator), op_version=version)


def element(input_type: Any) -> int:
    from skl2onnx.common.data_types import DoubleTensorType
    from skl2onnx.proto import onnx_proto

    return onnx_proto.TensorProto.DOUBLE if isinstance(input_type, DoubleTensorType) else onnx_proto.TensorProto.FLOAT
