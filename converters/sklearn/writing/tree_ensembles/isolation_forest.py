"""IsolationForest: how deep a row falls, added up over the trees."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_trees.sums import in_order, scores
from predictable_trees.trees import Tree

from writing.nodes import Nodes
from writing.registration import add_labelled
from writing.tree_ensembles.arrays import tree_of
from writing.tree_ensembles.reading import tree_graph


def register() -> None:
    from sklearn.ensemble import IsolationForest

    add_labelled(IsolationForest, lambda _: 1, convert, column=True, options=("score_samples",))


def convert(nodes: Nodes, forest: Any) -> None:
    """decision = −2^(−sum of lengths / (trees · c)) − offset. The label is −1 below 0: where the sum is below the number found here."""
    graph = tree_graph(nodes, forest, int(forest.n_features_in_), rounds=True)
    trees = [depth_tree(member.tree_, features) for member, features in zip(forest.estimators_, forest.estimators_features_)]
    # An offset from `contamination` is the score of a training row: for rows like it the last digit decides.
    add = scores if forest.offset_ == -0.5 else in_order
    (total,) = nodes.joined(graph, [add(graph, trees, 1)])
    count = float(len(trees) * average_path_lengths([int(forest._max_samples)])[0])
    # Of a single row of training nothing is learnt: the ratio is 1.
    ratio = nodes.emit("Div", total, count) if count else nodes.constant_rows(np.ones((1, 1)))
    anomaly = nodes.emit("Exp", nodes.emit("Mul", ratio, -np.log(2.0)))
    nodes.deliver(nodes.emit("Sub", -float(forest.offset_), anomaly), 1)
    nodes.label_outliers(nodes.emit("Less", total, first_inlier(forest, count)))


def first_inlier(forest: Any, count: float) -> float:
    """The smallest sum of lengths whose decision is not below 0, by bisection with scikit-learn's own formula."""

    def is_outlier(total: float) -> bool:
        ratio = total / count if count else 1.0
        return bool(-(2.0 ** np.float64(-ratio)) - forest.offset_ < 0)

    low, high = 0.0, 1e9
    if not is_outlier(low):
        return low
    if is_outlier(high):
        return np.finfo(np.float64).max
    while True:
        half = (low + high) / 2
        if half in (low, high):
            return high
        low, high = (half, high) if is_outlier(half) else (low, half)


def depth_tree(tree: Any, features: np.ndarray) -> Tree:
    lengths = node_depths(tree) + average_path_lengths(tree.n_node_samples) - 1.0
    return tree_of(tree, lengths, [0], features)


def average_path_lengths(samples: Any) -> np.ndarray:
    from sklearn.ensemble._iforest import _average_path_length

    return np.asarray(_average_path_length(samples))


def node_depths(tree: Any) -> np.ndarray:
    """The root's is 1. From 1.3 on scikit-learn keeps them itself; children come after their parent."""
    depths = np.ones(tree.node_count)
    for node, (left, right) in enumerate(zip(tree.children_left, tree.children_right)):
        if left > node:
            depths[[left, right]] = depths[node] + 1.0
    return depths
