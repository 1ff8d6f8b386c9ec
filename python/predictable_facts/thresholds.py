"""Thresholds of trees: as float32 columns need them, and rows that fall on both sides of them."""

from __future__ import annotations

import numpy as np


def rounded_down(values: np.ndarray) -> np.ndarray:
    """The largest float32 not above each value, as float64."""
    with np.errstate(over="ignore"):
        near = values.astype(np.float32)
    above = near.astype(np.float64) > values
    near[above] = np.nextafter(near[above], np.float32(-np.inf))
    return near.astype(np.float64)


def before_rounding(values: np.ndarray, strict: bool = False) -> np.ndarray:
    """Thresholds of float32 as thresholds of double: x ≤ result (or x < result if `strict`) where x rounded to float32 is so of the value.

    Between two neighbours of float32 the middle goes to the one whose last bit is 0.
    """
    values = np.asarray(values, dtype=np.float64)
    low = rounded_down(values)
    if strict:
        low = np.where(low == values, np.nextafter(low.astype(np.float32), np.float32(-np.inf)).astype(np.float64), low)
    near = low.astype(np.float32)
    above = np.nextafter(near, np.float32(np.inf)).astype(np.float64)
    with np.errstate(invalid="ignore"):
        middle = low + (above - low) / 2
    goes_down = near.view(np.int32) % 2 == 0
    last = np.where(goes_down, middle, np.nextafter(middle, -np.inf))
    result = np.nextafter(last, np.inf) if strict else last
    return np.where(np.isfinite(low) & np.isfinite(above), result, values)


def near_thresholds(trees: list[tuple[np.ndarray, np.ndarray]], width: int, count: int, random: np.random.Generator) -> np.ndarray:
    """Values on both sides of thresholds, near and far, so that every branch is taken by some row."""
    features = np.concatenate([feature for feature, _ in trees])
    thresholds = np.concatenate([threshold for _, threshold in trees])
    rows = random.standard_normal((count, width))
    for at in range(width):
        own = np.unique(thresholds[(features == at) & np.isfinite(thresholds)])
        if own.size == 0:
            continue
        spread = (own[-1] - own[0]) or max(abs(own[0]), 1.0)
        step = random.choice([-0.5, -0.01, -1e-6, 0.0, 1e-6, 0.01, 0.5], count)
        rows[:, at] = random.choice(own, count) + step * spread
    return rows
