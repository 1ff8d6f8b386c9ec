"""Reads and writes frame files, the form in which rows cross between the orchestrator and a converter.

`<base>.json` says rows, names and types and holds the text columns; `<base>.bin` holds the numeric columns one after
the other, little-endian, each padded to 8 bytes. Missing text is null in the file; missing numbers are NaN.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Dict, Mapping

import numpy as np

if TYPE_CHECKING:
    import pandas

DTYPES = {"float": "<f4", "double": "<f8", "int32": "<i4", "int64": "<i8", "bool": "u1"}
ALIGNMENT = 8


def read_columns(base: str) -> Dict[str, np.ndarray]:
    """The columns by name, in the file's order; each of shape [rows]. Text is an object array with None where it is missing."""
    with open(f"{base}.json", encoding="utf-8") as file:
        header = json.load(file)
    with open(f"{base}.bin", "rb") as file:
        content = file.read()
    rows, offset, columns = header["rows"], 0, {}
    for column in header["columns"]:
        if column["type"] == "string":
            columns[column["name"]] = text_array(column.get("values", []))
            continue
        values = np.frombuffer(content, DTYPES[column["type"]], rows, offset)
        columns[column["name"]] = values.astype(bool) if column["type"] == "bool" else values
        offset += values.nbytes + padding(values.nbytes)
    return columns


def read_frame(base: str) -> "pandas.DataFrame":
    """The same as a DataFrame; text columns are object columns with NaN where it is missing."""
    import pandas

    columns = {}
    for name, values in read_columns(base).items():
        if values.dtype == object:
            values = text_array([np.nan if value is None else value for value in values])  # noqa: PLW2901
        columns[name] = pandas.Series(values, dtype=values.dtype)
    return pandas.DataFrame(columns)


def write_frame(base: str, columns: Mapping[str, Any]) -> None:
    """Writes columns of equal length: numpy arrays of numbers, bool or text (None or NaN where it is missing)."""
    header, parts, rows = [], [], 0
    for name, column in columns.items():
        values = np.asarray(column)
        rows = len(values)
        if values.dtype.kind in "OUT":
            header.append({"name": name, "type": "string", "values": [plain_text(value) for value in values]})
            continue
        kind, values = storable(values)
        header.append({"name": name, "type": kind})
        content = values.tobytes()
        parts.append(content + b"\0" * padding(len(content)))
    with open(f"{base}.bin", "wb") as file:
        file.write(b"".join(parts))
    with open(f"{base}.json", "w", encoding="utf-8") as file:
        json.dump({"rows": rows, "columns": header}, file, ensure_ascii=False, allow_nan=False)


def storable(values: np.ndarray) -> "tuple[str, np.ndarray]":
    """The frame type of a numeric array, and the array as it is written."""
    kind, size = values.dtype.kind, values.dtype.itemsize
    if kind == "b":
        return "bool", values.astype("u1")
    if kind == "f":
        name = "float" if size <= 4 else "double"
    elif kind in "iu":
        name = "int32" if size < 4 or (kind == "i" and size == 4) else "int64"
    else:
        raise TypeError(f"a frame cannot hold values of type {values.dtype}")
    return name, np.ascontiguousarray(values, dtype=DTYPES[name])


def text_array(values: "list[Any]") -> np.ndarray:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def plain_text(value: Any) -> "str | None":
    missing = value is None or (isinstance(value, float) and value != value)
    return None if missing else str(value)


def padding(size: int) -> int:
    return (ALIGNMENT - size % ALIGNMENT) % ALIGNMENT
