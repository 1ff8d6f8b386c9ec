"""Sums over trees: in float where that is near enough, else in double, or in the order and with the digits of the original."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np
from onnx import TensorProto
from predictable_graph.graph import ML, WITH_MORE_KERNELS
from predictable_trees.ensemble import ML_WITH_DOUBLE, EnsembleGraph
from predictable_trees.trees import Tree

# What the sum of so many floats may lose of the largest sum: half a unit in the last place each time.
LOST = 2.0**-24
# Less is never seen by who compares predictions.
NEAR = 2e-6


def whole(trees: Sequence[Tree]) -> bool:
    """Whether all leaves hold whole numbers that float32 adds up exactly."""
    most = sum(float(np.abs(leaves(tree)).max(initial=0.0)) for tree in trees)
    return most < 2**24 and all(np.array_equal(leaves(tree), np.floor(leaves(tree))) for tree in trees)


def leaves(tree: Tree) -> np.ndarray:
    return tree.values[tree.feature < 0]


def float_is_near(trees: Sequence[Tree], targets: int) -> bool:
    """Whether a sum in float32 is as good as one in double, whichever leaves are reached: nothing cancels, or all is small."""
    low, high, size = (np.zeros(targets) for _ in range(3))
    for tree in trees:
        low[tree.targets] += leaves(tree).min(axis=0)
        high[tree.targets] += leaves(tree).max(axis=0)
        size[tree.targets] += np.abs(leaves(tree)).max(axis=0)
    least = np.where(low > 0, low, np.where(high < 0, -high, 0.0))
    lost = np.sqrt(len(trees)) * LOST * size
    return bool(np.all((lost < NEAR) | (lost < NEAR * least)))


def values(graph: EnsembleGraph, trees: Sequence[Tree], targets: int, strict: bool = False) -> str:
    """[N,targets]: sums to be compared with a tolerance, in the type that they are computed in."""
    if whole(trees) or float_is_near(trees, targets):
        return graph.cast(graph.trees(trees, targets, strict), "double")
    return scores(graph, trees, targets, strict)


def scores(graph: EnsembleGraph, trees: Sequence[Tree], targets: int, strict: bool = False) -> str:
    """[N,targets] in double: sums whose sign or order decides. The operator adds up in double where it has double attributes."""
    if whole(trees):
        return graph.cast(graph.trees(trees, targets, strict), "double")
    if graph.opsets[ML] < ML_WITH_DOUBLE:
        return in_order(graph, trees, targets, strict)
    return graph.cast(graph.summed_in_double(trees, targets, strict), "double")


def in_order(graph: EnsembleGraph, trees: Sequence[Tree], targets: int, strict: bool = False) -> str:
    """[N,targets] in double: sums of doubles from the first tree to the last, each rounded as the original rounds it."""
    if whole(trees):
        return graph.cast(graph.trees(trees, targets, strict), "double")
    rows = leaf_rows(graph, trees, targets, strict)
    parts = [graph.emit("Gather", [rows, graph.constant(np.array(at), np.int64)], axis=1) for at in range(len(trees))]
    if graph.opsets[""] >= WITH_MORE_KERNELS:
        return parts[0] if len(parts) == 1 else graph.emit("Sum", parts)
    # ONNX Runtime 1.5 has Sum for float alone.
    return reduce(lambda total, part: graph.emit("Add", [total, part]), parts)


def leaf_rows(graph: EnsembleGraph, trees: Sequence[Tree], targets: int, strict: bool = False) -> str:
    """[N,trees,targets] in double: what each tree adds."""
    tables = []
    for tree in trees:
        table = np.zeros((int((tree.feature < 0).sum()), targets))
        table[:, tree.targets] = leaves(tree)
        tables.append(table)
    starts = np.cumsum([0, *(len(table) for table in tables[:-1])])
    places = graph.emit("Cast", [leaf_numbers(graph, trees, strict)], to=TensorProto.INT64)
    places = graph.emit("Add", [places, graph.constant(starts, np.int64)])
    return graph.emit("Gather", [graph.constant(np.concatenate(tables), np.float64), places], axis=0)


def leaf_numbers(graph: EnsembleGraph, trees: Sequence[Tree], strict: bool) -> str:
    """[N,trees]: the number of the leaf that a row reaches, from 0 in each tree."""
    numbered = []
    for at, tree in enumerate(trees):
        ends = tree.feature < 0
        number = np.zeros((len(tree.feature), 1))
        number[ends, 0] = np.arange(int(ends.sum()))
        numbered.append(replace(tree, values=number, targets=[at]))
    return graph.trees(numbered, len(trees), strict)
