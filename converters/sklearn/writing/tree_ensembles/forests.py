"""Trees by themselves, and forests that average what their trees say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from predictable_trees.sums import in_order, values
from predictable_trees.trees import Tree

from preparing.trees import READING
from writing.arithmetic import float_type
from writing.nodes import Nodes, is_text
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
            add_beside(getattr(module, name.format("Classifier")), has_trees, class_shapes, convert_classes)
            add_values_beside(getattr(module, name.format("Regressor")), has_trees, target_count, convert_regressor)


def members(model: Any) -> list[Any]:
    return list(getattr(model, "estimators_", [model]))


def has_trees(model: Any) -> bool:
    """Whether its members are trees over its own rows; a member that reads columns for itself was a pipeline."""
    own = members(model)
    return all(hasattr(member, "tree_") and (member is model or READING not in vars(member)) for member in own)


def has_one_target(model: Any) -> bool:
    return has_trees(model) and not isinstance(model.classes_, list)


def class_shapes(operator: Any) -> None:
    (classifier_shapes if has_one_target(operator.raw_operator) else several_shapes)(operator)


def convert_classes(nodes: Nodes, model: Any) -> None:
    (convert_classifier if has_one_target(model) else convert_targets)(nodes, model)


def several_shapes(operator: Any) -> None:
    """Labels [N,targets]; probabilities [targets,N,classes], with zeros for classes that a target does not have."""
    from skl2onnx.common.data_types import Int64TensorType, StringTensorType

    source, classes = operator.inputs[0].type, operator.raw_operator.classes_
    text = any(is_text(np.asarray(own)) for own in classes)
    operator.outputs[0].type = (StringTensorType if text else Int64TensorType)([source.shape[0], len(classes)])
    operator.outputs[1].type = float_type(source)([len(classes), source.shape[0], max(map(len, classes))])


def convert_targets(nodes: Nodes, model: Any) -> None:
    """Of all targets at once: their classes stand side by side in the sums."""
    graph = tree_graph(nodes, model, int(model.n_features_in_), rounds=True)
    counts = [len(own) for own in model.classes_]
    starts, total = np.cumsum([0, *counts[:-1]]).tolist(), sum(counts)
    trees = [tree_of(member.tree_, joined_shares(member), list(range(total))) for member in members(model)]
    sums = in_order(graph, trees, total)
    mean = sums if len(trees) == 1 else graph.emit("Div", [sums, graph.constant([float(len(trees))], np.float64)])
    (mean,) = nodes.joined(graph, [mean])
    labels, tables = [], []
    for own, start in zip(model.classes_, starts):
        part = nodes.emit("Gather", mean, np.arange(start, start + len(own)), axis=1)
        classes = np.asarray(own) if is_text(np.asarray(own)) else np.asarray(own).astype(np.int64)
        labels.append(nodes.emit("Gather", classes, nodes.emit("ArgMax", part, axis=1, keepdims=1), axis=0))
        wide = part if len(own) == max(counts) else nodes.product(part, np.eye(len(own), max(counts)))
        tables.append(nodes.emit("Reshape", wide, np.array([1, -1, max(counts)])))
    joined = labels[0] if len(labels) == 1 else nodes.emit("Concat", *labels, axis=1)
    nodes.emit("Identity", joined, result=nodes.operator.outputs[0].full_name)
    nodes.deliver(tables[0] if len(tables) == 1 else nodes.emit("Concat", *tables, axis=0), 1)


def joined_shares(member: Any) -> np.ndarray:
    """[nodes, classes of all targets]."""
    parts = []
    for target, count in enumerate(member.n_classes_):
        values = member.tree_.value[:, target, : int(count)]
        totals = values.sum(axis=1, keepdims=True)
        parts.append(values if np.abs(totals - 1.0).max() < 1e-9 else values / np.where(totals == 0.0, 1.0, totals))
    return np.concatenate(parts, axis=1)


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
