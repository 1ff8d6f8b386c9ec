"""Trees of numbers as one ai.onnx.ml node whose outputs are the leaves, one column a tree: sums are then taken in double.

TreeEnsembleRegressor adds up in float32, which moves a sum of hundreds of trees by 1e-6 and more; a label that is decided
by a threshold that training took from a row's own prediction then flips for this very row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from predictable_graph.graph import ML, Graph

FLOAT_MAX = float(np.finfo(np.float32).max)


@dataclass
class Tree:
    """Nodes by index, the root first; `left` is −1 at a leaf. `mode`: how a value is compared to go left."""

    feature: list[int] = field(default_factory=list)
    threshold: list[float] = field(default_factory=list)
    mode: list[str] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    missing_left: list[bool] = field(default_factory=list)
    leaf: list[float] = field(default_factory=list)

    def add_leaf(self, value: float) -> int:
        return self.add(0, 0.0, "LEAF", False, value)

    def add_split(self, feature: int, threshold: float, mode: str, missing_left: bool) -> int:
        """Its children are set afterwards."""
        return self.add(feature, threshold, mode, missing_left, 0.0)

    def add(self, feature: int, threshold: float, mode: str, missing_left: bool, leaf: float) -> int:
        self.feature.append(feature)
        self.threshold.append(threshold)
        self.mode.append(mode)
        self.missing_left.append(missing_left)
        self.leaf.append(leaf)
        self.left.append(-1)
        self.right.append(-1)
        return len(self.left) - 1


def leaves(graph: Graph, matrix: str, trees: list[Tree], places: Mapping[int, int] | None = None) -> str:
    """[N, trees] in double, of a matrix [N, F] in float; `places`: where a feature of the trees stands in it."""
    attributes: dict[str, list[Any]] = {name: [] for name in ATTRIBUTES}
    for at, tree in enumerate(trees):
        count = len(tree.left)
        inner = [mode != "LEAF" for mode in tree.mode]
        attributes["nodes_treeids"] += [at] * count
        attributes["nodes_nodeids"] += range(count)
        attributes["nodes_featureids"] += [places[f] if places and i else f for f, i in zip(tree.feature, inner)]
        attributes["nodes_values"] += tree.threshold
        attributes["nodes_modes"] += tree.mode
        attributes["nodes_truenodeids"] += [max(child, 0) for child in tree.left]
        attributes["nodes_falsenodeids"] += [max(child, 0) for child in tree.right]
        attributes["nodes_missing_value_tracks_true"] += [int(left) for left in tree.missing_left]
        ends = [node for node in range(count) if not inner[node]]
        attributes["target_treeids"] += [at] * len(ends)
        attributes["target_nodeids"] += ends
        attributes["target_ids"] += [at] * len(ends)
        attributes["target_weights"] += [tree.leaf[node] for node in ends]
    reached = graph.emit(
        "TreeEnsembleRegressor", [matrix], ML, **attributes, n_targets=len(trees), aggregate_function="SUM", post_transform="NONE"
    )
    return graph.cast(reached, "double")


def leaf_rows(graph: Graph, matrix: str, trees: list[Tree], rows: list[np.ndarray]) -> str:
    """[N, trees, K] in double: of each tree the row of its leaf, for leaves that float32 does not hold.

    `rows`: of each tree [its leaves, K]; a leaf's own number in `tree.leaf` is the place of its row.
    """
    starts = np.cumsum([0, *(len(own) for own in rows[:-1])])
    places = graph.cast(leaves(graph, matrix, trees), "int64")
    places = graph.emit("Add", [places, graph.constant(starts, np.int64)])
    return graph.emit("Gather", [graph.constant(np.concatenate(rows)), places], axis=0)


ATTRIBUTES = (
    "nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_values", "nodes_modes", "nodes_truenodeids",
    "nodes_falsenodeids", "nodes_missing_value_tracks_true", "target_treeids", "target_nodeids", "target_ids", "target_weights",
)  # fmt: skip
