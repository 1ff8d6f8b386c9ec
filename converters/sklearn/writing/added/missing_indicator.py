"""MissingIndicator: a mark for each column that had missing values in training."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.nodes import Nodes
from writing.registration import add


def register() -> None:
    from sklearn.impute import MissingIndicator

    add(MissingIndicator, shapes, convert)


def shapes(operator: Any) -> None:
    source = operator.inputs[0].type
    operator.outputs[0].type = source.__class__([source.shape[0], len(operator.raw_operator.features_)])


def convert(nodes: Nodes, model: Any) -> None:
    if len(nodes.operator.inputs) != 1 or not np.isnan(model.missing_values):
        raise NotImplementedError("it is converted for NaN in one table of numbers only")
    source = nodes.operator.inputs[0].full_name
    # IsNaN has no double kernel.
    marks = nodes.emit("Cast", nodes.emit("Not", nodes.emit("Equal", source, source)), to=nodes.output_types[0])
    nodes.emit("Gather", marks, np.asarray(model.features_), axis=1, result=nodes.operator.outputs[0].full_name)
