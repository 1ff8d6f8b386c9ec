"""The original is asked about probe rows beside the sample's: within its time, and without the rows that it refuses."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Generic, List, Optional, Tuple, TypeVar

import numpy as np
from predictable_facts.columns import Column
from predictable_facts.frames import text_array
from predictable_facts.knowledge import Knowledge
from predictable_facts.outputs import Output
from predictable_facts.probes import Probes, make_probes
from predictable_facts.request import Request
from predictable_facts.rows import Rows, rounded

# A family's own kind of output.
Own = TypeVar("Own", bound=Output)
Predict = Callable[[Rows], List[Own]]
MadeUp = Callable[[int], Optional[Rows]]

# Seconds that probes may take, or this many times what the sample took.
SECONDS = 2.0
TIMES = 10
# A sample of fewer rows is small.
SMALL = 20
# Values in all of the probe rows together.
MOST_VALUES = 4_000_000
# Questions that may be spent on finding the rows that the original refuses.
MOST_QUESTIONS = 200


@dataclass
class Asked(Generic[Own]):
    """The sample's rows, and the probe rows behind them, with what the original predicts of them when they are rounded.

    `kinds`: of the probe rows. `refused`: how many more the original would not predict. `limited`: whether there are fewer than were
    wanted. `undecided`: rows left out since the original itself does not decide them, by kind, those of the sample as `sample`.
    """

    rows: Rows
    outputs: List[Own]
    probes: Optional[Probes] = None
    refused: int = 0
    limited: bool = False
    undecided: Dict[str, int] = field(default_factory=dict)

    @property
    def facts(self) -> Optional[Dict[str, Any]]:
        if self.probes is None:
            return None
        return {"rows": len(self.probes), "kinds": self.probes.facts(), "refused": self.refused, "limited": self.limited}


def with_probes(
    request: Request,
    columns: List[Column],
    rows: Rows,
    outputs: List[Own],
    predict: Predict[Own],
    knowledge: Knowledge,
    made_up: Optional[MadeUp] = None,
) -> Asked[Own]:
    """`outputs`: what `predict` gave for `rows`, the sample's, when they were rounded. `made_up`: rows where the sample is small."""
    count = len(next(iter(rows.values())))
    if request["probeRows"] == 0 or count == 0:
        return Asked(rows, outputs)
    most, limited = affordable(request["probeRows"], count, len(columns), lambda: predict(rounded(columns, rows)[0]))
    more = made_up(most // 4) if made_up is not None and is_small(request, count) else None
    probes = make_probes(columns, rows, knowledge, most, request["seed"], more)
    held = rounded(columns, probes.rows)[0]
    taken, answers = willing(held, probes, predict)
    kept = probes.only(taken)
    if not len(kept):
        return Asked(rows, outputs, kept, len(probes), limited)
    return Asked(joined(rows, kept.rows), followed(outputs, answers), kept, len(probes) - len(kept), limited)


def is_small(request: Request, count: int) -> bool:
    return request["sample"] is not None and count < SMALL


def small_sample(request: Request, count: int) -> List[Dict[str, str]]:
    """A warning where a sample is too small to say what is usual."""
    if not is_small(request, count):
        return []
    rows = "1 row" if count == 1 else f"{count} rows"
    message = f"the sample has {rows}: {SMALL} or more tell what is usual; the model was also held against made-up rows"
    return [{"code": "SMALL_SAMPLE", "message": message}]


def affordable(wanted: int, count: int, width: int, again: Callable[[], Any]) -> Tuple[int, bool]:
    """How many probe rows there may be, and whether that is fewer than `wanted`. `again` predicts the sample's `count` rows.

    In powers of two: what a machine does beside this must not change the rows of each conversion.
    """
    most = min(wanted, max(1, MOST_VALUES // max(width, 1)))
    if most > TIMES * count:
        begun = time.perf_counter()
        again()
        took = time.perf_counter() - begun
        while most > TIMES * count and most * took > SECONDS * count:
            most //= 2
    return most, most < wanted


def willing(rows: Rows, probes: Probes, predict: Predict[Own]) -> Tuple[np.ndarray, List[Own]]:
    """The places of the rows that the original predicts, and the predictions. Where it refuses a table, each half is asked.

    Rows are in the order of their kinds, and what it refuses is mostly one value: few questions tell those rows.
    """
    found: List[Tuple[np.ndarray, List[Own]]] = []
    open_ends = [np.arange(len(probes))] if len(probes) else []
    for _ in range(MOST_QUESTIONS):
        if not open_ends:
            break
        places = open_ends.pop(0)
        answers = answered({name: values[places] for name, values in rows.items()}, predict)
        if answers is not None:
            found.append((places, answers))
        elif len(places) > 1:
            open_ends += np.array_split(places, 2)
    if not found:
        return np.zeros(0, dtype=np.int64), []
    found.sort(key=lambda part: int(part[0][0]))
    answers = found[0][1]
    for _, more in found[1:]:
        answers = followed(answers, more)
    return np.concatenate([places for places, _ in found]), answers


def answered(rows: Rows, predict: Predict[Own]) -> Optional[List[Own]]:
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


def joined(rows: Rows, more: Rows) -> Rows:
    return {name: in_one(values, more[name]) for name, values in rows.items()}


def in_one(values: np.ndarray, more: np.ndarray) -> np.ndarray:
    return text_array(values.tolist() + more.tolist()) if values.dtype == object else np.concatenate([values, more])
