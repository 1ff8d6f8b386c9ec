"""The kinds of probe rows, and what each of them changes in a row of the sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional

import numpy as np
from predictable_facts.columns import Column
from predictable_facts.knowledge import Knowledge
from predictable_facts.numbers import WHOLE, around, holdable
from predictable_facts.rows import Rows

# Beside the values of the sample's rows, mixed.
NEVER_SEEN = ("never seen", "")
# How far beyond the extremes of the sample, in widths of its range.
BEYOND = (1.0, 10.0)
AROUND_LARGE = (2**24, 2**53)


@dataclass
class Change:
    """`column`: which one a message names; None where it is about several. `values`: by column, None for NULL. `near`: the change is at a
    number, and the row is best one of the sample that is near it in that column.
    """

    column: Optional[str]
    values: Dict[str, Any]
    near: Optional[float] = None


def changes(columns: List[Column], rows: Rows, knowledge: Knowledge, random: np.random.Generator, most: int) -> Dict[str, List[Change]]:
    """By kind, in an order that may be cut anywhere. `most`: of thresholds, how many changes are of use."""
    numbers = [column for column in columns if not column.text]
    by_kind = {
        "null": nulls(columns, rows),
        "marker": at_each(columns, knowledge.markers),
        "category": categories(columns, knowledge),
        "unknown": never_seen(columns, knowledge),
        "zero": [change for column in numbers for change in at(column, [0.0, -0.0] if column.type not in WHOLE else [0.0])],
        "extreme": [change for column in numbers for change in at(column, extremes(rows[column.name]))],
        "large": [change for column in numbers for change in large(column, knowledge)],
    }
    mixed = {kind: shuffled(of_kind, random) for kind, of_kind in by_kind.items()}
    return {**mixed, "threshold": at_thresholds(numbers, knowledge, random, most)}


def at(column: Column, values: List[float]) -> List[Change]:
    return [Change(column.name, {column.name: value}) for value in holdable(column, np.array(values, dtype=np.float64)).tolist()]


def nulls(columns: List[Column], rows: Rows) -> List[Change]:
    """Each column that may be missing in turn, then all of them."""
    nullable = [column.name for column in columns if column.accepts_missing and rows[column.name].dtype.kind in "fO"]
    alone = [Change(name, {name: None}) for name in nullable]
    return alone + ([Change(None, dict.fromkeys(nullable))] if len(nullable) > 1 else [])


def at_each(columns: List[Column], values: Dict[str, List[Any]]) -> List[Change]:
    found = []
    for column in columns:
        own = values.get(column.name, [])
        if column.text:
            found += [Change(column.name, {column.name: str(value)}) for value in own if isinstance(value, str)]
        else:
            found += at(column, [float(value) for value in own if not isinstance(value, str)])
    return found


def categories(columns: List[Column], knowledge: Knowledge) -> List[Change]:
    texts = {column.name: list(column.categories or []) for column in columns if column.text}
    return at_each(columns, {**knowledge.codes, **texts})


def never_seen(columns: List[Column], knowledge: Knowledge) -> List[Change]:
    unseen: Dict[str, List[Any]] = {}
    for column in columns:
        if column.text and column.unknown == "zeros":
            unseen[column.name] = [text for text in NEVER_SEEN if text not in (column.categories or [])]
        elif not column.text and knowledge.codes.get(column.name):
            unseen[column.name] = [max(knowledge.codes[column.name]) + 1, min(knowledge.codes[column.name]) - 1]
    return at_each(columns, unseen)


def extremes(values: np.ndarray) -> List[float]:
    """The lowest and the highest of the sample, and numbers beyond both."""
    known = values[~np.isnan(values)] if values.dtype.kind == "f" else values
    if not known.size:
        return []
    low, high = float(known.min()), float(known.max())
    width = (high - low) or max(abs(low), 1.0)
    return [low, high] + [end for far in BEYOND for end in (low - far * width, high + far * width)]


def large(column: Column, knowledge: Knowledge) -> List[Change]:
    """Whole numbers about which float32 and float64 have no longer all; in columns of whole numbers as such: float64 has no 2**53 + 1."""
    if column.type not in WHOLE and column.name not in knowledge.whole:
        return []
    numbers = [power + step for power in AROUND_LARGE for step in (-1, 0, 1, 2)]
    if column.type == "int64" and column.within is None:
        return [Change(column.name, {column.name: number}) for number in numbers]
    return at(column, [float(number) for number in numbers])


def at_thresholds(numbers: List[Column], knowledge: Knowledge, random: np.random.Generator, most: int) -> List[Change]:
    """Columns in turns, each with its thresholds in no order, and of each threshold all sides."""
    by_column = []
    for column in numbers:
        own = np.asarray(knowledge.thresholds.get(column.name, []), dtype=np.float64)
        own = np.unique(own[np.isfinite(own)])
        chosen = random.permutation(own)[:most]
        by_column.append(around(column, chosen))
    found: List[Change] = []
    for place in range(max(map(len, by_column), default=0)):
        for column, sides in zip(numbers, by_column):
            if place < len(sides):
                found += [Change(column.name, {column.name: value}, value) for value in sides[place]]
        if len(found) >= most:
            break
    return found[:most]


def shuffled(found: List[Change], random: np.random.Generator) -> List[Change]:
    return [found[place] for place in random.permutation(len(found))]
