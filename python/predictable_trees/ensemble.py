"""A graph over one matrix of columns, with ensembles of trees in it: each is one node of ai.onnx.ml."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from onnx import AttributeProto, NodeProto, TensorProto, helper, numpy_helper
from predictable_facts.thresholds import before_rounding, rounded_down
from predictable_graph.graph import ML, TYPES, Graph
from predictable_trees.ranks import ranked
from predictable_trees.trees import Tree, expanded

INPUT = "X"
# Before it, tree ensembles have no double thresholds.
ML_WITH_DOUBLE = 3


class EnsembleGraph(Graph):
    """A graph whose one input is the matrix of all columns.

    `matrix`: the tensor [N,F] that trees read; `double`: whether it is of double, and `wide`: which of its columns then hold more than a
    float. Scores are float in any case: the operator gives no other.
    """

    def __init__(self, width: int, request: Mapping[str, Any], wide: Collection[int] | None = None) -> None:
        super().__init__(request["opsets"], request["ir"], np.float32)
        self.width = width
        self.double = request["precision"] == "double" or bool(wide)
        self.wide = frozenset(range(width) if wide is None else wide)
        self.unrounded: str | None = None
        self.matrix = self.input(INPUT, TYPES["double" if self.double else "float"], width)

    def round_input(self) -> None:
        """For originals that take their rows as float32, whatever they are given."""
        if self.double:
            self.unrounded, self.double = self.matrix, False
            self.matrix = self.emit("Cast", [self.matrix], to=TensorProto.FLOAT)

    def summed_in_double(self, trees: Sequence[Tree], targets: int, strict: bool) -> str:
        """`trees` with double attributes, whatever the matrix is.

        ONNX Runtime drops a cast to float and back: what is rounded is compared unrounded, with thresholds that say the same.
        """
        matrix, double = self.matrix, self.double
        if not double and self.unrounded is not None:
            self.matrix, trees = self.unrounded, [replace(tree, threshold=before_rounding(tree.threshold, strict)) for tree in trees]
        elif not double:
            self.matrix = self.cast(matrix, "double")
        self.double = True
        result = self.trees(trees, targets, strict)
        self.matrix, self.double = matrix, double
        return result

    def trees(self, trees: Sequence[Tree], targets: int, strict: bool) -> str:
        """The sums of the trees' values [N,targets]. `strict`: whether they compare with < instead of ≤."""
        double = self.double
        source, grown = self.matrix, [expanded(tree, strict, double) for tree in trees]
        if double and self.opsets[ML] < ML_WITH_DOUBLE:
            source, grown = ranked(self, grown, self.wide, strict)
            double = False
        node = NodeProto(op_type="TreeEnsembleRegressor", domain=ML, name=self.fresh())
        node.input.append(source)
        node.output.append(node.name)
        write_trees(node, grown, strict, double)
        node.attribute.append(helper.make_attribute("n_targets", targets))
        self.graph.node.append(node)
        return node.name


def write_trees(node: NodeProto, trees: Sequence[Tree], strict: bool, double: bool) -> None:
    """Whole columns at a time: a large ensemble has a million nodes."""
    sizes = [len(tree.feature) for tree in trees]
    feature = np.concatenate([tree.feature for tree in trees])
    inner = feature >= 0
    threshold = np.concatenate([tree.threshold for tree in trees]).astype(np.float64)
    if not (strict or double):
        threshold = rounded_down(threshold)

    def of_inner(name: str) -> np.ndarray:
        return np.where(inner, np.concatenate([getattr(tree, name) for tree in trees]), 0)

    add_ints(node, "nodes_treeids", np.repeat(np.arange(len(trees)), sizes))
    add_ints(node, "nodes_nodeids", np.concatenate([np.arange(size) for size in sizes]))
    add_ints(node, "nodes_featureids", np.where(inner, feature, 0))
    add_ints(node, "nodes_truenodeids", of_inner("left"))
    add_ints(node, "nodes_falsenodeids", of_inner("right"))
    add_ints(node, "nodes_missing_value_tracks_true", of_inner("missing_left"))
    branch, leaf = b"BRANCH_LT" if strict else b"BRANCH_LEQ", b"LEAF"
    modes = AttributeProto(name="nodes_modes", type=AttributeProto.STRINGS)
    modes.strings.extend(branch if is_inner else leaf for is_inner in inner.tolist())
    node.attribute.append(modes)
    add_numbers(node, "nodes_values", np.where(inner, threshold, 0.0), double)
    write_leaves(node, trees, double)


def write_leaves(node: NodeProto, trees: Sequence[Tree], double: bool) -> None:
    ids = [np.flatnonzero(tree.feature < 0) for tree in trees]
    counts = [len(leaves) * len(tree.targets) for leaves, tree in zip(ids, trees)]
    add_ints(node, "target_treeids", np.repeat(np.arange(len(trees)), counts))
    add_ints(node, "target_nodeids", np.concatenate([np.repeat(leaves, len(tree.targets)) for leaves, tree in zip(ids, trees)]))
    add_ints(node, "target_ids", np.concatenate([np.tile(tree.targets, len(leaves)) for leaves, tree in zip(ids, trees)]))
    add_numbers(node, "target_weights", np.concatenate([tree.values[leaves].ravel() for leaves, tree in zip(ids, trees)]), double)


def add_ints(node: NodeProto, name: str, values: np.ndarray) -> None:
    attribute = AttributeProto(name=name, type=AttributeProto.INTS)
    attribute.ints.extend(values.astype(np.int64).tolist())
    node.attribute.append(attribute)


def add_numbers(node: NodeProto, name: str, values: np.ndarray, double: bool) -> None:
    if double:
        tensor = numpy_helper.from_array(values.astype(np.float64), name)
        node.attribute.append(AttributeProto(name=f"{name}_as_tensor", type=AttributeProto.TENSOR, t=tensor))
        return
    attribute = AttributeProto(name=name, type=AttributeProto.FLOATS)
    attribute.floats.extend(values.astype(np.float32).tolist())
    node.attribute.append(attribute)
