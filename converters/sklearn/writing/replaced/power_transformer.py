"""PowerTransformer in double: powers as exp(λ·log1p(x)), which keeps the digits of values near zero."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.nodes import Nodes
from writing.registration import add_values


def register() -> None:
    from sklearn.preprocessing import PowerTransformer

    add_values(PowerTransformer, lambda model: len(model.lambdas_), convert)


def convert(nodes: Nodes, model: Any) -> None:
    rows, exponents = nodes.rows(), np.asarray(model.lambdas_, dtype=np.float64)[np.newaxis]
    values = raised(nodes, nodes.log(rows), exponents) if model.method == "box-cox" else yeo_johnson(nodes, rows, exponents)
    if model.standardize:
        scaler = model._scaler
        values = nodes.emit("Div", nodes.emit("Sub", values, scaler.mean_[np.newaxis]), scaler.scale_[np.newaxis])
    nodes.deliver(values)


def yeo_johnson(nodes: Nodes, rows: str, exponents: np.ndarray) -> str:
    """Values above and below zero have a formula each, which gets 0 for the values of the other side and makes 0 of it."""
    upper = raised(nodes, nodes.log1p(nodes.emit("Max", rows, 0.0)), exponents)
    lower = raised(nodes, nodes.log1p(nodes.emit("Max", nodes.emit("Neg", rows), 0.0)), 2.0 - exponents)
    # Whether Max lets NaN through is for each runtime to say.
    return nodes.emit("Add", nodes.emit("Sub", upper, lower), nodes.emit("Mul", rows, 0.0))


def raised(nodes: Nodes, logarithms: str, exponents: np.ndarray) -> str:
    """(xᵉ − 1) / e of the logarithms of x; where e is 0, the logarithm itself."""
    flat = np.abs(exponents) < np.spacing(1.0)
    divisors = np.where(flat, 1.0, exponents)
    values = nodes.emit("Div", nodes.expm1(nodes.emit("Mul", logarithms, divisors)), divisors)
    return nodes.where(flat.astype(np.float64), logarithms, values) if flat.any() else values
