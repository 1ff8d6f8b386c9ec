"""The original is asked about probe rows beside the sample's, and about rows that it may not decide itself."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Generic, List, Optional, Tuple, TypeVar

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.columns import Column
from predictable_facts.knowledge import Knowledge
from predictable_facts.outputs import Output
from predictable_facts.probes import Probes, make_probes
from predictable_facts.refusing import answered, followed, willing
from predictable_facts.request import Request
from predictable_facts.rows import Rows, joined, rounded
from predictable_facts.undecided import undecided_rows

# A family's own kind of output.
Own = TypeVar("Own", bound=Output)

# Seconds that probes may take, or this many times what the sample took; as much again for rows that it may not decide.
SECONDS = 2.0
# How often the original is asked for the sample before it is taken for too slow.
TRIES = 5
TIMES = 10
# A sample of fewer rows is small.
SMALL = 20
# Values in all of the probe rows together.
MOST_VALUES = 4_000_000
# The share of rows that the original may leave undecided without a word.
FEW_UNDECIDED = 0.01
# From this part on, it is not the last digits that it hangs on.
MOST_UNDECIDED = 0.5


@dataclass
class Original(Generic[Own]):
    """How a model's own library is asked.

    `predict`: of rows as the columns hold them. `made_up`: as many rows as are wanted, for a small sample. `hangs_on_last_bits`: a mask of
    the rows, as the columns hold them, whose predictions would be others if sums came out a few units in the last place off. `steady`:
    whether it is known to predict each row by itself, so that it need not be asked to.
    """

    predict: Callable[[Rows], List[Own]]
    made_up: Optional[Callable[[int], Optional[Rows]]] = None
    hangs_on_last_bits: Optional[Callable[[Rows, List[Own]], np.ndarray]] = None
    steady: bool = False


@dataclass
class Asked(Generic[Own]):
    """The sample's rows, and the probe rows behind them, with what the original predicts of them when they are rounded.

    `probes`: None where none were wanted. `refused`: how many more the original would not predict. `limited`: whether there are fewer
    than were wanted. `undecided`: rows left out since the original itself does not decide them, by kind, those of the sample as `sample`.
    """

    rows: Rows
    outputs: List[Own]
    probes: Optional[Probes] = None
    refused: int = 0
    limited: bool = False
    undecided: Dict[str, int] = field(default_factory=dict)
    warnings: List[Dict[str, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return count_of(self.rows)

    @property
    def facts(self) -> Dict[str, Any]:
        """For `write_reference`."""
        if self.probes is None:
            return {"probes": None, "undecided": self.undecided}
        probes = {"rows": len(self.probes), "kinds": self.probes.facts(), "refused": self.refused, "limited": self.limited}
        return {"probes": probes, "undecided": self.undecided}


def ask(
    request: Request, columns: List[Column], rows: Rows, outputs: List[Own], original: Original[Own], knowledge: Knowledge
) -> Asked[Own]:
    """`outputs`: what the original predicts of `rows`, the sample's, when they are rounded."""
    asked = Asked(rows, outputs)
    if asked.count == 0:
        return asked
    begun = time.perf_counter()
    if request["probeRows"] > 0:
        add_probes(asked, request, columns, original, knowledge)
    leave_undecided(asked, columns, original, max(SECONDS, TIMES * (time.perf_counter() - begun)))
    return asked


