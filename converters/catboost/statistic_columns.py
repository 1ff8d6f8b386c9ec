"""Statistics of several columns as columns of the graph: each row's combination is a place in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto
from predictable_graph.graph import ML
from predictable_trees.ensemble import EnsembleGraph

from target_statistics import Statistic, looked_up

if TYPE_CHECKING:
    from booster import CatBoost


def add_columns(graph: EnsembleGraph, model: CatBoost) -> None:
    """Behind the model's own columns, in the order in which its trees number them."""
    added = [column(graph, model, model.statistics[at]) for at in model.combined]
    graph.matrix = graph.emit("Concat", [graph.matrix, *added], axis=1)


def column(graph: EnsembleGraph, model: CatBoost, statistic: Statistic) -> str:
    place: str | None = None
    for cat in statistic.cats:
        code = code_of(graph, model, cat)
        place = joined(graph, place, len(model.hashes[cat]) + 1, code)
    for at, border in statistic.bits:
        entry = model.document.floats[at]
        value = one(graph, entry["flat_feature_index"])
        bit = graph.emit("Greater", [value, graph.constant([border])])
        if entry["nan_value_treatment"] == "AsTrue":
            bit = graph.emit("Or", [bit, graph.emit("IsNaN", [value])])
        place = joined(graph, place, 2, graph.emit("Cast", [bit], to=TensorProto.INT64))
    for cat, number in statistic.exact:
        codes = [code for code, known in enumerate(model.hashes[cat]) if known == number] or [-1]
        bit = graph.emit("Equal", [code_of(graph, model, cat), graph.constant(codes, np.int64)])
        place = joined(graph, place, 2, graph.emit("Cast", [bit], to=TensorProto.INT64))
    assert place is not None
    return graph.emit("Gather", [graph.constant(looked_up(statistic, model.hashes)), place], axis=0)


def code_of(graph: EnsembleGraph, model: CatBoost, cat: int) -> str:
    """The place of the row's category among those of its column, unknown ones behind: [N,1]."""
    known = model.categories[cat]
    value = graph.emit("Cast", [one(graph, model.document.cats[cat]["flat_feature_index"])], to=TensorProto.INT64)
    return graph.emit(
        "LabelEncoder",
        [
            graph.emit(
                "LabelEncoder",
                [value],
                ML,
                keys_int64s=[int(key) for key in known.values],
                values_strings=[str(at) for at in range(len(known.values))],
                default_string=str(len(known.values)),
            )
        ],
        ML,
        keys_strings=[str(at) for at in range(len(known.values) + 1)],
        values_int64s=list(range(len(known.values) + 1)),
    )


def one(graph: EnsembleGraph, at: int) -> str:
    return graph.emit("Gather", [graph.matrix, graph.constant([at], np.int64)], axis=1)


def joined(graph: EnsembleGraph, place: str | None, size: int, digit: str) -> str:
    """A number with one more digit, in a system of so many digits; the digit alone where it is the first."""
    if place is None:
        return digit
    return graph.emit("Add", [graph.emit("Mul", [place, graph.constant([size], np.int64)]), digit])
