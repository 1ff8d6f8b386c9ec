"""KNeighborsClassifier and -Regressor in double: distances as scikit-learn's trees sum them, column by column."""

from __future__ import annotations

from typing import Any

import numpy as np

from describing.arrays import dense, matrix
from writing.arithmetic import float_type
from writing.formulas.distances import by_metric, inverse_distances, squared, summed
from writing.formulas.kernels import cosine
from writing.formulas.nearest import smallest
from writing.nodes import Nodes
from writing.registration import add, add_values, classifier_shapes, row_count


def register() -> None:
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    add(KNeighborsClassifier, shapes, convert_classifier, {"zipmap": [False, True], "nocl": [False, True]})
    add_values(KNeighborsRegressor, lambda model: matrix(model._y).shape[1], convert_regressor)


def shapes(operator: Any) -> None:
    """With several targets, labels [N,targets] and shares [targets,N,classes]."""
    from skl2onnx.common.data_types import Int64TensorType

    model, source = operator.raw_operator, operator.inputs[0].type
    if not model.outputs_2d_:
        classifier_shapes(operator)
        return
    count, classes = len(model.classes_), len(model.classes_[0])
    operator.outputs[0].type = Int64TensorType([row_count(source), count])
    operator.outputs[1].type = float_type(source)([count, row_count(source), classes])


def convert_classifier(nodes: Nodes, model: Any) -> None:
    weights, places = neighbours(nodes, model)
    if not model.outputs_2d_:
        votes = counted(nodes, weights, places, np.ravel(model._y), model)
        nodes.label(nodes.emit("ArgMax", votes, axis=1, keepdims=0), model.classes_)
        nodes.deliver(nodes.emit("Div", votes, nodes.total(votes, len(model.classes_))), 1)
        return
    labels, shares = [], []
    for target, classes in zip(np.asarray(model._y).T, model.classes_):
        votes = counted(nodes, weights, places, target, model)
        place = nodes.emit("ArgMax", votes, axis=1, keepdims=1)
        labels.append(nodes.emit("Gather", np.asarray(classes).astype(np.int64), place, axis=0))
        share = nodes.emit("Div", votes, nodes.total(votes, len(classes)))
        shares.append(nodes.emit("Reshape", share, np.array([1, -1, len(classes)])))
    nodes.emit("Concat", *labels, axis=1, result=nodes.operator.outputs[0].full_name)
    nodes.deliver(nodes.emit("Concat", *shares, axis=0), 1)


def counted(nodes: Nodes, weights: str, places: str, codes: np.ndarray, model: Any) -> str:
    """[N,classes]: what the nearest weigh whose class it is."""
    return gathered(nodes, weights, places, np.eye(int(codes.max()) + 1)[codes], model.n_neighbors)


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
