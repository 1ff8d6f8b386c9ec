"""The graph that the trees of an estimator are written into, over the columns or features that they read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from predictable_trees.ensemble import EnsembleGraph
from predictable_trees.trees import Tree

from folding.folding import Folding
from preparing.trees import READING
from writing.nodes import Nodes


class TreeGraph(EnsembleGraph):
    """Trees over the matrix of an estimator's inputs.

    `folding`: of trees that read columns in place of features. `rounds`: whether they compare their features as float32.
    """

    def __init__(self, width: int, request: dict[str, Any], folding: Folding | None, wide: set[int] | None) -> None:
        super().__init__(width, request, wide)
        self.folding, self.rounds = folding, False

    def round_input(self) -> None:
        self.rounds = True
        # Columns stay as they are: what is made of them is rounded when it is folded, and so are thresholds of features in double.
        if self.folding is None or not self.double:
            super().round_input()

    def trees(self, trees: Sequence[Tree], targets: int, strict: bool) -> str:
        if self.folding is not None:
            trees = self.folding.trees(trees, strict, self.rounds, self.double)
        return super().trees(trees, targets, strict)


def tree_graph(nodes: Nodes, estimator: Any, width: int, rounds: bool) -> TreeGraph:
    """`width`: how many features the estimator takes; `rounds`: whether it compares them as float32."""
    from skl2onnx.common.data_types import DoubleTensorType

    reading = getattr(estimator, READING, None)
    folding = reading if isinstance(reading, Folding) else None
    double = any(isinstance(source.type, DoubleTensorType) for source in nodes.operator.inputs)
    if folding is not None:
        width, double = folding.width + len(folding.computed), double and bool(folding.wide(rounds))
    elif reading is not None:
        double = double and reading == "double"
    opsets = {domain: nodes.container.target_opset_any_domain(domain) for domain in ("", "ai.onnx.ml")}
    wide = folding.wide(rounds) if folding is not None and double else None
    graph = TreeGraph(width, {"opsets": opsets, "ir": None, "precision": "double" if double else "float"}, folding, wide)
    if rounds:
        graph.round_input()
    return graph
