"""The numbers that a column can hold, in their order: bit patterns as whole numbers, so that they can be bisected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from predictable_facts.columns import Column
from predictable_facts.numbers import kind_of

# Of float32 and float64: the whole number of the same width.
PATTERNS: dict[Any, Any] = {np.float32: np.int32, np.float64: np.int64}
# Whole numbers reach scikit-learn's arithmetic as doubles; these are the last within int64.
LARGEST_WHOLE = float(2**63 - 1024)


def places(values: np.ndarray, kind: Any) -> np.ndarray:
    """The place of each number among those of the type, as int64: neighbours differ by one; −0 stands just below 0."""
    whole = PATTERNS[kind]
    bits = np.ascontiguousarray(values, dtype=kind).view(whole).astype(np.int64)
    lowest = np.int64(np.iinfo(whole).min)
    return np.where(bits >= 0, bits, lowest - bits - 1)


def numbers(at: np.ndarray, kind: Any) -> np.ndarray:
    """The numbers at these places, as float64."""
    whole = PATTERNS[kind]
    lowest = np.int64(np.iinfo(whole).min)
    bits = np.where(at >= 0, at, lowest - at - 1).astype(whole)
    return bits.view(kind).astype(np.float64)


def ends(column: Column) -> np.ndarray:
    """The places of the lowest and of the highest finite number of a column."""
    kind = kind_of(column)
    largest = LARGEST_WHOLE if column.type == "int64" else float(np.finfo(kind).max)
    return places(np.array([-largest, largest]), kind)


def middle(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Between two places, without overflow; the lower one of neighbours."""
    return (low & high) + ((low ^ high) >> 1)


def farthest(start: np.ndarray, end: np.ndarray, stops: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
    """[P]: the last places from `start`, where it does not stop, towards `end`, where it does.

    `stops(which, at)`: of some of the P, whether it stops at these places.
    """
    last, first = start.copy(), end.copy()
    open_ = np.arange(len(start))
    while True:
        open_ = open_[np.abs(first[open_] - last[open_]) != 1]
        if not len(open_):
            return last
        half = middle(last[open_], first[open_])
        stopped = stops(open_, half)
        first[open_] = np.where(stopped, half, first[open_])
        last[open_] = np.where(stopped, last[open_], half)
