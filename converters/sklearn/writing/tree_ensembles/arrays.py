"""The trees of scikit-learn's estimators, as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_trees.trees import Tree


def tree_of(fitted: Any, values: np.ndarray, targets: list[int], features: np.ndarray | None = None) -> Tree:
    """`fitted`: scikit-learn's own array of nodes. `values` [nodes, targets] count at its leaves. `features`: those that it was given."""
    inner = fitted.children_left >= 0
    feature = np.where(inner, fitted.feature, 0)
    feature = feature if features is None else np.asarray(features)[feature]
    missing = getattr(fitted, "missing_go_to_left", np.zeros(fitted.node_count))
    return Tree(
        feature=np.where(inner, feature, -1).astype(np.int64),
        threshold=np.where(inner, fitted.threshold, 0.0),
        left=np.where(inner, fitted.children_left, 0),
        right=np.where(inner, fitted.children_right, 0),
        missing_left=np.where(inner, missing, 0).astype(bool),
        values=np.asarray(values, dtype=np.float64).reshape(fitted.node_count, -1),
        targets=targets,
    )


def boosted_tree(nodes: np.ndarray, target: int) -> Tree:
    """A tree of histogram boosting."""
    inner = nodes["is_leaf"] == 0
    return Tree(
        feature=np.where(inner, nodes["feature_idx"].astype(np.int64), -1),
        threshold=np.where(inner, nodes["num_threshold"], 0.0).astype(np.float64),
        left=np.where(inner, nodes["left"].astype(np.int64), 0),
        right=np.where(inner, nodes["right"].astype(np.int64), 0),
        missing_left=np.where(inner, nodes["missing_go_to_left"], 0).astype(bool),
        values=nodes["value"].astype(np.float64).reshape(-1, 1),
        targets=[target],
    )


def shares(estimator: Any) -> np.ndarray:
    """[nodes, classes], of several targets side by side: what `predict_proba` of a tree gives."""
    counts = np.atleast_1d(estimator.n_classes_)
    return np.concatenate([shares_of_target(estimator.tree_.value[:, at, : int(count)]) for at, count in enumerate(counts)], axis=1)


def shares_of_target(values: np.ndarray) -> np.ndarray:
    """Before 1.3 nodes held weights of rows."""
    totals = values.sum(axis=1, keepdims=True)
    normalised = np.abs(totals - 1.0).max() < 1e-9
    return values if normalised else values / np.where(totals == 0.0, 1.0, totals)
