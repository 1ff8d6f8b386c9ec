"""Comparisons of features as comparisons of columns: where along a column the answer changes, by bisection over all of its numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from folding.features import Features
from folding.numbers import farthest
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


@dataclass
class Stretch:
    """Of each of [P]: a comparison `of`, and a piece of its column from `low` to `high`."""

    of: np.ndarray
    column: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def __getitem__(self, which: np.ndarray) -> Stretch:
        return Stretch(self.of[which], self.column[which], self.low[which], self.high[which])


@dataclass
class Change:
    """Of each of [P]: the answer at the beginning of its piece, the `last` place with that answer, and the answer at the end."""

    before: np.ndarray
    last: np.ndarray
    after: np.ndarray

    def __getitem__(self, which: np.ndarray) -> Change:
        return Change(self.before[which], self.last[which], self.after[which])


def answers(features: Features, comparisons: Comparisons, along: Stretch, at: np.ndarray) -> np.ndarray:
    """[P] at these places of their columns."""
    return comparisons.hold(along.of, values_at(features, along.column, at, comparisons.feature[along.of]))


def changes(features: Features, comparisons: Comparisons, along: Stretch) -> Change:
    before = answers(features, comparisons, along, along.low)
    after = answers(features, comparisons, along, along.high)
    changed = np.flatnonzero(before != after)

    def differs(which: np.ndarray, at: np.ndarray) -> np.ndarray:
        own = changed[which]
        return answers(features, comparisons, along[own], at) != before[own]

    last = along.high.copy()
    last[changed] = farthest(along.low[changed], along.high[changed], differs)
    return Change(before, last, after)


def are_sharp(features: Features, comparisons: Comparisons, along: Stretch, change: Change) -> np.ndarray:
    """[P]: whether each change is where it seems to be for 64 numbers to either side."""
    offsets = np.arange(-NEIGHBOURS + 1, NEIGHBOURS + 1)
    last = change.last[:, None]
    at = np.clip(last + offsets, along.low[:, None], along.high[:, None])
    expected = np.where(at <= last, change.before[:, None], change.after[:, None])
    each = np.repeat(np.arange(len(along.of)), len(offsets))
    got = answers(features, comparisons, along[each], at.ravel())
    return (got.reshape(at.shape) == expected).all(axis=1)
