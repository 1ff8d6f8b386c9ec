"""Distances [N,M] between the rows of the graph and `model_rows` [M,F], rows that a model keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from writing.nodes import Nodes


def squared(nodes: Nodes, rows: str, model_rows: np.ndarray) -> str:
    """|x|² + |y|² − 2xy, as scikit-learn has it, around the middle of the model's rows: less cancels there."""
    middle = model_rows.mean(axis=0, keepdims=True)
    centred, centred_model = nodes.emit("Sub", rows, middle), model_rows - middle
    squares = nodes.total(nodes.emit("Mul", centred, centred), model_rows.shape[1])
    products = nodes.product(centred, -2.0 * centred_model.T)
    squares_apart = nodes.emit("Add", nodes.emit("Add", products, squares), (centred_model**2).sum(axis=1)[np.newaxis])
    return nodes.emit("Max", squares_apart, 0.0)


def euclidean(nodes: Nodes, rows: str, model_rows: np.ndarray) -> str:
    return nodes.emit("Sqrt", squared(nodes, rows, model_rows))


def manhattan(nodes: Nodes, rows: str, model_rows: np.ndarray) -> str:
    return summed(nodes, rows, model_rows, lambda difference, _: nodes.emit("Abs", difference))


def summed(nodes: Nodes, rows: str, model_rows: np.ndarray, term: Callable[[str, str], str]) -> str:
    """Σ over the columns of term(x − y, x + y), column by column: [N,M,F] would not fit."""
    result = None
    for at in range(model_rows.shape[1]):
        column, model_column = nodes.column(rows, at), model_rows[:, at][np.newaxis]
        summand = term(nodes.emit("Sub", column, model_column), nodes.emit("Add", column, model_column))
        result = summand if result is None else nodes.emit("Add", result, summand)
    assert result is not None
    return result


def largest(nodes: Nodes, rows: str, model_rows: np.ndarray) -> str:
    """The largest difference of a column, Chebyshev's distance."""
    result = None
    for at in range(model_rows.shape[1]):
        difference = nodes.emit("Abs", nodes.emit("Sub", nodes.column(rows, at), model_rows[:, at][np.newaxis]))
        result = difference if result is None else nodes.emit("Max", result, difference)
    assert result is not None
    return result


def by_metric(nodes: Nodes, rows: str, model_rows: np.ndarray, metric: Any, parameters: dict[str, Any]) -> str:
    """Raises NotImplementedError for a metric that is not known exactly."""
    power = parameters.get("p", 2)
    if metric == "euclidean" or metric == "minkowski" and power == 2:
        return euclidean(nodes, rows, model_rows)
    if metric in ("manhattan", "cityblock", "l1") or metric == "minkowski" and power == 1:
        return manhattan(nodes, rows, model_rows)
    if metric == "chebyshev" or metric == "minkowski" and power == np.inf:
        return largest(nodes, rows, model_rows)
    if metric == "minkowski" and parameters.get("w") is None:
        raised = summed(nodes, rows, model_rows, lambda difference, _: nodes.emit("Pow", nodes.emit("Abs", difference), float(power)))
        return nodes.emit("Pow", raised, 1.0 / power)
    raise NotImplementedError(f"the metric {metric} is not one of euclidean, manhattan, chebyshev and minkowski")


def inverse_distances(nodes: Nodes, distances: str, near: str, width: int) -> str:
    """[N,width]: 1/distance of the rows that `near` marks, as weights; where some are at distance 0, these alone weigh."""
    at_zero = nodes.emit("Mul", nodes.number(nodes.emit("Equal", distances, 0.0)), near)
    some_at_zero = nodes.number(nodes.emit("Greater", nodes.total(at_zero, width), 0.0))
    zero = nodes.number(nodes.emit("Equal", distances, 0.0))
    inverse = nodes.emit("Div", near, nodes.emit("Add", distances, zero))
    return nodes.where(some_at_zero, at_zero, inverse)
