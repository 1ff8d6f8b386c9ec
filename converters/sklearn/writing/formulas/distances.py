"""Distances [N,M] between the rows of the graph and rows that a model keeps."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from writing.nodes import Nodes


def squared(nodes: Nodes, rows: str, kept: np.ndarray) -> str:
    """|x|² + |y|² − 2xy, as scikit-learn has it, around the middle of `kept`: less cancels there."""
    middle = kept.mean(axis=0, keepdims=True)
    around, own = nodes.emit("Sub", rows, middle), kept - middle
    squares = nodes.total(nodes.emit("Mul", around, around), kept.shape[1])
    products = nodes.product(around, -2.0 * own.T)
    found = nodes.emit("Add", nodes.emit("Add", products, squares), (own**2).sum(axis=1)[np.newaxis])
    return nodes.emit("Max", found, 0.0)


def euclidean(nodes: Nodes, rows: str, kept: np.ndarray) -> str:
    return nodes.emit("Sqrt", squared(nodes, rows, kept))


def manhattan(nodes: Nodes, rows: str, kept: np.ndarray) -> str:
    return summed(nodes, rows, kept, lambda apart, _: nodes.emit("Abs", apart))


def summed(nodes: Nodes, rows: str, kept: np.ndarray, term: Callable[[str, str], str]) -> str:
    """Σ over the columns of term(x − y, x + y): column by column, for [N,M,F] would not fit."""
    result = None
    for at in range(kept.shape[1]):
        column, own = nodes.column(rows, at), kept[:, at][np.newaxis]
        one = term(nodes.emit("Sub", column, own), nodes.emit("Add", column, own))
        result = one if result is None else nodes.emit("Add", result, one)
    assert result is not None
    return result


def largest(nodes: Nodes, rows: str, kept: np.ndarray) -> str:
    """Chebyshev's."""
    result = None
    for at in range(kept.shape[1]):
        apart = nodes.emit("Abs", nodes.emit("Sub", nodes.column(rows, at), kept[:, at][np.newaxis]))
        result = apart if result is None else nodes.emit("Max", result, apart)
    assert result is not None
    return result


def by_metric(nodes: Nodes, rows: str, kept: np.ndarray, metric: Any, parameters: dict[str, Any]) -> str:
    """Raises NotImplementedError for a metric that is not known exactly."""
    power = parameters.get("p", 2)
    if metric == "euclidean" or metric == "minkowski" and power == 2:
        return euclidean(nodes, rows, kept)
    if metric in ("manhattan", "cityblock", "l1") or metric == "minkowski" and power == 1:
        return manhattan(nodes, rows, kept)
    if metric == "chebyshev" or metric == "minkowski" and power == np.inf:
        return largest(nodes, rows, kept)
    if metric == "minkowski" and parameters.get("w") is None:
        raised = summed(nodes, rows, kept, lambda apart, _: nodes.emit("Pow", nodes.emit("Abs", apart), float(power)))
        return nodes.emit("Pow", raised, 1.0 / power)
    raise NotImplementedError(f"the metric {metric} is not one of euclidean, manhattan, chebyshev and minkowski")


def inverse_distances(nodes: Nodes, distances: str, near: str, width: int) -> str:
    """[N,width]: 1/distance of the rows that `near` marks, as weights; where some are at distance 0, these alone weigh."""
    same = nodes.emit("Mul", nodes.number(nodes.emit("Equal", distances, 0.0)), near)
    any_same = nodes.number(nodes.emit("Greater", nodes.total(same, width), 0.0))
    zero = nodes.number(nodes.emit("Equal", distances, 0.0))
    inverse = nodes.emit("Div", near, nodes.emit("Add", distances, zero))
    return nodes.either(any_same, same, inverse)
