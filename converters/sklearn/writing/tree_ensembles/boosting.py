"""Gradient boosting and histogram boosting: sums of trees, and what their losses make of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from predictable_trees.sums import scores, values
from predictable_trees.trees import Tree, constant_tree
from sklearn.base import is_classifier

from describing.tree_models import starts_constant
from writing import members
from writing.nodes import Nodes
from writing.registration import add_classifier, add_values
from writing.tree_ensembles.arrays import boosted_tree, tree_of
from writing.tree_ensembles.reading import tree_graph


def register() -> None:
    from sklearn import ensemble

    for kind, trees, rounds in (("GradientBoosting", gradient_trees, True), ("HistGradientBoosting", histogram_trees, False)):
        classifier, regressor = (getattr(ensemble, kind + role) for role in ("Classifier", "Regressor"))
        add_classifier(classifier, classifier_of(trees, rounds), options=("raw_scores",))
        add_values(regressor, lambda _: 1, regressor_of(trees, rounds))


def gradient_trees(model: Any) -> list[Tree]:
    count = model.estimators_.shape[1]
    trees = []
    if starts_constant(model):
        start = model._raw_predict_init(np.zeros((1, model.n_features_in_), dtype=np.float32))
        trees.append(constant_tree(start, list(range(count))))
    for stage in model.estimators_:
        for target, member in enumerate(stage):
            trees.append(tree_of(member.tree_, model.learning_rate * member.tree_.value[:, 0, 0], [target]))
    return trees


def histogram_trees(model: Any) -> list[Tree]:
    start = np.asarray(model._baseline_prediction, dtype=np.float64).reshape(1, -1)
    trees = [constant_tree(start, list(range(start.shape[1])))]
    for group in model._predictors:
        trees += [boosted_tree(predictor.nodes, target) for target, predictor in enumerate(group)]
    return trees


def classifier_of(trees_of: Callable[[Any], list[Tree]], rounds: bool) -> Callable[[Nodes, Any], None]:
    def convert(nodes: Nodes, model: Any) -> None:
        graph = tree_graph(nodes, model, int(model.n_features_in_), rounds)
        count = 1 if len(model.classes_) == 2 else len(model.classes_)
        (raw,) = nodes.joined(graph, [scores(graph, trees_of(model), count)])
        raw = with_start(nodes, model, raw)
        nodes.label(label_places(nodes, model, raw), model.classes_)
        nodes.deliver(both(nodes, model, raw) if nodes.wants_scores(model) else shares(nodes, model, raw), 1)

    return convert


def with_start(nodes: Nodes, model: Any, raw: str) -> str:
    """Adds what another estimator says before the first tree, on the scale of the trees."""
    if starts_constant(model):
        return raw
    if not is_classifier(model):
        return nodes.emit("Add", members.values(nodes, model.init_), raw)
    if not hasattr(model._loss, "link"):
        raise NotImplementedError("its init estimator is converted as scikit-learn 1.4 and later begin with it")
    least = float(np.finfo(np.float64).eps)
    shares = nodes.emit("Min", nodes.emit("Max", members.shares(nodes, model.init_), least), 1.0 - least)
    logarithms = nodes.log(shares)
    if len(model.classes_) > 2:
        count = len(model.classes_)
        mean = nodes.emit("Div", nodes.total(logarithms, count), float(count))
        return nodes.emit("Add", nodes.emit("Sub", logarithms, mean), raw)
    second = nodes.column(shares, 1)
    odds = nodes.log(nodes.emit("Div", second, nodes.emit("Sub", 1.0, second)))
    return nodes.emit("Add", nodes.emit("Mul", odds, 0.5 if model.loss == "exponential" else 1.0), raw)


def label_places(nodes: Nodes, model: Any, raw: str) -> str:
    """[N]. Of two classes the sign decides; at 0 each class of estimators, and each version, in its own way."""
    if len(model.classes_) > 2:
        return nodes.emit("ArgMax", raw, axis=1, keepdims=0)
    is_second = nodes.emit("Not", nodes.emit("Less", raw, 0.0)) if second_at_zero(model) else nodes.emit("Greater", raw, 0.0)
    return nodes.emit("Reshape", nodes.int64(is_second), np.array([-1]))


def second_at_zero(model: Any) -> bool:
    if type(model).__name__.startswith("Hist"):
        return False
    decide = getattr(model._loss, "_raw_prediction_to_decision", None)
    return True if decide is None else bool(decide(np.zeros((1, 1)))[0])


def both(nodes: Nodes, model: Any, raw: str) -> str:
    """[N, classes]: of two classes the one score stands for both."""
    return raw if len(model.classes_) > 2 else nodes.emit("Concat", nodes.emit("Neg", raw), raw, axis=1)


def shares(nodes: Nodes, model: Any, raw: str) -> str:
    if len(model.classes_) > 2:
        return nodes.emit("Softmax", raw, axis=1)
    is_exponential = getattr(model, "loss", "") == "exponential"
    second = nodes.sigmoid(nodes.emit("Mul", raw, 2.0) if is_exponential else raw)
    return nodes.emit("Concat", nodes.emit("Sub", 1.0, second), second, axis=1)


def regressor_of(trees_of: Callable[[Any], list[Tree]], rounds: bool) -> Callable[[Nodes, Any], None]:
    def convert(nodes: Nodes, model: Any) -> None:
        graph = tree_graph(nodes, model, int(model.n_features_in_), rounds)
        (raw,) = nodes.joined(graph, [values(graph, trees_of(model), 1)])
        raw = with_start(nodes, model, raw)
        is_logarithm = getattr(model, "loss", "") in ("poisson", "gamma")
        nodes.deliver(nodes.emit("Exp", raw) if is_logarithm else raw)

    return convert
