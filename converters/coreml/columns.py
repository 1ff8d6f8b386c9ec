"""Columns of a CoreML model's inputs: a number is one, a vector is as many as it is long."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.columns import Column, unique
from predictable_facts.request import Request
from predictable_facts.sample import column_names

from spec import title_of

WHAT = {"stringType": "text", "imageType": "an image", "dictionaryType": "a dictionary", "sequenceType": "a sequence"}


@dataclass
class Input:
    tensor: str
    columns: list[Column]


def plan_inputs(spec: Any, request: Request) -> list[Input]:
    """Raises UNSUPPORTED_MODEL, or what naming the columns of vectors raises."""
    features = list(spec.description.input)
    widths = [width(feature, request) for feature in features]
    if all(feature.type.WhichOneof("Type") != "multiArrayType" for feature in features):
        names = column_names(title_of(spec), request, own=[feature.name for feature in features])
    elif request["columns"] is None and request["sample"] is None and len(features) > 1:
        names = unique([name for feature, count in zip(features, widths) for name in numbered(feature.name, count)])
    else:
        names = column_names(title_of(spec), request, count=sum(widths))
    inputs, at = [], 0
    for feature, count in zip(features, widths):
        inputs.append(Input(feature.name, [column(feature, name, place) for place, name in enumerate(names[at : at + count], at)]))
        at += count
    return inputs


def input_facts(inputs: list[Input]) -> list[dict[str, Any]]:
    return [{"tensor": given.tensor, "columns": [column.name for column in given.columns]} for given in inputs]


def column_types(inputs: list[Input]) -> list[tuple[str, Any]]:
    """Without these, onnxmltools takes one row at a time."""
    from onnxmltools.convert.common.data_types import FloatTensorType, Int64TensorType

    types = []
    for given in inputs:
        kind = Int64TensorType if given.columns[0].type == "int64" else FloatTensorType
        types.append((given.tensor, kind([None, len(given.columns)])))
    return types


def column(feature: Any, name: str, at: int) -> Column:
    kind = feature.type.WhichOneof("Type")
    return Column(name, at, "number", "int64" if kind == "int64Type" else "float", False)


def width(feature: Any, request: Request) -> int:
    kind = feature.type.WhichOneof("Type")
    if kind in ("doubleType", "int64Type"):
        return 1
    name = os.path.basename(request["path"])
    if kind != "multiArrayType":
        message = f"{name} takes {WHAT.get(kind, kind)} as {feature.name}: columns of numbers are converted."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Use a model of numbers.")
    shape = list(feature.type.multiArrayType.shape)
    if len(shape) != 1 or shape[0] < 1:
        message = f"{name} takes an array of shape {shape} as {feature.name}; columns make a vector."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Use a model whose input is one vector.")
    return shape[0]


def numbered(name: str, count: int) -> list[str]:
    return [name] if count == 1 else [f"{name}_{at + 1}" for at in range(count)]
