"""SplineTransformer: B-splines as what they are, a polynomial on each stretch between two knots."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.formulas.piecewise import piece_places
from writing.nodes import Nodes
from writing.registration import add_values


def register() -> None:
    from sklearn.preprocessing import SplineTransformer

    add_values(SplineTransformer, lambda model: model.n_features_out_, convert)


def convert(nodes: Nodes, model: Any) -> None:
    if model.extrapolation == "error":
        raise NotImplementedError('extrapolation="error" stops at a value outside its knots, which ONNX cannot: use "constant"')
    if model.extrapolation == "constant" and model.degree == 0:
        raise NotImplementedError("with degree 0 it fails outside its knots itself")
    rows, present = nodes.rows(), None
    if model.handle_missing == "zeros":
        rows, present = nodes.filled()
    stretches = [Stretches(spline, model.extrapolation) for spline in model.bsplines_]
    if model.extrapolation == "periodic":
        rows = wrapped(nodes, rows, model.bsplines_)
    splines = model.bsplines_[0].c.shape[1] - (not model.include_bias)
    values = evaluated(nodes, rows, stretches, splines)
    if present is not None:
        wide = nodes.emit("Gather", present, np.repeat(np.arange(len(stretches)), splines), axis=1)
        values = nodes.emit("Mul", values, wide)
    nodes.deliver(values)


class Stretches:
    """The stretches between a spline's knots. `edges`: where one ends and the next begins; `origins` [stretch] and `coefficients`
    [order, stretch, spline]: of the polynomials on each.
    """

    def __init__(self, spline: Any, extrapolation: str) -> None:
        low, high = spline.t[spline.k], spline.t[-spline.k - 1]
        inner = np.unique(spline.t[spline.k : len(spline.t) - spline.k])
        self.edges, self.origins = inner[1:-1], inner[:-1]
        self.coefficients = taylor(spline, self.origins, spline.k)
        if extrapolation in ("constant", "linear"):
            order = 0 if extrapolation == "constant" else 1
            ends = taylor(spline, np.array([low, high]), min(order, spline.k))
            ends = np.pad(ends, ((0, len(self.coefficients) - len(ends)), (0, 0), (0, 0)))
            self.edges = np.concatenate([[low], self.edges, [np.nextafter(high, np.inf)]])
            self.origins = np.concatenate([[low], self.origins, [high]])
            self.coefficients = np.concatenate([ends[:, :1], self.coefficients, ends[:, 1:]], axis=1)


def taylor(spline: Any, origins: np.ndarray, order: int) -> np.ndarray:
    """Derivatives over factorials: from the right, but at the last knot from the left, as scipy takes them."""
    terms, factorial = [], 1.0
    for at in range(order + 1):
        factorial *= max(at, 1)
        terms.append(spline(origins, nu=at) / factorial)
    return np.stack(terms)


def wrapped(nodes: Nodes, rows: str, splines: list[Any]) -> str:
    """The values moved into one period of their spline."""
    low = np.array([[spline.t[spline.k] for spline in splines]])
    period = np.array([[spline.t[-spline.k - 1] - spline.t[spline.k] for spline in splines]])
    # fmod takes the dividend's sign.
    rest = nodes.emit("Mod", nodes.emit("Sub", rows, low), period, fmod=1)
    rest = nodes.emit("Mod", nodes.emit("Add", rest, period), period, fmod=1)
    return nodes.emit("Add", rest, low)


def evaluated(nodes: Nodes, rows: str, stretches: list[Stretches], splines: int) -> str:
    """[N,F·splines], by Horner's rule."""
    count, longest = len(stretches), max(len(stretch.origins) for stretch in stretches)
    place = piece_places(nodes, rows, [stretch.edges for stretch in stretches])
    place = nodes.emit("Add", place, np.arange(count)[np.newaxis] * longest)
    origins = np.concatenate([np.pad(stretch.origins, (0, longest - len(stretch.origins))) for stretch in stretches])
    offset = nodes.emit("Sub", rows, nodes.emit("Gather", origins, place, axis=0))
    offset = nodes.emit("Gather", offset, np.repeat(np.arange(count), splines), axis=1)
    result = None
    for order in reversed(range(len(stretches[0].coefficients))):
        coefficients = [padded(stretch.coefficients[order], longest)[:, :splines] for stretch in stretches]
        term = nodes.emit("Gather", np.concatenate(coefficients), place, axis=0)
        term = nodes.emit("Reshape", term, np.array([-1, count * splines]))
        result = term if result is None else nodes.emit("Add", nodes.emit("Mul", result, offset), term)
    assert result is not None
    return result


def padded(values: np.ndarray, length: int) -> np.ndarray:
    return np.pad(values, ((0, length - len(values)), (0, 0)))
