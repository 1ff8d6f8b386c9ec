"""AdaBoost over trees: votes with weights, and the median of predictions with weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_trees.sums import in_order
from predictable_trees.trees import Tree

from writing.nodes import Nodes
from writing.registration import add_beside, add_values_beside, classifier_shapes
from writing.tree_ensembles.arrays import shares, tree_of
from writing.tree_ensembles.forests import has_trees, target_count
from writing.tree_ensembles.reading import tree_graph


def register() -> None:
    from sklearn.ensemble import AdaBoostClassifier, AdaBoostRegressor

    add_beside(AdaBoostClassifier, votes_once, classifier_shapes, convert_classifier)
    add_values_beside(AdaBoostRegressor, has_trees, target_count, convert_regressor)


def votes_once(model: Any) -> bool:
    """SAMME; SAMME.R, of scikit-learn up to 1.5, adds up logarithms of probabilities."""
    return has_trees(model) and getattr(model, "algorithm", "SAMME") != "SAMME.R"


def convert_classifier(nodes: Nodes, model: Any) -> None:
    """A tree's class gets its weight, the others lose a part of it; the sum is divided by the sum of the weights."""
    graph = tree_graph(nodes, model, int(model.n_features_in_), rounds=True)
    count = len(model.classes_)
    weights = np.asarray(model.estimator_weights_, dtype=np.float64)[: len(model.estimators_)]
    total = in_order(graph, [vote(member, weight, model.classes_) for member, weight in zip(model.estimators_, weights)], count)
    (total,) = nodes.joined(graph, [total])
    decision = nodes.emit("Div", total, float(np.asarray(model.estimator_weights_).sum()))
    if count == 2:
        decision = nodes.emit("Sub", nodes.column(decision, 1), nodes.column(decision, 0))
    scores = nodes.label_by_scores(decision, model.classes_)
    if not nodes.wants_scores(model):
        scores = nodes.emit("Softmax", nodes.emit("Div", scores, 2.0 if count == 2 else float(count - 1)), axis=1)
    nodes.deliver(scores, 1)


def vote(member: Any, weight: float, classes: np.ndarray) -> Tree:
    chosen = member.classes_.take(np.argmax(shares(member), axis=1))
    values = np.where(chosen[:, None] == np.asarray(classes)[None, :], weight, -1.0 / (len(classes) - 1) * weight)
    return tree_of(member.tree_, values, list(range(len(classes))))


def convert_regressor(nodes: Nodes, model: Any) -> None:
    """The prediction at which the weights, added up from the lowest prediction on, reach half of their sum."""
    graph = tree_graph(nodes, model, int(model.n_features_in_), rounds=True)
    weights = np.asarray(model.estimator_weights_, dtype=np.float64)[: len(model.estimators_)]
    # Predictions stand for themselves by their rank among all leaves: float32 holds that exactly.
    predictions = np.unique(np.concatenate([member.tree_.value[:, 0, 0] for member in model.estimators_]))
    trees = []
    for at, member in enumerate(model.estimators_):
        ranks = np.searchsorted(predictions, member.tree_.value[:, 0, 0])
        trees.append(tree_of(member.tree_, ranks, [at]))
    (ranks,) = nodes.joined(graph, [graph.trees(trees, len(trees), strict=False)])
    lowest_first = nodes.emit_all("TopK", 2, nodes.emit("Neg", ranks), np.array([len(trees)]), axis=1)
    sorted_ranks, order = nodes.emit("Neg", lowest_first[0]), lowest_first[1]
    sums = nodes.emit("CumSum", nodes.emit("Gather", weights, order, axis=0), np.array(1))
    half = nodes.emit("Mul", nodes.column(sums, len(trees) - 1), 0.5)
    reached = nodes.emit("Cast", nodes.emit("Not", nodes.emit("Less", sums, half)), to=1)
    place = nodes.emit("ArgMax", reached, axis=1, keepdims=1)
    rank = nodes.int64(nodes.emit("GatherElements", sorted_ranks, place, axis=1))
    nodes.deliver(nodes.emit("Gather", predictions, rank, axis=0))
