"""The numbers that a column can hold, in their order: bit patterns as whole numbers, so that they can be bisected."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_facts.columns import Column

# Of a type: its NumPy type, and the whole number of the same width.
PATTERNS: dict[str, tuple[Any, Any]] = {"float": (np.float32, np.int32), "double": (np.float64, np.int64)}
# Whole numbers reach scikit-learn's arithmetic as doubles; these are the last within int64.
LARGEST_WHOLE = float(2**63 - 1024)


def kind_of(column: Column) -> str:
    """Whether a column's numbers are those of float32, or of double."""
    return "float" if column.type == "float" else "double"


def places(values: np.ndarray, kind: str) -> np.ndarray:
    """The place of each number among those of the type, as int64: neighbours differ by one; −0 stands just below 0."""
    number, whole = PATTERNS[kind]
    bits = np.ascontiguousarray(values, dtype=number).view(whole).astype(np.int64)
    lowest = np.int64(np.iinfo(whole).min)
    return np.where(bits >= 0, bits, lowest - bits - 1)


def numbers(at: np.ndarray, kind: str) -> np.ndarray:
    """The numbers at these places, as float64."""
    number, whole = PATTERNS[kind]
    lowest = np.int64(np.iinfo(whole).min)
    bits = np.where(at >= 0, at, lowest - at - 1).astype(whole)
    return bits.view(number).astype(np.float64)


def ends(column: Column) -> tuple[int, int]:
    """The places of the lowest and of the highest finite number of a column."""
    kind = kind_of(column)
    largest = LARGEST_WHOLE if column.type == "int64" else float(np.finfo(PATTERNS[kind][0]).max)
    low, high = places(np.array([-largest, largest]), kind)
    return int(low), int(high)


def middle(low: Any, high: Any) -> Any:
    """Between two places, without overflow; the lower one of neighbours."""
    return (low & high) + ((low ^ high) >> 1)


def rounded_down(values: np.ndarray, kind: str) -> np.ndarray:
    """The largest number of the type not above each value, as float64."""
    if kind == "double":
        return np.asarray(values, dtype=np.float64)
    from predictable_facts import thresholds

    return thresholds.rounded_down(np.asarray(values, dtype=np.float64))
