"""The rows that the original predicts: from the sample, checked and rounded to the column types, in the form it was fitted on."""

from __future__ import annotations

from typing import Any, Iterator, Mapping

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_bridge.frames import text_array
from sklearn.compose import ColumnTransformer

from anatomy import every
from columns import Column, Plan
from knowledge import is_missing

SAMPLE_LIMIT = 10_000
Rows = dict[str, np.ndarray]


def sample_rows(plan: Plan, sample: Mapping[str, np.ndarray]) -> tuple[Rows, list[dict[str, str]]]:
    """Rows by column: float64, int64, or text with None where it is missing. Raises COLUMN_MISMATCH or NULL_VALUE."""
    warnings: list[dict[str, str]] = []
    total = len(next(iter(sample.values()))) if sample else 0
    if total > SAMPLE_LIMIT:
        message = f"the sample has {total:,} rows: the first {SAMPLE_LIMIT:,} are used"
        warnings.append({"code": "SAMPLE_TRUNCATED", "message": message})
    rows = {column.name: typed(column, sample[column.name][:SAMPLE_LIMIT]) for column in plan.columns}
    return usable(plan, rows, warnings), warnings


def typed(column: Column, values: np.ndarray) -> np.ndarray:
    if column.kind == "category":
        return text_array([category_text(column, value) for value in values.tolist()])
    return values.astype(np.float64)


def category_text(column: Column, value: Any) -> str | None:
    """A column of codes kept as text comes out of a CSV file as numbers."""
    if is_missing(value):
        return None
    if isinstance(value, float) and value.is_integer() and str(value) not in (column.categories or []):
        return str(int(value))
    return str(value)


def usable(plan: Plan, rows: Rows, warnings: list[dict[str, str]]) -> Rows:
    """Without the rows on which the original itself would fail; they prove nothing."""
    count = len(next(iter(rows.values())))
    keep = np.ones(count, dtype=bool)
    for column in plan.columns:
        for bad, why in refused(column, rows[column.name]):
            if bad.any():
                message = f"{int(bad.sum())} of {count} sample rows are left out: column {column.name} {why}"
                warnings.append({"code": "SAMPLE_ROWS_LEFT_OUT", "message": message})
                keep &= ~bad
    if count and not keep.any():
        message = "No row of the sample can be predicted by the model: " + "; ".join(entry["message"] for entry in warnings)
        raise ConverterError("NULL_VALUE", message, "Give a sample with rows like those that the model was trained on.")
    kept = {name: values[keep] for name, values in rows.items()}
    whole = [column.name for column in plan.columns if column.type == "int64" and column.kind == "number"]
    return {name: values.astype(np.int64) if name in whole else values for name, values in kept.items()}


def refused(column: Column, values: np.ndarray) -> Iterator[tuple[np.ndarray, str]]:
    category = column.kind == "category"
    missing = np.array([value is None for value in values], dtype=bool) if category else np.isnan(values)
    if not column.accepts_missing:
        yield missing, "is missing there, which the model does not take"
    if category and column.unknown == "error":
        known = set(column.categories or [])
        unknown = np.array([value is not None and value not in known for value in values], dtype=bool)
        yield unknown, "has a value there that the model has not seen"
    if not category and column.type == "int64":
        yield ~missing & (values != np.floor(values)), "is not a whole number there"


def rounded(plan: Plan, rows: Rows) -> tuple[Rows, bool]:
    """Each number as its column can hold it, and whether that changed any."""
    result, changed = dict(rows), False
    for column in plan.columns:
        if column.type == "float" and column.kind == "number":
            values = rows[column.name].astype(np.float32).astype(np.float64)
            changed = changed or not np.array_equal(values, rows[column.name], equal_nan=True)
            result[column.name] = values
    return result, changed


def native_input(model: Any, plan: Plan, rows: Rows) -> Any:
    """A DataFrame where names or text matter, else the matrix that scikit-learn would make of it."""
    count = len(next(iter(rows.values())))
    if not needs_frame(model, plan):
        matrix = np.full((count, plan.width), np.nan)
        for column in plan.columns:
            matrix[:, column.at] = rows[column.name]
        return matrix
    # Columns that the model never looks at are there and empty.
    arrays = [np.full(count, np.nan) for _ in range(plan.width)]
    for column in plan.columns:
        arrays[column.at] = native_values(column, rows[column.name])
    if plan.own is None:
        matrix = np.empty((count, plan.width), dtype=object)
        for at, values in enumerate(arrays):
            matrix[:, at] = values
        return matrix
    import pandas

    return pandas.DataFrame({name: pandas.Series(values, dtype=values.dtype) for name, values in zip(plan.own, arrays)})


def native_values(column: Column, values: np.ndarray) -> np.ndarray:
    if column.kind == "number":
        return values
    missing = None if column.none else np.nan
    return text_array([missing if value is None else value for value in values])


def needs_frame(model: Any, plan: Plan) -> bool:
    if any(column.kind == "category" for column in plan.columns):
        return True
    if plan.own is None:
        return False
    return any(wants_names(step) for step in every(model))


def wants_names(step: Any) -> bool:
    """ColumnTransformers pick by name, and a user's own code may do anything with a DataFrame."""
    if isinstance(step, ColumnTransformer) or type(step).__name__ == "FunctionTransformer":
        return True
    return not type(step).__module__.startswith("sklearn.")
