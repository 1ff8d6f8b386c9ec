"""Comparisons of features as comparisons of columns: where along a column the answer changes, by bisection over all of its numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from folding.features import Features
from folding.numbers import middle
from folding.pieces import values_at

# Numbers to either side of each change that are held against the steps once more.
NEIGHBOURS = 64


@dataclass
class Comparisons:
    """`feature` [Q] compared with `bound` [Q]: feature ≤ bound, or feature < bound if `strict`; `rounds`: of the feature as float32."""

    feature: np.ndarray
    bound: np.ndarray
    strict: bool
    rounds: bool

    def hold(self, of: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Whether the comparisons `of` [P] hold for values [P] of their features: 1 or 0, and −1 for NaN."""
        with np.errstate(over="ignore", invalid="ignore"):
            held = values.astype(np.float32).astype(np.float64) if self.rounds else values
            found = held < self.bound[of] if self.strict else held <= self.bound[of]
        return np.where(np.isnan(held), np.int8(-1), found.astype(np.int8))


def answers(features: Features, comparisons: Comparisons, of: np.ndarray, column: np.ndarray, at: np.ndarray) -> np.ndarray:
    """[P]: of the comparisons `of` at these places of their columns."""
    return comparisons.hold(of, values_at(features, column, at, comparisons.feature[of]))


def changes(
    features: Features, comparisons: Comparisons, of: np.ndarray, column: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each comparison `of` [P] over the piece from `low` to `high` of its column: the answer at `low`, the last place with that answer,
    and the answer at `high`.
    """
    first = answers(features, comparisons, of, column, low)
    last = answers(features, comparisons, of, column, high)
    end = np.where(first == last, high, low)
    open_ = np.flatnonzero(first != last)
    above = high.copy()
    while True:
        open_ = open_[above[open_] - end[open_] != 1]
        if not len(open_):
            return first, end, last
        half = middle(end[open_], above[open_])
        same = answers(features, comparisons, of[open_], column[open_], half) == first[open_]
        end[open_] = np.where(same, half, end[open_])
        above[open_] = np.where(same, above[open_], half)


def are_sharp(
    features: Features,
    comparisons: Comparisons,
    of: np.ndarray,
    column: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    found: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> np.ndarray:
    """[P]: whether each change is where it seems to be for 64 numbers to either side."""
    first, end, last = found
    offsets = np.arange(-NEIGHBOURS + 1, NEIGHBOURS + 1)
    at = np.clip(end[:, None] + offsets, low[:, None], high[:, None])
    expected = np.where(at <= end[:, None], first[:, None], last[:, None])
    flat = np.repeat(np.arange(len(of)), len(offsets))
    got = answers(features, comparisons, of[flat], column[flat], at.ravel())
    return (got.reshape(at.shape) == expected).all(axis=1)
