"""IsotonicRegression: straight lines between its thresholds."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.formulas.piecewise import interpolated
from writing.nodes import Nodes
from writing.registration import add_values


def register() -> None:
    from sklearn.isotonic import IsotonicRegression

    add_values(IsotonicRegression, lambda _: 1, convert)


def convert(nodes: Nodes, model: Any) -> None:
    nodes.deliver(isotonic_values(nodes, nodes.rows(), model))


def isotonic_values(nodes: Nodes, column: str, model: Any) -> str:
    """[N,1] → [N,1]. Outside the thresholds: the nearest, or NaN."""
    if model.out_of_bounds == "raise":
        raise NotImplementedError('out_of_bounds="raise" stops at a value outside, which ONNX cannot: use "clip" or "nan"')
    xs, ys = np.asarray(model.X_thresholds_, dtype=np.float64), np.asarray(model.y_thresholds_, dtype=np.float64)
    values = interpolated(nodes, column, [xs], [ys])
    # With one threshold alone scikit-learn gives its value everywhere.
    if model.out_of_bounds == "clip" or len(xs) == 1:
        return values
    below, above = nodes.emit("Less", column, xs[:1]), nodes.emit("Greater", column, xs[-1:])
    inside = nodes.number(nodes.emit("Not", nodes.emit("Or", below, above)))
    return nodes.emit("Mul", values, nodes.emit("Div", inside, inside))
