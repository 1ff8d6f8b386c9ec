"""SimpleImputer: of text it knows None and NaN, and of numbers any marker; the operator that skl2onnx takes knows neither, and no double."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_facts.columns import MISSING_TEXT, NONE_TEXT

from describing.column_uses import kept_columns
from describing.gaps import is_nan, is_pandas_na
from writing.nodes import Nodes
from writing.registration import add


def register() -> None:
    from sklearn.impute import SimpleImputer

    add(SimpleImputer, shapes, convert)


def shapes(operator: Any) -> None:
    """Text stays text and doubles double; whole numbers may be filled with a number that is none."""
    from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType, StringTensorType

    kinds = {type(source.type) for source in operator.inputs}
    whole = kinds == {Int64TensorType} and all(float(filler).is_integer() for filler in operator.raw_operator.statistics_)
    kind = next((each for each in (StringTensorType, DoubleTensorType) if each in kinds), Int64TensorType if whole else FloatTensorType)
    operator.outputs[0].type = kind([None, len(kept(operator.raw_operator))])


def kept(model: Any) -> list[int]:
    return kept_columns(model, list(range(len(model.statistics_))))


def convert(nodes: Nodes, model: Any) -> None:
    from skl2onnx.common.data_types import StringTensorType

    if isinstance(nodes.operator.outputs[0].type, StringTensorType):
        impute_text(nodes, model)
    else:
        impute_numbers(nodes, model)


def impute_text(nodes: Nodes, model: Any) -> None:
    from onnx import TensorProto

    names = [source.full_name for source in nodes.operator.inputs]
    joined = nodes.beside(names)
    marks = [mark.encode("utf-8") for mark in texts_of(model.missing_values)]
    missing: dict[str, Any] = {"keys_strings": marks, "values_int64s": [1] * len(marks), "default_int64": 0}
    parts = []
    for at in kept(model):
        column = nodes.column(joined, at)
        code = nodes.emit("LabelEncoder", column, domain="ai.onnx.ml", op_version=2, **missing)
        filled = np.array([[str(model.statistics_[at])]])
        parts.append(nodes.emit("Where", nodes.emit("Cast", code, to=TensorProto.BOOL), filled, column))
    nodes.emit("Concat", *parts, axis=1, result=nodes.operator.outputs[0].full_name)


def texts_of(marker: Any) -> list[str]:
    """What stands for it inside the graph; to pandas.NA all missing values are one."""
    if is_pandas_na(marker):
        return [MISSING_TEXT, NONE_TEXT]
    return [NONE_TEXT if marker is None else MISSING_TEXT if is_nan(marker) else str(marker)]


def impute_numbers(nodes: Nodes, model: Any) -> None:
    """In the type of the output."""
    element = nodes.output_types[0]
    parts = [nodes.emit("Cast", source.full_name, to=element) for source in nodes.operator.inputs]
    rows = nodes.beside(parts)
    places = kept(model)
    if len(places) < len(model.statistics_):
        rows = nodes.emit("Gather", rows, np.array(places), axis=1)
    fillers = np.nan_to_num(np.asarray(model.statistics_, dtype=np.float64)[places]).reshape(1, -1)
    present = nodes.present(rows, model.missing_values, element)
    nodes.emit("Identity", nodes.choose(present, rows, fillers, element), result=nodes.operator.outputs[0].full_name)
