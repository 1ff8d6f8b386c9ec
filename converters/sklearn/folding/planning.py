"""Which features of a model are folded into the thresholds of the trees behind them, and which are computed."""

from __future__ import annotations

from typing import Any

from sklearn.pipeline import Pipeline

from folding.features import Features, Table
from folding.folding import Folding, numeric
from folding.pieces import Piece, domain, edges_of_nan, is_monotone, pieces_of
from folding.sources import Source, sources


def plan_folding(steps: list[Any], table: Table, used: set[int], without: set[int]) -> Folding | None:
    """The folding of what is `used` of the features behind the steps; None where no feature can be folded.

    `without`: features that are not to be folded.
    """
    incoming: list[Source | None] = [None] * table.width
    for place, column in enumerate(table.columns):
        if not column.text:
            incoming[column.at] = Source(place)
    features = Features(steps, table)
    found = traced(features, incoming)
    from_one = {one: source for one, source in enumerate(found) if source is not None}
    candidates = {one: from_one[one] for one in sorted(used - without) if one in from_one}
    domains = {place: domain(features, place) for place in {source.column for source in candidates.values()}}
    known = {place: within for place, within in domains.items() if within is not None}
    candidates = {one: source for one, source in candidates.items() if source.column in known}
    edges = edges_of_nan(features, candidates, known)
    folded: dict[int, tuple[Source, list[Piece]]] = {}
    for feature, source in candidates.items():
        pieces = pieces_of(features, feature, source, known[source.column], edges[feature])
        if source.sure or is_monotone(features, feature, source, pieces):
            folded[feature] = (source, pieces)
    if not folded:
        return None
    computed = [feature for feature in sorted(used) if feature not in folded]
    width = len(numeric(table))
    where = {feature: numeric(table).index(source.column) for feature, (source, _) in folded.items()}
    where.update({feature: width + at for at, feature in enumerate(computed)})
    return Folding(features, folded, computed, where)


def traced(features: Features, incoming: list[Source | None]) -> list[Source | None]:
    try:
        rows = features.table.native({name: values[:2] for name, values in features.table.rows.items()})
        return sources(Pipeline([(str(at), step) for at, step in enumerate(features.steps)]), rows, incoming)[0]
    except Exception:  # noqa: BLE001 - a step that fails on these rows is not folded
        return []