def add_probes(asked: Asked[Own], request: Request, columns: List[Column], original: Original[Own], knowledge: Knowledge) -> None:
    rows, count = asked.rows, asked.count
    most, asked.limited = affordable(request["probeRows"], count, len(columns), lambda: original.predict(rounded(columns, rows)[0]))
    more = None
    if request["sample"] is not None and count < SMALL:
        more = None if original.made_up is None else original.made_up(max(1, most // 4))
        asked.warnings.append(small_sample(count, more is not None))
    probes = make_probes(columns, rows, knowledge, most, request["seed"], more)
    taken, answers = willing(rounded(columns, probes.rows)[0], len(probes), original.predict, TIMES * SECONDS)
    taken, answers = with_scores(taken, answers)
    asked.probes = probes.only(taken)
    asked.refused = len(probes) - len(asked.probes)
    if len(asked.probes):
        asked.rows = joined(rows, asked.probes.rows)
        asked.outputs = followed(asked.outputs, answers)


def with_scores(places: np.ndarray, answers: List[Own]) -> Tuple[np.ndarray, List[Own]]:
    """Without the rows whose probabilities or scores are NaN: an original that divides nothing by nothing has not decided."""
    keep = np.ones(len(places), dtype=bool)
    for answer in answers:
        if answer.role in ("probability", "score"):
            keep &= ~np.isnan(answer.values.astype(np.float64)).reshape(len(places), -1).any(axis=1)
    if not keep.all():
        for answer in answers:
            answer.values = answer.values[keep]
    return places[keep], answers


def affordable(wanted: int, count: int, width: int, again: Callable[[], Any]) -> Tuple[int, bool]:
    """How many probe rows there may be, and whether that is fewer than `wanted`. `again` predicts the sample's `count` rows.

    In powers of two, and by the fastest of a few tries: what a machine does beside this must not change the rows of a conversion.
    """
    most = min(wanted, max(1, MOST_VALUES // max(width, 1)))
    if most > TIMES * count:
        took = float("inf")
        for _ in range(TRIES):
            begun = time.perf_counter()
            again()
            took = min(took, time.perf_counter() - begun)
            if most * took <= SECONDS * count or took > SECONDS / TRIES:
                break
        while most > TIMES * count and most * took > SECONDS * count:
            most //= 2
    return most, most < wanted


def leave_undecided(asked: Asked[Own], columns: List[Column], original: Original[Own], seconds: float) -> None:
    """Leaves out the rows that the original does not decide, but not all of a sample; and probes that there was no time to ask of one
    that contradicts itself."""
    held, probes = rounded(columns, asked.rows)[0], asked.probes
    if original.steady:
        found, unasked = np.zeros(asked.count, dtype=bool), np.zeros(asked.count, dtype=bool)
    else:
        found, unasked = undecided_rows(held, asked.outputs, lambda rows: answered(rows, original.predict), seconds)
        refuse_mixing(found[~unasked])
    if original.hangs_on_last_bits is not None:
        moved = original.hangs_on_last_bits(held, asked.outputs)
        found |= moved
        # All rows were asked what they hang on: those that there was no time for are decided.
        unasked &= not moved.any()
    sampled = asked.count - (0 if probes is None else len(probes))
    unasked[:sampled] = False
    if found[:sampled].all() or not (found | unasked).any():
        return
    kinds = ["sample"] * sampled + ([] if probes is None else [kind for kind, _ in probes.kinds])
    for place in np.flatnonzero(found):
        asked.undecided[kinds[place]] = asked.undecided.get(kinds[place], 0) + 1
    if found.mean() > FEW_UNDECIDED:
        asked.warnings.append(many_undecided(asked.rows, found))
    keep = ~(found | unasked)
    asked.limited = asked.limited or bool(unasked.any())
    asked.rows = {name: values[keep] for name, values in asked.rows.items()}
    asked.probes = None if probes is None else probes.only(keep[sampled:])
    for output in asked.outputs:
        output.values = output.values[keep]


def refuse_mixing(found: np.ndarray) -> None:
    """Raises UNSUPPORTED_MODEL where most rows are predicted otherwise alone: that is no matter of last digits."""
    if len(found) > 3 and found.mean() > MOST_UNDECIDED:
        message = "What the original predicts of a row depends on the other rows: %d of %d rows are predicted otherwise alone." % (
            int(found.sum()),
            len(found),
        )
        raise ConverterError(
            "UNSUPPORTED_MODEL", message, "A database scores each row by itself: train without what looks at a whole batch."
        )


def small_sample(count: int, made_up: bool) -> Dict[str, str]:
    rows = "1 row" if count == 1 else f"{count} rows"
    more = "; the model was also held against made-up rows" if made_up else ""
    return {"code": "SMALL_SAMPLE", "message": f"the sample has {rows}, which say little of what is usual: give {SMALL} or more{more}"}


def many_undecided(rows: Rows, found: np.ndarray) -> Dict[str, str]:
    place = int(np.flatnonzero(found)[0])
    example = ", ".join(f"{name}={values[place]}" for name, values in list(rows.items())[:6])
    share = f"{int(found.sum())} of {len(found)} rows"
    message = f"{share} are left out: the original does not decide them itself, and predicts otherwise among other rows; e.g. {example}"
    return {"code": "UNDECIDED_ROWS", "message": message}


def count_of(rows: Rows) -> int:
    return len(next(iter(rows.values())))
