"""Rows that the original refuses, found among others by few questions."""

from __future__ import annotations

import time
from typing import Callable, List, Optional, Tuple, TypeVar

import numpy as np
from predictable_facts.outputs import Output
from predictable_facts.rows import Rows

Own = TypeVar("Own", bound=Output)
Predict = Callable[[Rows], List[Own]]

# Questions that may be spent on it.
MOST_QUESTIONS = 200


def willing(rows: Rows, count: int, predict: Predict[Own], seconds: float) -> Tuple[np.ndarray, List[Own]]:
    """The places of the rows that the original predicts, and the predictions. Where it refuses a table, each half is asked.

    What it refuses is mostly one value, and rows with the same follow one another. Rows that are among refused ones when the `seconds`,
    which begin with the first refusal, or the questions are at an end count as refused.
    """
    found: List[Tuple[np.ndarray, List[Own]]] = []
    parts = [np.arange(count)] if count else []
    until = None
    for _ in range(MOST_QUESTIONS):
        if not parts or until is not None and time.perf_counter() > until:
            break
        places = parts.pop(0)
        answers = answered({name: values[places] for name, values in rows.items()}, predict)
        if answers is not None:
            found.append((places, answers))
        elif len(places) > 1:
            parts += np.array_split(places, 2)
        if answers is None and until is None:
            until = time.perf_counter() + seconds
    if not found:
        return np.zeros(0, dtype=np.int64), []
    found.sort(key=lambda part: int(part[0][0]))
    answers = found[0][1]
    for _, more in found[1:]:
        answers = followed(answers, more)
    return np.concatenate([places for places, _ in found]), answers


def answered(rows: Rows, predict: Predict[Own]) -> Optional[List[Own]]:
    """None where the original refuses the rows."""
    try:
        return predict(rows)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever it says, it does not take these rows
        return None


def followed(outputs: List[Own], more: List[Own]) -> List[Own]:
    """The outputs with the rows of `more` behind theirs."""
    for output, other in zip(outputs, more):
        output.values = np.concatenate([output.values, other.values])
    return outputs
