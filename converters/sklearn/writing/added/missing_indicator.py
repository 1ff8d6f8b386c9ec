"""MissingIndicator: a mark for each column that had missing values in training."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.arithmetic import float_type
from writing.nodes import Nodes
from writing.registration import add, row_count


def register() -> None:
    from sklearn.impute import MissingIndicator

    add(MissingIndicator, shapes, convert)


def shapes(operator: Any) -> None:
    source = operator.inputs[0].type
    operator.outputs[0].type = float_type(source)([row_count(source), len(operator.raw_operator.features_)])


def convert(nodes: Nodes, model: Any) -> None:
    from skl2onnx.common.data_types import StringTensorType

    if len(nodes.operator.inputs) != 1 or isinstance(nodes.operator.inputs[0].type, StringTensorType):
        raise NotImplementedError("it is converted for one table of numbers only")
    source = nodes.operator.inputs[0]
    missing = nodes.emit("Not", nodes.present(source.full_name, model.missing_values, guess(source)))
    marks = nodes.emit("Cast", missing, to=nodes.output_types[0])
    nodes.emit("Gather", marks, np.asarray(model.features_), axis=1, result=nodes.operator.outputs[0].full_name)


def guess(source: Any) -> int:
    from skl2onnx.common.data_types import guess_proto_type

    return guess_proto_type(source.type)
