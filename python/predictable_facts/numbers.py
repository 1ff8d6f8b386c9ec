"""Numbers that a SQL column can hold: of its type, finite, and either zero or as large as the smallest normal number."""

from __future__ import annotations

from typing import Any, List

import numpy as np
from predictable_facts.columns import Column
from predictable_facts.thresholds import rounded_down

WHOLE = {"int64": np.int64, "int32": np.int32}


def holdable(column: Column, values: np.ndarray) -> np.ndarray:
    """Of float64 values, rounded to the column's type, those that the column can hold and the model takes."""
    with np.errstate(over="ignore"):
        if column.type in WHOLE:
            limit = 2.0**31 if column.type == "int32" else 2.0**63
            kept = values[np.isfinite(values) & (np.abs(values) < limit)]
            return within(column, np.rint(kept))
        held = values.astype(np.float32).astype(np.float64) if column.type == "float" else np.asarray(values, dtype=np.float64)
    smallest = np.finfo(np.float32 if column.type == "float" else np.float64).tiny
    return within(column, held[np.isfinite(held) & ((held == 0) | (np.abs(held) >= smallest))])


def within(column: Column, values: np.ndarray) -> np.ndarray:
    if column.within is None:
        return values
    low, high = column.within
    return values[(values >= low) & (values <= high)]


def around(column: Column, threshold: float) -> List[float]:
    """The largest number of the column's type up to a threshold, and its neighbours on both sides."""
    if column.type in WHOLE:
        at = np.floor(threshold)
        return list(holdable(column, np.array([at, at + 1, at - 1])))
    kind = np.float32 if column.type == "float" else np.float64
    at = kind(rounded_down(np.array([threshold]))[0]) if column.type == "float" else kind(threshold)
    with np.errstate(over="ignore", under="ignore"):
        sides = [at, step(at, np.inf), step(at, -np.inf)]
    return list(holdable(column, np.array(sides, dtype=np.float64)))


def step(value: Any, towards: float) -> Any:
    """The next number in that direction that is zero or normal: SQL has no others."""
    kind, tiny = type(value), np.finfo(type(value)).tiny
    following = np.nextafter(value, kind(towards))
    if following == 0 or abs(following) >= tiny:
        return following
    if abs(value) >= tiny:
        return kind(0)
    return kind(np.copysign(tiny, towards))
