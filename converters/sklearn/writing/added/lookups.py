"""Lookups, which stand for encoders and the imputers before them: the place of each value among the keys, and what is made of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_facts.rows import is_missing

from preparing.lookups import Lookup, LookupColumn
from writing.nodes import Nodes
from writing.registration import add

# Above this many keys a number is looked up by itself, not held against each of them.
MOST_COMPARED = 64
# Beyond it doubles do not tell whole numbers apart, and a cast to int64 may not come back.
WHOLE_LIMIT = 2**53


def register() -> None:
    from skl2onnx import _parse

    if Lookup not in _parse.do_not_merge_columns:
        _parse.do_not_merge_columns = (*_parse.do_not_merge_columns, Lookup)
    add(Lookup, shapes, convert)


def shapes(operator: Any) -> None:
    from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType

    lookup = operator.raw_operator
    operator.outputs[0].type = (DoubleTensorType if lookup.double else FloatTensorType)([None, lookup.width])


def convert(nodes: Nodes, lookup: Lookup) -> None:
    parts = [made(nodes, column, *source) for column, source in zip(lookup.columns, sources(nodes), strict=True) if column.width]
    nodes.deliver(nodes.beside(parts))


def sources(nodes: Nodes) -> list[tuple[str, Any]]:
    """Each column as a tensor [N,1], with its type; an imputer before it hands on a joined one."""
    columns = []
    for source in nodes.operator.inputs:
        width = source.type.shape[1] or len(nodes.operator.raw_operator.columns)
        columns += [(source.full_name if width == 1 else nodes.column(source.full_name, at), source.type) for at in range(width)]
    return columns


def made(nodes: Nodes, column: LookupColumn, source: str, kind: Any) -> str:
    """[N, width] in the type of the output."""
    if column.places is not None:
        place = places(nodes, column, source, kind, column.places)
        hot = nodes.emit("OneHotEncoder", place, domain="ai.onnx.ml", cats_int64s=list(range(column.width)), zeros=1)
        return typed(nodes, column, hot)
    if column.table is None:
        raise AssertionError("a column has a table or places")
    place = places(nodes, column, source, kind, np.arange(len(column.keys) + 1))
    return typed(nodes, column, nodes.emit("Gather", column.table, place, axis=0))


def typed(nodes: Nodes, column: LookupColumn, result: str) -> str:
    """[N,1,width] → [N,width]."""
    return nodes.emit("Cast", nodes.emit("Reshape", result, np.array([-1, column.width])), to=nodes.output_types[0])


def places(nodes: Nodes, column: LookupColumn, source: str, kind: Any, of_keys: np.ndarray) -> str:
    """[N,1] of int64: for each value the place of its key in `of_keys`, the last of which is for a value that is no key."""
    from skl2onnx.common.data_types import Int64TensorType, StringTensorType

    *found, unknown = of_keys.tolist()
    if isinstance(kind, StringTensorType):
        return encoded(nodes, source, [str(key) for key in column.keys], found, unknown)
    if isinstance(kind, Int64TensorType):
        whole = [(int(key), at) for key, at in zip(column.keys, found) if not is_missing(key) and float(key).is_integer()]
        return encoded(nodes, source, [key for key, _ in whole], [at for _, at in whole], unknown)
    return number_places(nodes, column, source, kind, found, unknown)


def encoded(nodes: Nodes, source: str, keys: list[Any], found: list[int], unknown: int) -> str:
    text = bool(keys) and isinstance(keys[0], str)
    named: dict[str, Any] = {"keys_strings": [key.encode("utf-8") for key in keys]} if text else {"keys_int64s": keys}
    return nodes.emit("LabelEncoder", source, domain="ai.onnx.ml", op_version=2, **named, values_int64s=found, default_int64=unknown)


def number_places(nodes: Nodes, column: LookupColumn, source: str, kind: Any, found: list[int], unknown: int) -> str:
    """Of a column of float or double, which may hold NaN."""
    numbers = {float(key): at for key, at in zip(column.keys, found) if not is_missing(key)}
    of_missing = next((at for key, at in zip(column.keys, found) if is_missing(key)), unknown)
    many = len(numbers) > MOST_COMPARED and all(key.is_integer() and abs(key) < WHOLE_LIMIT for key in numbers)
    place = (whole_places if many else compared_places)(nodes, source, kind, numbers, unknown)
    return nodes.emit("Where", nodes.emit("Equal", source, source), place, np.array([[of_missing]]))


def whole_places(nodes: Nodes, source: str, kind: Any, numbers: dict[float, int], unknown: int) -> str:
    """One key after the other would be a table of rows by keys."""
    whole = nodes.int64(source)
    same = nodes.emit("Equal", source, nodes.emit("Cast", whole, to=element(kind)))
    place = encoded(nodes, whole, [int(key) for key in numbers], list(numbers.values()), unknown)
    return nodes.emit("Where", same, place, np.array([[unknown]]))


def compared_places(nodes: Nodes, source: str, kind: Any, numbers: dict[float, int], unknown: int) -> str:
    """The place of an unknown value, and how far the key that is equal, of which there is one at most, is from it."""
    keys = nodes.emit("Cast", np.array([list(numbers)], dtype=np.float64), to=element(kind))
    distances = np.array([list(numbers.values())], dtype=np.float64).T - unknown
    away = nodes.product(nodes.number(nodes.emit("Equal", source, keys)), distances)
    return nodes.int64(nodes.emit("Add", away, float(unknown)))


def element(kind: Any) -> int:
    from skl2onnx.common.data_types import guess_proto_type

    return guess_proto_type(kind)
