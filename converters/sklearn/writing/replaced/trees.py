"""skl2onnx's walk over a scikit-learn tree, replaced: whole arrays instead of node by node, and missing values go where they should."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
from predictable_facts.thresholds import rounded_down

USERS = ("decision_tree", "gradient_boosting", "isolation_forest", "random_forest")


def register() -> None:
    from skl2onnx.common import tree_ensemble

    if tree_ensemble.add_tree_to_attribute_pairs is add_tree:
        return
    modules = [importlib.import_module(f"skl2onnx.operator_converters.{name}") for name in USERS]
    for name, replacement in REPLACED.items():
        for module in (tree_ensemble, *modules):
            if hasattr(module, name):
                setattr(module, name, replacement)


def add_tree(
    attr_pairs: dict[str, list[Any]],
    is_classifier: bool,
    tree: Any,
    tree_id: int,
    tree_weight: float,
    weight_id_bias: int,
    leaf_weights_are_counts: bool,
    adjust_threshold_for_sklearn: bool = False,
    dtype: Any = None,
) -> None:
    """Appends one tree to the attributes of a TreeEnsemble. The nine arguments are those of skl2onnx's function that it stands for.

    scikit-learn compares a float32 with a double threshold: rounded down to float32, each goes where it went.
    """
    left, right = tree.children_left, tree.children_right
    ids = np.arange(tree.node_count)
    inner = (left > ids) | (right > ids)
    exact = dtype == np.float64 or not adjust_threshold_for_sklearn
    thresholds = tree.threshold if exact else rounded_down(tree.threshold)
    missing = getattr(tree, "missing_go_to_left", np.zeros(tree.node_count, dtype=np.uint8))
    leaves = np.flatnonzero(~inner)
    weights = leaf_weights(tree.value[leaves], tree_weight, leaf_weights_are_counts)
    # Of two classes, the second's share says both.
    if weights.shape[1] == 2 and is_classifier:
        weights = weights[:, 1:]
    columns = {
        "nodes_treeids": np.full(tree.node_count, tree_id),
        "nodes_nodeids": ids,
        "nodes_featureids": np.where(inner, tree.feature, 0),
        "nodes_values": np.where(inner, thresholds, 0.0),
        "nodes_modes": np.where(inner, "BRANCH_LEQ", "LEAF"),
        "nodes_truenodeids": np.where(inner, left, 0),
        "nodes_falsenodeids": np.where(inner, right, 0),
        "nodes_missing_value_tracks_true": np.where(inner, missing, 0),
        "nodes_hitrates": np.ones(tree.node_count),
        **leaf_columns("class" if is_classifier else "target", tree_id, leaves, weights, weight_id_bias),
    }
    for name, values in columns.items():
        attr_pairs[name].extend(values.tolist())


def leaf_weights(values: np.ndarray, tree_weight: float, counts: bool) -> np.ndarray:
    """[leaves, classes or targets]. `counts`: the values are numbers of rows, of which the shares are wanted."""
    weights = values.reshape(len(values), -1).astype(np.float64)
    factors = np.full((len(weights), 1), float(tree_weight))
    if counts:
        sums = weights.sum(axis=1, keepdims=True)
        factors /= np.where(sums != 0.0, sums, 1.0)
    return weights * factors


def leaf_columns(prefix: str, tree_id: int, leaves: np.ndarray, weights: np.ndarray, first_id: int) -> dict[str, np.ndarray]:
    """Attributes of one weight after the other, leaf by leaf; its class or target is `first_id` and those after it."""
    count, per_leaf = weights.shape
    return {
        f"{prefix}_treeids": np.full(count * per_leaf, tree_id),
        f"{prefix}_nodeids": np.repeat(leaves, per_leaf),
        f"{prefix}_ids": np.tile(np.arange(per_leaf) + first_id, count),
        f"{prefix}_weights": weights.ravel(),
    }


class BoostedTree:
    """A tree of histogram boosting in the form of a scikit-learn tree."""

    def __init__(self, nodes: np.ndarray) -> None:
        inner = nodes["is_leaf"] == 0
        self.node_count = len(nodes)
        self.children_left = np.where(inner, nodes["left"].astype(np.int64), -1)
        self.children_right = np.where(inner, nodes["right"].astype(np.int64), -1)
        self.feature = np.where(inner, nodes["feature_idx"].astype(np.int64), 0)
        self.threshold = nodes["num_threshold"]
        self.missing_go_to_left = nodes["missing_go_to_left"]
        self.value = nodes["value"].reshape(-1, 1, 1)


def add_boosted_tree(attr_pairs: dict[str, list[Any]], is_classifier: bool, tree: Any, *rest: Any, **named: Any) -> None:
    # An infinite threshold sends every number to the left: float32 holds it too.
    add_tree(attr_pairs, is_classifier, BoostedTree(tree.nodes), *rest, **named)


REPLACED = {
    "add_tree_to_attribute_pairs": add_tree,
    "add_tree_to_attribute_pairs_hist_gradient_boosting": add_boosted_tree,
}
