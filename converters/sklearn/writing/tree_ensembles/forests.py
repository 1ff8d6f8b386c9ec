"""Trees by themselves, and forests that average what their trees say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from predictable_trees.sums import in_order, values
from predictable_trees.trees import Tree

from preparing.trees import READING
from writing.nodes import Nodes, label_values
from writing.registration import add, add_values, classifier_shapes, several_shapes
from writing.tree_ensembles.arrays import shares, tree_of
from writing.tree_ensembles.reading import tree_graph

TREES = ("DecisionTree{}", "ExtraTree{}")
FORESTS = ("RandomForest{}", "ExtraTrees{}")


def register() -> None:
    import sklearn.ensemble
    import sklearn.tree

    for module, names in ((sklearn.tree, TREES), (sklearn.ensemble, FORESTS)):
        for name in names:
            # skl2onnx asks each classifier for its raw scores that knows the option; these have none but their probabilities.
            options = {option: [False, True] for option in ("zipmap", "nocl", "raw_scores")}
            add(getattr(module, name.format("Classifier")), class_shapes, convert_classes, options)
            add_values(getattr(module, name.format("Regressor")), target_count, convert_regressor)


def members(model: Any) -> list[Any]:
    return list(getattr(model, "estimators_", [model]))


def has_trees(model: Any) -> bool:
    """Whether its members are trees over its own rows; a member that reads columns for itself was a pipeline."""
    own = members(model)
    return all(hasattr(member, "tree_") and (member is model or READING not in vars(member)) for member in own)


def has_several_targets(model: Any) -> bool:
    return isinstance(model.classes_, list)


def class_shapes(operator: Any) -> None:
    model = operator.raw_operator
    if has_several_targets(model):
        several_shapes(operator, model.classes_)
    else:
        classifier_shapes(operator)


def convert_classes(nodes: Nodes, model: Any) -> None:
    (convert_targets if has_several_targets(model) else convert_classifier)(nodes, model)


def convert_targets(nodes: Nodes, model: Any) -> None:
    """Of all targets at once: their classes stand side by side in the sums."""
    counts = [len(own) for own in model.classes_]
    mean = mean_shares(nodes, model, sum(counts))
    labels, tables = [], []
    for own, end in zip(model.classes_, np.cumsum(counts).tolist()):
        part = nodes.emit("Gather", mean, np.arange(end - len(own), end), axis=1)
        places = nodes.emit("ArgMax", part, axis=1, keepdims=1)
        labels.append(nodes.emit("Gather", label_values(own), places, axis=0))
        tables.append(part)
    nodes.deliver_targets(labels, tables, counts)


def target_count(model: Any) -> int:
    return int(getattr(model, "n_outputs_", 1))


def features_of(model: Any) -> list[Any]:
    """Of each member: the features that it was given, where those are not all."""
    return list(getattr(model, "estimators_features_", [None] * len(members(model))))


def convert_classifier(nodes: Nodes, model: Any) -> None:
    mean = mean_shares(nodes, model, len(model.classes_))
    nodes.label(nodes.emit("ArgMax", mean, axis=1, keepdims=0), model.classes_)
    nodes.deliver(mean, 1)


def mean_shares(nodes: Nodes, model: Any, count: int) -> str:
    """[N,count] in double; `count`: how many classes there are, of all targets."""
    graph = tree_graph(nodes, model, int(model.n_features_in_), rounds=True)
    trees = [
        tree_of(member.tree_, shares(member), class_places(member, count), features)
        for member, features in zip(members(model), features_of(model))
    ]
    total = in_order(graph, trees, count)
    mean = total if len(trees) == 1 else graph.emit("Div", [total, graph.constant([float(len(trees))], np.float64)])
    return nodes.joined(graph, [mean])[0]


def class_places(member: Any, count: int) -> list[int]:
    """Which classes of the whole those of a member are: of bagging, a member may have seen some only, and knows them by number."""
    if np.sum(member.n_classes_) == count:
        return list(range(count))
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
