"""RadiusNeighborsClassifier and -Regressor: every row that the model keeps votes when it is within the radius."""

from __future__ import annotations

from typing import Any

import numpy as np

from describing.arrays import dense, matrix
from writing.formulas.distances import by_metric, inverse_distances, summed
from writing.nodes import Nodes, is_text
from writing.registration import add_classifier, add_values


def register() -> None:
    from sklearn.neighbors import RadiusNeighborsClassifier, RadiusNeighborsRegressor

    add_classifier(RadiusNeighborsClassifier, convert_classifier)
    add_values(RadiusNeighborsRegressor, lambda model: matrix(model._y).shape[1], convert_regressor)


def convert_regressor(nodes: Nodes, model: Any) -> None:
    """Without a neighbour 0/0, NaN, as in the original."""
    weights = neighbours(nodes, model)
    total = nodes.total(weights, model.n_samples_fit_)
    nodes.deliver(nodes.emit("Div", nodes.product(weights, matrix(np.asarray(model._y, dtype=np.float64))), total))


def convert_classifier(nodes: Nodes, model: Any) -> None:
    if model.outputs_2d_:
        raise NotImplementedError("it has several targets")
    if model.outlier_label_ is None:
        raise NotImplementedError('it fails on rows without neighbours itself: give it outlier_label="most_frequent"')
    classes, outlier = np.asarray(model.classes_), model.outlier_label_[0]
    outlier_place = np.flatnonzero(classes == outlier)
    if not len(outlier_place) and is_text(classes):
        raise NotImplementedError(f"its outlier_label {outlier} is none of its classes")
    weights = neighbours(nodes, model)
    votes = nodes.product(weights, np.eye(len(classes))[np.ravel(model._y)])
    total = nodes.total(weights, model.n_samples_fit_)
    alone = nodes.number(nodes.emit("Equal", total, 0.0))
    if len(outlier_place):
        votes = nodes.emit("Add", votes, nodes.emit("Mul", alone, np.eye(len(classes))[outlier_place]))
    shares = nodes.emit("Div", votes, nodes.emit("Add", total, alone))
    place = nodes.emit("ArgMax", shares, axis=1, keepdims=0)
    if len(outlier_place):
        nodes.label(place, classes)
    else:
        extra = nodes.emit("Mul", nodes.emit("Reshape", nodes.int64(alone), np.array([-1])), np.array([len(classes)]))
        nodes.label(nodes.emit("Add", place, extra), np.append(classes, outlier))
    nodes.deliver(shares, 1)


def neighbours(nodes: Nodes, model: Any) -> str:
    """[N,M]: the weight of each row that the model keeps, 0.0 beyond the radius."""
    model_rows, rows = dense(model._fit_X), nodes.rows()
    parameters = {"p": model.p, **(model.metric_params or {})}
    if model.effective_metric_ == "euclidean":
        # Differences, not products: a row that the model keeps has to be at distance 0 from itself.
        distances = nodes.emit("Sqrt", summed(nodes, rows, model_rows, lambda difference, _: nodes.emit("Mul", difference, difference)))
    else:
        distances = by_metric(nodes, rows, model_rows, model.effective_metric_, parameters)
    near = nodes.number(nodes.emit("Not", nodes.emit("Greater", distances, float(model.radius))))
    if model.weights in (None, "uniform"):
        return near
    if model.weights != "distance":
        raise NotImplementedError("its weights are a function of the user's own")
    return inverse_distances(nodes, distances, near, len(model_rows))
