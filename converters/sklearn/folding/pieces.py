"""The number line of a column, in pieces in which a feature only rises or only falls."""

from __future__ import annotations

import numpy as np
from predictable_facts.columns import Column
from predictable_facts.numbers import kind_of
from predictable_facts.thresholds import rounded_down

from folding.features import Features
from folding.numbers import ends, farthest, numbers, places
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
    if start is None or raises(features, column, start):
        return None

    def stops(_: np.ndarray, at: np.ndarray) -> np.ndarray:
        return np.array([raises(features, column, one) for one in at], dtype=bool)

    edges = ends(column)
    beyond = np.flatnonzero(stops(edges, edges))
    edges[beyond] = farthest(np.full(len(beyond), start), edges[beyond], stops)
    low, high = edges.tolist()
    return low, high


def present(features: Features, column: Column) -> int | None:
    """The place of the first value of the column that is not missing."""
    values = features.table.rows[column.name].astype(np.float64)
    values = values[np.isfinite(values)][:1]
    return int(places(values, kind_of(column))[0]) if len(values) else None


def raises(features: Features, column: Column, at: int) -> bool:
    """Whether the steps refuse a row with the number at this place."""
    row = {**features.base, column.name: numbers(np.array([at]), kind_of(column)).astype(features.base[column.name].dtype)}
    try:
        features.of_rows(row)
    except Exception:  # noqa: BLE001 - whatever a fitted step says to a number that it does not take
        return True
    return False


def pieces_of(features: Features, feature: int, source: Source, within: Piece, edges: list[int]) -> list[Piece]:
    """In ascending order. `edges`: places at which a piece of its own stands beside the cuts."""
    kind = kind_of(features.table.columns[source.column])
    cuts = [(edge, edge) for edge in edges]
    for cut in source.cuts:
        # −0 and 0 are two places and one value.
        values = np.array([-0.0, 0.0] if cut == 0 else [cut, cut])
        low, high = places(rounded_down(values) if kind is np.float32 else values, kind)
        cuts.append((int(low), int(high)))
    result, start = [], within[0]
    for low, high in sorted(set(cuts)):
        if high < within[0] or low > within[1]:
            continue
        if start < low:
            result.append((start, low - 1))
        result.append((max(low, within[0]), min(high, within[1])))
        start = high + 1
    return [*result, (start, within[1])] if start <= within[1] else result


def edges_of_nan(features: Features, found: dict[int, Source], domains: dict[int, Piece]) -> dict[int, list[int]]:
    """Of each feature that is NaN at an end of its column, though the column is not: the last place where it is none."""
    edges: dict[int, list[int]] = {feature: [] for feature in found}
    unsure = [feature for feature, source in found.items() if not source.sure]
    pairs = [(feature, end) for feature in unsure for end in domains[found[feature].column]]
    if not pairs:
        return edges
    feature, end = (np.array(part, dtype=np.int64) for part in zip(*pairs))
    column = np.array([found[one].column for one in feature.tolist()])
    start = np.array([present(features, features.table.columns[place]) or 0 for place in column.tolist()], dtype=np.int64)

    def is_nan(which: np.ndarray, at: np.ndarray) -> np.ndarray:
        return np.isnan(values_at(features, column[which], at, feature[which]))

    everyone = np.arange(len(pairs))
    ending = np.flatnonzero(is_nan(everyone, end) & ~is_nan(everyone, start))
    last = farthest(start[ending], end[ending], lambda which, at: is_nan(ending[which], at))
    for one, edge in zip(feature[ending].tolist(), last.tolist()):
        edges[one].append(edge)
    return edges


def values_at(features: Features, column: np.ndarray, at: np.ndarray, feature: np.ndarray) -> np.ndarray:
    """[P]: the features with their columns at these places."""
    values = np.empty(len(at))
    for place in np.unique(column):
        mine = column == place
        values[mine] = numbers(at[mine], kind_of(features.table.columns[place]))
    return features.at(column, values, feature)


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
