"""Estimators that are made of trees, and the features that their trees look at."""

from __future__ import annotations

from typing import Any

import numpy as np

from describing import boosters

# Other ensembles may have trees as members, too, and do more with them than to compare and to add up.
MADE_OF_TREES = frozenset(
    ("DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor RandomForestClassifier RandomForestRegressor "
     "ExtraTreesClassifier ExtraTreesRegressor BaggingClassifier BaggingRegressor AdaBoostClassifier AdaBoostRegressor "
     "GradientBoostingClassifier GradientBoostingRegressor HistGradientBoostingClassifier HistGradientBoostingRegressor IsolationForest "
     "RandomTreesEmbedding").split()
)  # fmt: skip


def tree_members(model: Any) -> list[Any]:
    """Trees of scikit-learn: of an ensemble, or the one that it is; none where some member is no tree."""
    if is_tree(model):
        return [model]
    members = members_of(model)
    return members if members and all(map(is_tree, members)) else []


def members_of(model: Any) -> list[Any]:
    """The fitted members of an ensemble, in one list."""
    members = getattr(model, "estimators_", [])
    return members.ravel().tolist() if isinstance(members, np.ndarray) else list(members)


def is_tree(estimator: Any) -> bool:
    return type(getattr(estimator, "tree_", None)).__name__ == "Tree"


def is_tree_model(model: Any) -> bool:
    """Whether what it computes of a row follows from comparisons alone."""
    if boosters.is_booster(model):
        return boosters.boosted(model).only_compares
    if type(model).__name__ not in MADE_OF_TREES or getattr(model, "algorithm", "") == "SAMME.R":
        return False
    return hasattr(model, "_predictors") or bool(tree_members(model)) and starts_constant(model)


def starts_constant(model: Any) -> bool:
    """Of gradient boosting: whether it begins with the same for every row, not with another estimator's predictions."""
    start = getattr(model, "init_", "zero")
    return isinstance(start, str) or type(start).__name__ in ("DummyClassifier", "DummyRegressor")


def used_features(model: Any) -> set[int]:
    if boosters.is_booster(model):
        nodes = [np.asarray(tree.feature) for tree in boosters.boosted(model).trees]
        return {int(feature) for of_tree in nodes for feature in of_tree[of_tree >= 0]}
    if hasattr(model, "_predictors"):
        found = [predictor.nodes for group in model._predictors for predictor in group]
        return {int(feature) for nodes in found for feature in nodes["feature_idx"][nodes["is_leaf"] == 0]}
    given = getattr(model, "estimators_features_", None)
    used: set[int] = set()
    for at, member in enumerate(tree_members(model)):
        features = member.tree_.feature[member.tree_.feature >= 0]
        used.update(int(feature) for feature in (features if given is None else np.asarray(given[at])[features]))
    return used
