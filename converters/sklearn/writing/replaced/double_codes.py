"""Encoders whose codes are float hand them on as double where the steps behind them compute in it."""

from __future__ import annotations

from typing import Any

from writing.arithmetic import float_type
from writing.nodes import Nodes
from writing.registration import add_as


def register() -> None:
    """The last of all: it stands before whichever converter an encoder has."""
    from skl2onnx._supported_operators import sklearn_operator_name_map
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

    for cls in (OneHotEncoder, OrdinalEncoder):
        before(cls, sklearn_operator_name_map[cls])


def before(cls: type, alias: str) -> None:
    from skl2onnx.common._registration import get_shape_calculator
    from skl2onnx.common.data_types import FloatTensorType

    own = f"Double{cls.__name__}"
    if alias == own:
        return
    their_shapes = get_shape_calculator(alias)

    def shapes(operator: Any) -> None:
        their_shapes(operator)
        (output,) = operator.outputs
        if isinstance(output.type, FloatTensorType):
            output.type = float_type(output.type)(output.type.shape)

    def convert(nodes: Nodes, model: Any) -> None:
        called = nodes.scope.declare_local_operator(alias, model)
        called.inputs = nodes.operator.inputs
        called.outputs.append(nodes.scope.declare_local_variable("d_codes", FloatTensorType()))
        nodes.deliver(called.outputs[0].full_name)

    add_as(own, cls, shapes, convert)
