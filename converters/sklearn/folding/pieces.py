"""The number line of a column, in pieces in which a feature only rises or only falls."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_facts.columns import Column

from folding.features import Features
from folding.numbers import ends, kind_of, middle, numbers, places, rounded_down
from folding.sources import Source

# Numbers along a piece, at which a feature that might not be monotone is looked at.
GRID = 200
# Values of the sample that are looked at, with their neighbours.
SAMPLED = 100

Piece = tuple[int, int]


def domain(features: Features, place: int) -> Piece | None:
    """Between which places the steps take the numbers of a column, where they take those of the first row; None: not even those."""
    column = features.table.columns[place]
    start = present(features, column)
    if start is None or raises(features, place, start):
        return None
    return tuple(farthest(start, end, lambda at: raises(features, place, at)) for end in ends(column))  # type: ignore[return-value]


def present(features: Features, column: Column) -> int | None:
    """The place of the first value of the column that is not missing."""
    values = features.table.rows[column.name].astype(np.float64)
    values = values[np.isfinite(values)][:1]
    return int(places(values, kind_of(column))[0]) if len(values) else None


def farthest(start: int, end: int, stops: Any) -> int:
    """The last place from `start` towards `end` at which it does not stop."""
    if not stops(end):
        return end
    while abs(end - start) > 1:
        half = int(middle(np.int64(start), np.int64(end)))
        half = half if half not in (start, end) else end
        if stops(half):
            if half == end:
                return start
            end = half
        else:
            start = half
    return start


def raises(features: Features, place: int, at: int) -> bool:
    """Whether the steps refuse a row with this number."""
    column = features.table.columns[place]
    row = {**features.base, column.name: numbers(np.array([at]), kind_of(column)).astype(features.base[column.name].dtype)}
    try:
        features.of_rows(row)
    except Exception:  # noqa: BLE001 - whatever a fitted step says to a number that it does not take
        return True
    return False


def value(features: Features, place: int, at: int, feature: int) -> float:
    number = numbers(np.array([at]), kind_of(features.table.columns[place]))
    return float(features.at(np.array([place]), number, np.array([feature]))[0])


def pieces_of(features: Features, feature: int, source: Source, within: Piece) -> list[Piece]:
    """In ascending order. Where the feature is NaN though the column is not, a piece ends too."""
    column = features.table.columns[source.column]
    cuts = []
    for cut in source.cuts:
        low, high = places(rounded_down(np.array([-0.0 if cut == 0 else cut, 0.0 if cut == 0 else cut]), kind_of(column)), kind_of(column))
        cuts.append((int(low), int(high)))
    cuts += [(edge, edge) for edge in edges_of_nan(features, feature, source, within)]
    result, start = [], within[0]
    for low, high in sorted(set(cuts)):
        if high < within[0] or low > within[1]:
            continue
        if start < low:
            result.append((start, low - 1))
        result.append((max(low, within[0]), min(high, within[1])))
        start = high + 1
    return [*result, (start, within[1])] if start <= within[1] else result


def edges_of_nan(features: Features, feature: int, source: Source, within: Piece) -> list[int]:
    start = present(features, features.table.columns[source.column])
    if start is None or np.isnan(value(features, source.column, start, feature)):
        return []
    edges = [farthest(start, end, lambda at: np.isnan(value(features, source.column, at, feature))) for end in within]
    return [edge for edge, end in zip(edges, within) if edge != end]


def is_monotone(features: Features, feature: int, source: Source, pieces: list[Piece]) -> bool:
    """Whether it rises only, or falls only, over each piece: along a grid, and at the sample's values and their neighbours."""
    column = features.table.columns[source.column]
    sampled = features.table.rows[column.name].astype(np.float64)
    near = places(sampled[np.isfinite(sampled)][:SAMPLED], kind_of(column))
    near = np.unique(np.concatenate([near - 1, near, near + 1]))
    for low, high in pieces:
        steps = [low + (high - low) * at // GRID for at in range(GRID + 1)] if high > low else [low]
        grid = np.unique(np.concatenate([np.array(steps, dtype=np.int64), near[(near >= low) & (near <= high)]]))
        where = np.full(len(grid), source.column)
        found = features.at(where, numbers(grid, kind_of(column)), np.full(len(grid), feature))
        if np.isnan(found).any() and not np.isnan(found).all():
            return False
        with np.errstate(invalid="ignore"):
            change = np.diff(found)
        if (change > 0).any() and (change < 0).any():
            return False
    return True
