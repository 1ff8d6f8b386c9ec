"""Numbers that a SQL column can hold: of its type, finite, and either zero or as large as the smallest normal number."""

from __future__ import annotations

from typing import List

import numpy as np
from predictable_facts.columns import Column
from predictable_facts.thresholds import rounded_down

WHOLE = {"int64": np.int64, "int32": np.int32}


def holdable(column: Column, values: np.ndarray) -> np.ndarray:
    """Of float64 values, rounded to the column's type, those that the column can hold and the model takes."""
    with np.errstate(over="ignore"):
        held = np.rint(values) if column.type in WHOLE else values.astype(kind_of(column)).astype(np.float64)
    return np.asarray(held[can_hold(column, held)])


def can_hold(column: Column, values: np.ndarray) -> np.ndarray:
    """A mask of values that are of the column's type, as float64."""
    if column.type in WHOLE:
        possible: np.ndarray = np.abs(values) < (2.0**31 if column.type == "int32" else 2.0**63)
    else:
        possible = np.isfinite(values) & ((values == 0) | (np.abs(values) >= np.finfo(kind_of(column)).tiny))
    if column.within is not None:
        low, high = column.within
        possible &= (values >= low) & (values <= high)
    return possible


def around(column: Column, thresholds: np.ndarray) -> List[List[float]]:
    """For each threshold the largest number of the column's type up to it, and its neighbours on both sides."""
    if column.type in WHOLE:
        at = np.floor(thresholds)
        sides = [at, at + 1, at - 1]
    else:
        at = (rounded_down(thresholds) if column.type == "float" else thresholds).astype(kind_of(column))
        sides = [side.astype(np.float64) for side in (at, beside(at, np.inf), beside(at, -np.inf))]
    table = np.column_stack(sides)
    return [row[possible].tolist() for row, possible in zip(table, can_hold(column, table))]


def beside(values: np.ndarray, towards: float) -> np.ndarray:
    """The next numbers in that direction that are zero or normal: SQL has no others."""
    tiny = np.finfo(values.dtype).tiny
    with np.errstate(over="ignore", under="ignore"):
        following = np.nextafter(values, values.dtype.type(towards))
    normal = (following == 0) | (np.abs(following) >= tiny)
    return np.where(normal, following, np.where(np.abs(values) >= tiny, 0, np.copysign(tiny, towards))).astype(values.dtype)


def kind_of(column: Column) -> type:
    return np.float32 if column.type == "float" else np.float64
