"""Probe rows: where models break that no sample shows, made of the sample's rows and of what is known of the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Optional, Tuple

import numpy as np
from predictable_facts.columns import Column
from predictable_facts.frames import text_array
from predictable_facts.knowledge import Knowledge
from predictable_facts.probe_kinds import Change, changes
from predictable_facts.rows import Rows

# Values of the sample mixed across rows: the share of them that is wanted before all others are served.
MIXED = "mixed"
MIXED_SHARE = 0.4
# The share of rows that is spread evenly over the kinds.
EVEN_SHARE = 1 / 3


@dataclass
class Probes:
    """`kinds`: of each row its kind and the column that it is about; rows of one kind and column follow one another."""

    rows: Rows
    kinds: List[Tuple[str, Optional[str]]]

    def __len__(self) -> int:
        return len(self.kinds)

    def only(self, keep: np.ndarray) -> "Probes":
        """`keep`: a mask, or places."""
        places = np.arange(len(self))[keep]
        return Probes({name: values[places] for name, values in self.rows.items()}, [self.kinds[place] for place in places])

    def facts(self) -> List[Dict[str, Any]]:
        """The kinds as runs: `{kind, column, rows}`."""
        runs: List[Dict[str, Any]] = []
        for kind, column in self.kinds:
            if not runs or (runs[-1]["kind"], runs[-1]["column"]) != (kind, column):
                runs.append({"kind": kind, "column": column, "rows": 0})
            runs[-1]["rows"] += 1
        return runs


def make_probes(columns: List[Column], rows: Rows, knowledge: Knowledge, count: int, seed: str, made_up: Optional[Rows] = None) -> Probes:
    """Up to `count` rows, the same for the same `seed` (hexadecimal digits). `rows`: the sample's; `made_up`: more of the model's own."""
    random = np.random.default_rng(int(seed[:16], 16))
    found = changes(columns, rows, knowledge, random, count)
    found["made-up"] = [] if made_up is None else whole_rows(made_up)
    wanted = {MIXED: int(count * MIXED_SHARE), **{kind: len(of_kind) for kind, of_kind in found.items()}}
    chosen: List[Tuple[str, Change]] = []
    for kind, share in shares(wanted, count).items():
        own = found.get(kind) or [Change(None, {})]
        chosen += in_order(kind, [own[place % len(own)] for place in range(share)])
    return Probes(changed(columns, rows, [change for _, change in chosen], random), [(kind, change.column) for kind, change in chosen])


def whole_rows(made_up: Rows) -> List[Change]:
    count = len(next(iter(made_up.values())))
    return [Change(None, {name: values[place] for name, values in made_up.items()}) for place in range(count)]


def shares(wanted: Dict[str, int], count: int) -> Dict[str, int]:
    """How many rows each kind gets: a third of all evenly, then what each wants, the modest ones first; the rest is mixed."""
    kinds = [kind for kind, number in wanted.items() if number > 0]
    given = {kind: int(count * EVEN_SHARE) // len(kinds) for kind in kinds}
    left = count - sum(given.values())
    for place, kind in enumerate(sorted(kinds, key=lambda kind: wanted[kind])):
        more = min(max(wanted[kind] - given[kind], 0), left // (len(kinds) - place))
        given[kind] += more
        left -= more
    given[MIXED] = given.get(MIXED, 0) + left
    return given


def in_order(kind: str, own: List[Change]) -> Iterator[Tuple[str, Change]]:
    """Rows of one change follow one another, so that those that the original refuses are told by few questions."""
    return ((kind, change) for change in sorted(own, key=lambda change: (change.column or "", str(change.values) if change.column else "")))


def changed(columns: List[Column], rows: Rows, made: List[Change], random: np.random.Generator) -> Rows:
    """Rows of the sample, mixed column by column, or the one that is near a change, with the changes in them."""
    count = len(next(iter(rows.values())))
    near = nearest_rows(rows, made)
    result: Rows = {}
    for column in columns:
        places = np.where(near < 0, random.integers(0, count, len(made)), near)
        values = rows[column.name][places]
        for place, change in enumerate(made):
            if column.name in change.values:
                value = change.values[column.name]
                values[place] = np.nan if value is None and not column.text else value
        result[column.name] = text_array(values.tolist()) if column.text else values
    return result


def nearest_rows(rows: Rows, made: List[Change]) -> np.ndarray:
    """For each change at a number the row of the sample that comes nearest: trees ask it what they ask there. Else −1."""
    near = np.full(len(made), -1)
    ordered: Dict[str, Tuple[np.ndarray, np.ndarray]] = {}
    for place, change in enumerate(made):
        if change.near is None or change.column is None:
            continue
        if change.column not in ordered:
            values = rows[change.column].astype(np.float64)
            order = np.argsort(values, kind="stable")
            ordered[change.column] = order, values[order][~np.isnan(values[order])]
        order, values = ordered[change.column]
        if len(values):
            near[place] = order[min(int(np.searchsorted(values, change.near)), len(values) - 1)]
    return near
