"""KNeighborsClassifier and -Regressor in double: distances as scikit-learn's trees sum them, column by column."""

from __future__ import annotations

from typing import Any

import numpy as np

from describing.arrays import dense, matrix
from writing.formulas.distances import by_metric, inverse_distances, squared, summed
from writing.formulas.kernels import cosine
from writing.formulas.nearest import smallest
from writing.nodes import Nodes
from writing.registration import add_beside, add_values, classifier_shapes


def register() -> None:
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    add_beside(KNeighborsClassifier, lambda model: not model.outputs_2d_, classifier_shapes, convert_classifier)
    add_values(KNeighborsRegressor, lambda model: matrix(model._y).shape[1], convert_regressor)


def convert_classifier(nodes: Nodes, model: Any) -> None:
    weights, places = neighbours(nodes, model)
    count = len(model.classes_)
    votes = gathered(nodes, weights, places, np.eye(count)[np.ravel(model._y)], model.n_neighbors)
    shares = nodes.emit("Div", votes, nodes.total(votes, count))
    nodes.label(nodes.emit("ArgMax", votes, axis=1, keepdims=0), model.classes_)
    nodes.deliver(shares, 1)


def convert_regressor(nodes: Nodes, model: Any) -> None:
    weights, places = neighbours(nodes, model)
    targets = matrix(np.asarray(model._y, dtype=np.float64))
    total = nodes.total(weights, model.n_neighbors)
    nodes.deliver(nodes.emit("Div", gathered(nodes, weights, places, targets, model.n_neighbors), total))


def gathered(nodes: Nodes, weights: str, places: str, values: np.ndarray, count: int) -> str:
    """[N,K]: the weighted sums of the rows of `values` [M,K] at the places [N,count]."""
    chosen = nodes.emit("Gather", values, places, axis=0)
    wide = nodes.emit("Reshape", weights, np.array([-1, 1, count]))
    return nodes.emit("Reshape", nodes.emit("MatMul", wide, chosen), np.array([-1, values.shape[1]]))


def neighbours(nodes: Nodes, model: Any) -> tuple[str, str]:
    """The weights [N,k] of the nearest rows that the model keeps, and their places."""
    if model.weights not in (None, "uniform", "distance"):
        raise NotImplementedError("its weights are a function of the user's own")
    model_rows, count = dense(model._fit_X), model.n_neighbors
    powers, root = distance_powers(nodes, nodes.rows(), model_rows.astype(np.float64), model)
    nearest, places = smallest(nodes, powers, len(model_rows), count)
    ones = nodes.emit("Add", nodes.emit("Mul", nodes.double(places), 0.0), 1.0)
    if model.weights != "distance":
        return ones, places
    return inverse_distances(nodes, root(nearest), ones, count), places


def distance_powers(nodes: Nodes, rows: str, model_rows: np.ndarray, model: Any) -> tuple[str, Any]:
    """[N,M] in the order of the distances, without the last root, and what that root is."""
    metric, parameters = model.effective_metric_, dict(model.effective_metric_params_)
    power = parameters.get("p", 2)
    if metric == "euclidean" or metric == "minkowski" and power == 2 and parameters.get("w") is None:
        return squares(nodes, rows, model_rows, model._fit_method), lambda name: nodes.emit("Sqrt", name)
    if metric == "minkowski" and power not in (1, np.inf) and parameters.get("w") is None:
        raised = summed(nodes, rows, model_rows, lambda difference, _: nodes.emit("Pow", nodes.emit("Abs", difference), float(power)))
        return raised, lambda name: nodes.emit("Pow", name, 1.0 / power)
    if metric == "cosine":
        return nodes.emit("Sub", 1.0, cosine(nodes, rows, model_rows)), lambda name: name
    return by_metric(nodes, rows, model_rows, metric, parameters), lambda name: name


def squares(nodes: Nodes, rows: str, model_rows: np.ndarray, method: str) -> str:
    """Trees sum the squares of differences; by brute force they come from a product of matrices."""
    if method == "brute":
        return squared(nodes, rows, model_rows)
    return summed(nodes, rows, model_rows, lambda difference, _: nodes.emit("Mul", difference, difference))
