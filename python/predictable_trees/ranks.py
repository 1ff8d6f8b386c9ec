"""Doubles for trees that know float only: a value's rank among the thresholds of its column falls on the same side of each of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto
from predictable_trees.trees import Tree

if TYPE_CHECKING:
    from predictable_trees.ensemble import EnsembleGraph


def ranked(graph: EnsembleGraph, trees: Sequence[Tree], wide: Collection[int], strict: bool) -> tuple[str, list[Tree]]:
    """The columns as float, behind them the ranks of the `wide` ones [N,F+R], and trees that split these.

    A rank is the number of thresholds below the value, or up to it where trees compare with <: `x <= t` is `rank <= place of t`.
    """
    columns = [graph.emit("Cast", [graph.matrix], to=TensorProto.FLOAT)]
    places: dict[int, tuple[int, np.ndarray]] = {}
    for feature in sorted(wide):
        own = [tree.threshold[tree.feature == feature] for tree in trees]
        thresholds = np.unique(np.concatenate(own)) if own else np.array([])
        if len(thresholds):
            places[feature] = (graph.width + len(places), thresholds)
            columns.append(rank(graph, feature, thresholds, strict))
    return graph.join(columns), [on_ranks(tree, places, strict) for tree in trees]


def rank(graph: EnsembleGraph, feature: int, thresholds: np.ndarray, strict: bool) -> str:
    """[N,1]; NaN stays what it is."""
    values = graph.column(graph.matrix, feature)
    row = graph.constant(thresholds[np.newaxis], np.float64)
    passed = graph.emit("Not", [graph.emit("Less", [values, row])]) if strict else graph.emit("Greater", [values, row])
    count = graph.total(graph.emit("Cast", [passed], to=TensorProto.FLOAT))
    return graph.emit("Where", [graph.emit("Equal", [values, values]), count, graph.constant([np.nan], np.float32)])


def on_ranks(tree: Tree, places: dict[int, tuple[int, np.ndarray]], strict: bool) -> Tree:
    feature, threshold = tree.feature.copy(), np.asarray(tree.threshold, dtype=np.float64).copy()
    for own, (place, thresholds) in places.items():
        nodes = tree.feature == own
        feature[nodes] = place
        # Of whole ranks up to i, those below i + 1 are the same.
        threshold[nodes] = np.searchsorted(thresholds, threshold[nodes]) + (1 if strict else 0)
    return replace(tree, feature=feature, threshold=threshold)
