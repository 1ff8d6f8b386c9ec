"""skl2onnx's converter of OrdinalEncoder, replaced: its own gives missing values the code of a category."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_facts.columns import MISSING_TEXT
from predictable_facts.rows import is_missing


def register() -> None:
    from skl2onnx import update_registered_converter
    from sklearn.preprocessing import OrdinalEncoder

    update_registered_converter(OrdinalEncoder, "SklearnOrdinalEncoder", shapes, convert, overwrite=True)


def shapes(operator: Any) -> None:
    from skl2onnx.common.data_types import FloatTensorType

    operator.outputs[0].type = FloatTensorType([None, len(operator.raw_operator.categories_)])


def convert(scope: Any, operator: Any, container: Any) -> None:
    """One LabelEncoder a column, from text or int64 to float; columns joined again."""
    from skl2onnx.common.data_types import Int64TensorType, StringTensorType
    from skl2onnx.proto import onnx_proto

    encoder, results = operator.raw_operator, []
    for at, source in enumerate(single_columns(scope, operator, container)):
        name, column_type = source
        categories = encoder.categories_[at]
        attributes = codes(encoder, at)
        if isinstance(column_type, StringTensorType):
            attributes["keys_strings"] = [str(value).encode("utf-8") for value in categories]
        elif isinstance(column_type, Int64TensorType):
            attributes["keys_int64s"] = [int(value) for value in categories]
        else:
            raise NotImplementedError("OrdinalEncoder takes text or whole numbers here, one input a column.")
        coded = scope.get_unique_variable_name("coded")
        operator_name = scope.get_unique_operator_name("LabelEncoder")
        container.add_node("LabelEncoder", name, coded, name=operator_name, op_domain="ai.onnx.ml", op_version=2, **attributes)
        results.append(coded)
    joined = scope.get_unique_variable_name("ordinals")
    concat_name = scope.get_unique_operator_name("Concat")
    container.add_node("Concat", results, joined, name=concat_name, axis=1, op_version=4)
    cast_name = scope.get_unique_operator_name("Cast")
    container.add_node("Cast", joined, operator.outputs[0].full_name, name=cast_name, to=onnx_proto.TensorProto.FLOAT, op_version=9)


def single_columns(scope: Any, operator: Any, container: Any) -> list[tuple[str, Any]]:
    """Each column as a `[N,1]` tensor; an imputer before it hands on a joined one."""
    from skl2onnx.proto import onnx_proto

    columns = []
    for source in operator.inputs:
        width = source.type.shape[1]
        if width == 1:
            columns.append((source.full_name, source.type))
            continue
        for place in range(width or len(operator.raw_operator.categories_)):
            index, column = scope.get_unique_variable_name("at"), scope.get_unique_variable_name("column")
            container.add_initializer(index, onnx_proto.TensorProto.INT64, [1], [place])
            operator_name = scope.get_unique_operator_name("Gather")
            container.add_node("Gather", [source.full_name, index], column, name=operator_name, axis=1, op_version=1)
            columns.append((column, source.type))
    return columns


def codes(encoder: Any, at: int) -> dict[str, Any]:
    categories = encoder.categories_[at]
    groups = getattr(encoder, "_default_to_infrequent_mappings", None) if getattr(encoder, "_infrequent_enabled", False) else None
    mapping = groups[at] if groups is not None and groups[at] is not None else np.arange(len(categories))
    values = [float(code) for code in mapping]
    values += [float(len(values) + extra) for extra in range(len(categories) - len(values))]
    for place, value in enumerate(categories):
        if is_missing(value) or isinstance(value, str) and value == MISSING_TEXT:
            values[place] = float(encoder.encoded_missing_value)
    unknown = encoder.unknown_value if encoder.handle_unknown == "use_encoded_value" else -1
    return {"values_floats": values, "default_float": float(unknown)}
