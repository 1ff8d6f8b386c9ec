"""scikit-learn's pairwise kernels [N,M] between the rows of the graph and `model_rows` [M,F], rows that a model keeps."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.formulas.distances import manhattan, squared, summed
from writing.nodes import Nodes


def pairwise_kernel(nodes: Nodes, rows: str, model_rows: np.ndarray, name: Any, parameters: dict[str, Any]) -> str:
    """Raises NotImplementedError for a kernel that is a function of the user's own, or precomputed."""
    given_gamma = parameters.get("gamma")
    gamma = 1.0 / model_rows.shape[1] if given_gamma is None else float(given_gamma)
    offset = float(1.0 if parameters.get("coef0") is None else parameters["coef0"])
    degree = float(3 if parameters.get("degree") is None else parameters["degree"])
    if name == "linear":
        return nodes.product(rows, model_rows.T)
    if name in ("poly", "polynomial"):
        return powered(nodes, nodes.emit("Add", nodes.product(rows, gamma * model_rows.T), offset), degree)
    if name == "sigmoid":
        return nodes.tanh(nodes.emit("Add", nodes.product(rows, gamma * model_rows.T), offset))
    if name == "rbf":
        return decayed(nodes, squared(nodes, rows, model_rows), gamma)
    if name == "laplacian":
        return decayed(nodes, manhattan(nodes, rows, model_rows), gamma)
    if name == "cosine":
        return cosine(nodes, rows, model_rows)
    if name == "additive_chi2":
        return nodes.emit("Neg", chi_squared(nodes, rows, model_rows))
    if name == "chi2":
        return decayed(nodes, chi_squared(nodes, rows, model_rows), float(1.0 if given_gamma is None else given_gamma))
    shown = getattr(name, "__name__", name)
    raise NotImplementedError(f"its kernel {shown} is none of scikit-learn's that ONNX can compute")


def powered(nodes: Nodes, base: str, degree: float) -> str:
    """A whole power as products: Pow of a negative number is NaN in some runtimes."""
    if degree != int(degree) or not 1 <= degree <= 16:
        return nodes.emit("Pow", base, degree)
    result = base
    for _ in range(int(degree) - 1):
        result = nodes.emit("Mul", result, base)
    return result


def decayed(nodes: Nodes, distances: str, gamma: float) -> str:
    return nodes.emit("Exp", nodes.emit("Mul", distances, -gamma))


def cosine(nodes: Nodes, rows: str, model_rows: np.ndarray) -> str:
    """The cosine of the angle between two rows; 0 where one of them is all zeros."""
    lengths = np.sqrt((model_rows**2).sum(axis=1, keepdims=True))
    directions = model_rows / np.where(lengths == 0.0, 1.0, lengths)
    length = nodes.emit("Sqrt", nodes.total(nodes.emit("Mul", rows, rows), model_rows.shape[1]))
    empty = nodes.number(nodes.emit("Equal", length, 0.0))
    return nodes.emit("Div", nodes.product(rows, directions.T), nodes.emit("Add", length, empty))


def chi_squared(nodes: Nodes, rows: str, model_rows: np.ndarray) -> str:
    """Σ (x − y)² / (x + y), without the columns where both are zero."""

    def term(difference: str, total: str) -> str:
        empty = nodes.number(nodes.emit("Equal", total, 0.0))
        return nodes.emit("Div", nodes.emit("Mul", difference, difference), nodes.emit("Add", total, empty))

    return summed(nodes, rows, model_rows, term)
