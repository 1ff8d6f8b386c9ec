"""SimpleImputer of double columns: the operator that skl2onnx takes has no double form."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.nodes import Nodes
from writing.registration import PREFIX, add


def register() -> None:
    from skl2onnx._supported_operators import sklearn_operator_name_map
    from skl2onnx.common._registration import get_converter, get_shape_calculator
    from skl2onnx.common.data_types import DoubleTensorType
    from sklearn.impute import SimpleImputer

    alias = sklearn_operator_name_map[SimpleImputer]
    if alias.startswith(PREFIX):
        return
    their_convert, shapes = get_converter(alias), get_shape_calculator(alias)

    def convert_either(nodes: Nodes, model: Any) -> None:
        if any(isinstance(source.type, DoubleTensorType) for source in nodes.operator.inputs):
            convert(nodes, model)
        else:
            their_convert(nodes.scope, nodes.operator, nodes.container)

    add(SimpleImputer, shapes, convert_either)


def convert(nodes: Nodes, model: Any) -> None:
    fillers = np.asarray(model.statistics_, dtype=np.float64)
    if np.isnan(fillers).any():
        raise NotImplementedError("it drops columns that were empty in training, which has no double form")
    rows, marker = nodes.rows(), model.missing_values
    # IsNaN has no double kernel in 1.12.1.
    present = nodes.emit("Equal", rows, rows) if np.isnan(marker) else nodes.emit("Not", nodes.emit("Equal", rows, float(marker)))
    nodes.deliver(nodes.emit("Where", present, rows, fillers.reshape(1, -1)))
