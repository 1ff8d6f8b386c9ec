"""FunctionTransformer: skl2onnx knows it without a function only; here it may have one of numpy's."""

from __future__ import annotations

from typing import Any

from writing.formulas.elementwise import apply, double_emitter, is_known
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
    nodes, model = Nodes(scope, operator, container), operator.raw_operator
    nodes.deliver(apply(model.func, nodes.rows(), double_emitter(nodes), nodes.constant, model.kw_args or {}))
