"""Rows that the original itself does not decide: asked alone, or among others, it says something else of them."""

from __future__ import annotations

import time
from typing import Callable, List, Sequence

import numpy as np
from predictable_facts.outputs import Output
from predictable_facts.rows import Rows

# What counts as equal: the defaults of the verification.
RTOL, ATOL = 1e-4, 1e-5
# Rows that are asked first: those where the two largest scores are nearest, and some of all; and the seconds that they may take.
NEAREST, SPREAD = 12, 4
FEW_SECONDS = 0.3
BATCH = 7


def undecided_rows(
    rows: Rows, outputs: Sequence[Output], ask: Callable[[Rows], "Sequence[Output] | None"], seconds: float
) -> "tuple[np.ndarray, np.ndarray]":
    """Masks of the rows on which it contradicts itself, and of those that there was no time to ask.

    `ask`: what the original predicts of rows, None where it refuses them. A few are asked, and the others once it contradicts itself.
    """
    count = len(next(iter(rows.values())))
    found, asked = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    first = few(outputs, count)
    for places, limit in ((first, FEW_SECONDS), (np.setdiff1d(np.arange(count), first), seconds)):
        until = time.perf_counter() + limit
        for start in range(0, len(places), BATCH):
            part = places[start : start + BATCH]
            found[part] = contradictions(rows, outputs, ask, part)
            asked[part] = True
            if time.perf_counter() > until:
                break
        if not found.any():
            return found, np.zeros(count, dtype=bool)
    return found, ~asked


def few(outputs: Sequence[Output], count: int) -> np.ndarray:
    near = np.argsort(gaps(outputs, count), kind="stable")[:NEAREST]
    spread = np.linspace(0, count - 1, min(count, SPREAD)).astype(np.int64)
    return np.union1d(near, spread)


def gaps(outputs: Sequence[Output], count: int) -> np.ndarray:
    """How far the two largest scores of each row are apart; infinite where there are no two."""
    scores = [output.values for output in outputs if output.role in ("probability", "score")]
    wide = np.concatenate(scores, axis=1).astype(np.float64) if scores else np.zeros((count, 0))
    if wide.shape[1] < 2:
        return np.full(count, np.inf)
    largest = np.sort(np.nan_to_num(wide), axis=1)
    return largest[:, -1] - largest[:, -2]


def contradictions(
    rows: Rows, outputs: Sequence[Output], ask: Callable[[Rows], "Sequence[Output] | None"], places: np.ndarray
) -> np.ndarray:
    """Whether it says something else of a few rows one by one, or from the last to the first."""
    found = np.zeros(len(places), dtype=bool)
    for batch in [np.arange(len(places))[::-1]] + [np.array([at]) for at in range(len(places))]:
        own = places[batch]
        answers = ask({name: values[own] for name, values in rows.items()})
        if answers is not None:
            found[batch] |= differing(at_places(outputs, own), [answer.values for answer in answers])
    return found


def at_places(outputs: Sequence[Output], places: np.ndarray) -> List[np.ndarray]:
    return [output.values[places] for output in outputs]


def differing(some: Sequence[np.ndarray], others: Sequence[np.ndarray]) -> np.ndarray:
    """The rows of which one of the tables [rows, columns] says something else: other labels, or numbers beyond the tolerance."""
    found = np.zeros(len(some[0]), dtype=bool)
    for one, other in zip(some, others):
        if one.dtype.kind == "f" and other.dtype.kind == "f":
            same = np.isclose(other, one, rtol=RTOL, atol=ATOL, equal_nan=True)
        else:
            same = one == other
        found |= ~np.asarray(same, dtype=bool).reshape(len(one), -1).all(axis=1)
    return found
