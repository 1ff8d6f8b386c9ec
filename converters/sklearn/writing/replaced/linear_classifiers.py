"""Classifiers that decide by weighted sums of the columns. skl2onnx labels by probabilities, of which the largest may be equal."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.nodes import Nodes
from writing.registration import add_classifier


def register() -> None:
    from sklearn.linear_model import (
        LogisticRegression,
        LogisticRegressionCV,
        PassiveAggressiveClassifier,
        Perceptron,
        RidgeClassifier,
        RidgeClassifierCV,
        SGDClassifier,
    )
    from sklearn.svm import LinearSVC

    for cls in (LogisticRegression, LogisticRegressionCV):
        add_classifier(cls, convert_logistic, options=("raw_scores",))
    for cls in (LinearSVC, PassiveAggressiveClassifier, Perceptron, RidgeClassifier, RidgeClassifierCV):
        add_classifier(cls, convert_scores, options=("raw_scores",))
    add_classifier(SGDClassifier, convert_gradient, options=("raw_scores",))


def convert_logistic(nodes: Nodes, model: Any) -> None:
    scores = labelled(nodes, model)
    if nodes.wants_scores(model):
        nodes.deliver(scores, 1)
    elif one_against_rest(model):
        nodes.deliver(shares_of_each(nodes, scores, len(model.classes_)), 1)
    else:
        nodes.deliver(nodes.emit("Softmax", scores, axis=1), 1)


def one_against_rest(model: Any) -> bool:
    """Whether each class has a logistic curve of its own; from 1.8 on this is so of two classes only."""
    multi_class = getattr(model, "multi_class", "auto")
    if multi_class in ("auto", "deprecated"):
        return len(model.classes_) <= 2 or hasattr(model, "multi_class") and model.solver in ("liblinear", "newton-cholesky")
    return multi_class in ("ovr", "warn")


def convert_scores(nodes: Nodes, model: Any) -> None:
    nodes.deliver(labelled(nodes, model), 1)


def convert_gradient(nodes: Nodes, model: Any) -> None:
    scores, count = labelled(nodes, model), len(model.classes_)
    if nodes.wants_scores(model) or model.loss not in ("log_loss", "log", "modified_huber"):
        nodes.deliver(scores, 1)
    elif model.loss == "modified_huber":
        cut = nodes.emit("Min", nodes.emit("Max", scores, -1.0), 1.0)
        nodes.deliver(evened(nodes, nodes.emit("Div", nodes.emit("Add", cut, 1.0), 2.0), count), 1)
    else:
        nodes.deliver(shares_of_each(nodes, scores, count), 1)


def labelled(nodes: Nodes, model: Any) -> str:
    """[N,classes]: the scores, of which the largest decides, the first of equals; of two classes the one score and what it is taken from."""
    coefficients = np.atleast_2d(np.asarray(model.coef_, dtype=np.float64))
    intercepts = np.broadcast_to(np.ravel(np.asarray(model.intercept_, dtype=np.float64)), (len(coefficients),))
    scores = nodes.emit("Add", nodes.product(nodes.rows(), coefficients.T), intercepts.reshape(1, -1))
    return nodes.label_by_scores(scores, model.classes_)


def shares_of_each(nodes: Nodes, scores: str, count: int) -> str:
    """Each class's logistic curve; of two, the second's and what is left."""
    if count == 2:
        share = nodes.sigmoid(nodes.column(scores, 1))
        return nodes.emit("Concat", nodes.emit("Sub", 1.0, share), share, axis=1)
    return evened(nodes, nodes.sigmoid(scores), count)


def evened(nodes: Nodes, values: str, count: int) -> str:
    """Divided by their sum; where all are zero, each has the same."""
    total = nodes.total(values, count)
    without = nodes.number(nodes.emit("Equal", total, 0.0))
    values = nodes.emit("Add", values, without)
    return nodes.emit("Div", values, nodes.emit("Add", total, nodes.emit("Mul", without, float(count))))
