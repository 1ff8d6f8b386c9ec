"""Trees by themselves, and forests that average what their trees say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from predictable_trees.sums import in_order, values
from predictable_trees.trees import Tree

from writing.nodes import Nodes
from writing.registration import add_beside, add_values_beside, classifier_shapes
from writing.tree_ensembles.members import shares, tree_of
from writing.tree_ensembles.reading import tree_graph

TREES = ("DecisionTree{}", "ExtraTree{}")
FORESTS = ("RandomForest{}", "ExtraTrees{}")


def register() -> None:
    import sklearn.ensemble
    import sklearn.tree

    for module, names in ((sklearn.tree, TREES), (sklearn.ensemble, FORESTS)):
        for name in names:
            add_beside(getattr(module, name.format("Classifier")), has_one_target, classifier_shapes, convert_classifier)
            add_values_beside(getattr(module, name.format("Regressor")), has_trees, target_count, convert_regressor)


def members(model: Any) -> list[Any]:
    return list(getattr(model, "estimators_", [model]))


def has_trees(model: Any) -> bool:
    return all(hasattr(member, "tree_") for member in members(model))


def has_one_target(model: Any) -> bool:
    return has_trees(model) and not isinstance(model.classes_, list)


def target_count(model: Any) -> int:
    return int(getattr(model, "n_outputs_", 1))


def features_of(model: Any) -> list[Any]:
    """Of each member: the features that it was given, where those are not all."""
    return list(getattr(model, "estimators_features_", [None] * len(members(model))))


def convert_classifier(nodes: Nodes, model: Any) -> None:
    graph = tree_graph(nodes, model, int(model.n_features_in_), rounds=True)
    count = len(model.classes_)
    trees = class_trees(model)
    total = in_order(graph, trees, count)
    mean = total if len(trees) == 1 else graph.emit("Div", [total, graph.constant([float(len(trees))], np.float64)])
    (mean,) = nodes.joined(graph, [mean])
    nodes.label(nodes.emit("ArgMax", mean, axis=1, keepdims=0), model.classes_)
    nodes.deliver(mean, 1)


def class_trees(model: Any) -> list[Tree]:
    return [
        tree_of(member.tree_, shares(member), class_places(member, model), features)
        for member, features in zip(members(model), features_of(model))
    ]


def class_places(member: Any, model: Any) -> list[int]:
    """Which classes of the whole those of a member are: of bagging, a member may have seen some only, and knows them by number."""
    if len(member.classes_) == len(model.classes_):
        return list(range(len(model.classes_)))
    return [int(place) for place in member.classes_]


def convert_regressor(nodes: Nodes, model: Any) -> None:
    graph = tree_graph(nodes, model, int(model.n_features_in_), rounds=True)
    count = target_count(model)
    (mean,) = nodes.joined(graph, [values(graph, mean_trees(model, count), count)])
    nodes.deliver(mean)


def mean_trees(model: Any, count: int) -> Sequence[Tree]:
    targets = list(range(count))
    return [
        tree_of(member.tree_, member.tree_.value[:, :, 0] / len(members(model)), targets, features)
        for member, features in zip(members(model), features_of(model))
    ]
