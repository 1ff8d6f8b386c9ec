"""The rows that the original predicts: from the sample or made up, checked, and rounded to the column types."""

from __future__ import annotations

from typing import Any, Callable, Iterator, Mapping

import numpy as np

from predictable_bridge.errors import ConverterError
from predictable_bridge.frames import text_array
from predictable_bridge.tabular.columns import Column, check_sample

Rows = dict[str, np.ndarray]
# A made-up table is the same every time.
SEED = 20261125
# The share of made-up rows in which a column that may be missing is.
MISSING_SHARE = 0.08


def sample_rows(columns: list[Column], sample: Mapping[str, np.ndarray]) -> tuple[Rows, list[dict[str, str]]]:
    """Rows by column: float64, int64, or text with None where it is missing. Raises COLUMN_MISMATCH or NULL_VALUE."""
    check_sample([column.name for column in columns], list(sample))
    rows = {column.name: typed(column, sample[column.name]) for column in columns}
    count = len(next(iter(rows.values())))
    keep, warnings = np.ones(count, dtype=bool), []
    for column in columns:
        for bad, why in refused(column, rows[column.name]):
            if bad.any():
                message = f"{int(bad.sum())} of {count} sample rows are left out: column {column.name} {why}"
                warnings.append({"code": "SAMPLE_ROWS_LEFT_OUT", "message": message})
                keep &= ~bad
    if count and not keep.any():
        message = "No row of the sample can be predicted by the model: " + "; ".join(entry["message"] for entry in warnings)
        raise ConverterError("NULL_VALUE", message, "Give a sample with rows like those that the model was trained on.")
    return {column.name: whole(column, rows[column.name][keep]) for column in columns}, warnings


def made_up(columns: list[Column], count: int, number: Callable[[Column, np.random.Generator], np.ndarray]) -> Rows:
    """`number` makes the values of a column of numbers; categories are each of the known, and now and then one that is not.

    Numbers are such as their column holds: what rounding costs is only worth saying of real rows.
    """
    random, rows = np.random.default_rng(SEED), {}
    for column in columns:
        if column.categories is not None:
            known = column.categories + (["\u0001never seen"] if column.unknown == "zeros" else [])
            values = text_array([known[at % len(known)] for at in random.permutation(count)]) if known else text_array([None] * count)
        else:
            values = number(column, random)
            values = values if column.within is None else np.clip(values, *column.within)
            values = values.astype(np.float32) if column.type == "float" else values
            values = values.astype(np.int64 if column.type == "int64" else np.float64)
        if column.accepts_missing:
            values[random.random(count) < MISSING_SHARE] = None if column.text else np.nan
        rows[column.name] = values
    return rows


def rounded(columns: list[Column], rows: Rows) -> tuple[Rows, bool]:
    """Each number as its column can hold it, and whether that changed any."""
    result, changed = dict(rows), False
    for column in columns:
        if column.type == "float" and not column.text:
            with np.errstate(over="ignore"):
                values = rows[column.name].astype(np.float32).astype(np.float64)
            changed = changed or not np.array_equal(values, rows[column.name], equal_nan=True)
            result[column.name] = values
    return result, changed


def matrix(columns: list[Column], rows: Rows) -> np.ndarray:
    """Rows of numbers alone as [rows, columns]."""
    return np.column_stack([rows[column.name].astype(np.float64) for column in columns])


def typed(column: Column, values: np.ndarray) -> np.ndarray:
    if column.text:
        return text_array([category_text(column, value) for value in values.tolist()])
    if values.dtype == object:
        message = f"Column {column.name} holds text in the sample, where the model takes a number."
        raise ConverterError("COLUMN_MISMATCH", message, "Correct the sample: rows as the model was trained on them.")
    return values.astype(np.float64)


def category_text(column: Column, value: Any) -> str | None:
    """A column of codes kept as text comes out of a CSV file as numbers."""
    if value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer() and str(value) not in (column.categories or []):
        return str(int(value))
    return str(value)


def whole(column: Column, values: np.ndarray) -> np.ndarray:
    return values.astype(np.int64) if column.type == "int64" and not column.text else values


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
