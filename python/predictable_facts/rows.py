"""The rows that the original predicts: from the sample, checked, and rounded to what the columns hold."""

from __future__ import annotations

from typing import Any, Dict, Iterator, Mapping

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.columns import Column
from predictable_facts.frames import text_array

SAMPLE_LIMIT = 10_000
# Rows that are made up are the same every time.
SEED = 20261125
Rows = Dict[str, np.ndarray]


def sample_rows(
    columns: list[Column], sample: Mapping[str, np.ndarray], limit: int | None = SAMPLE_LIMIT
) -> tuple[Rows, list[dict[str, str]]]:
    """Rows by column: float64, int64, or text with None where it is missing. Raises NULL_VALUE."""
    warnings: list[dict[str, str]] = []
    total = len(next(iter(sample.values()))) if sample else 0
    if limit is not None and total > limit:
        message = f"the sample has {total:,} rows: the first {limit:,} are used"
        warnings.append({"code": "SAMPLE_TRUNCATED", "message": message})
    rows = {column.name: typed(column, sample[column.name][:limit]) for column in columns}
    return usable(columns, rows, warnings), warnings


def typed(column: Column, values: np.ndarray) -> np.ndarray:
    if column.text:
        return text_array([category_text(column, value) for value in values.tolist()])
    return values.astype(np.float64)


def category_text(column: Column, value: Any) -> str | None:
    """A column of codes kept as text comes out of a CSV file as numbers."""
    if is_missing(value):
        return None
    if isinstance(value, float) and value.is_integer() and str(value) not in (column.categories or []):
        return str(int(value))
    return str(value)


def usable(columns: list[Column], rows: Rows, warnings: list[dict[str, str]]) -> Rows:
    """Without the rows on which the original itself would fail; they prove nothing."""
    count = len(next(iter(rows.values())))
    keep = np.ones(count, dtype=bool)
    for column in columns:
        for bad, why in refused(column, rows[column.name]):
            if bad.any():
                message = f"{int(bad.sum())} of {count} sample rows are left out: column {column.name} {why}"
                warnings.append({"code": "SAMPLE_ROWS_LEFT_OUT", "message": message})
                keep &= ~bad
    if count and not keep.any():
        message = "No row of the sample can be predicted by the model: " + "; ".join(entry["message"] for entry in warnings)
        raise ConverterError("NULL_VALUE", message, "Give a sample with rows like those that the model was trained on.")
    kept = {name: values[keep] for name, values in rows.items()}
    whole = [column.name for column in columns if column.type == "int64" and not column.text]
    return {name: values.astype(np.int64) if name in whole else values for name, values in kept.items()}


def refused(column: Column, values: np.ndarray) -> Iterator[tuple[np.ndarray, str]]:
    missing = np.array([value is None for value in values], dtype=bool) if column.text else np.isnan(values)
    if not column.accepts_missing:
        yield missing, "is missing there, which the model does not take"
    if column.text and column.unknown == "error":
        known = set(column.categories or [])
        unknown = np.array([value is not None and value not in known for value in values], dtype=bool)
        yield unknown, "has a value there that the model has not seen"
    if not column.text and column.type == "int64":
        yield ~missing & (values != np.floor(values)), "is not a whole number there"
    if column.within is not None:
        low, high = column.within
        outside = ~missing & ((values < low) | (values > high))
        yield outside, f"is outside of {low:g} to {high:g} there, where the model stops"


def rounded(columns: list[Column], rows: Rows) -> tuple[Rows, bool]:
    """The rows with each number as its column can hold it, and whether rounding changed any number."""
    result, changed = dict(rows), False
    for column in columns:
        if column.type == "float" and not column.text:
            with np.errstate(over="ignore"):
                values = rows[column.name].astype(np.float32).astype(np.float64)
            # NumPy of Python 3.8's environments cannot count NaN as equal.
            missing = np.isnan(values) & np.isnan(rows[column.name])
            changed = changed or not bool(np.all(missing | (values == rows[column.name])))
            result[column.name] = values
    return result, changed


def joined(rows: Rows, more: Rows) -> Rows:
    """The rows of one table behind those of another with the same columns."""
    return {name: in_one(values, more[name]) for name, values in rows.items()}


def in_one(values: np.ndarray, more: np.ndarray) -> np.ndarray:
    return text_array(values.tolist() + more.tolist()) if values.dtype == object else np.concatenate([values, more])


def matrix(columns: list[Column], rows: Rows) -> np.ndarray:
    """Rows of numbers alone as [rows, columns]."""
    return np.column_stack([rows[column.name].astype(np.float64) for column in columns])


def is_missing(value: Any) -> bool:
    return value is None or isinstance(value, (float, np.floating)) and np.isnan(value)
