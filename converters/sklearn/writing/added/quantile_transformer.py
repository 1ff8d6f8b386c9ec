"""QuantileTransformer and its inverse: straight lines between the quantiles, and the normal distribution's quantiles."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.formulas.piecewise import interpolated, normal_share
from writing.nodes import Nodes
from writing.registration import add_values

# Wichura's algorithm AS 241 (Applied Statistics 37, 1988), PPND16: about 1e-16. Its third part begins beyond 5.19, where
# scikit-learn has clipped already. Coefficients from the highest power.
CENTRAL = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125,
     1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077,
     687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
TAIL = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip


def register() -> None:
    from sklearn.preprocessing import QuantileTransformer

    add_values(QuantileTransformer, lambda model: model.n_features_in_, convert)


def convert(nodes: Nodes, model: Any) -> None:
    nodes.deliver(to_quantiles(nodes, nodes.rows(), model))


def to_quantiles(nodes: Nodes, rows: str, model: Any) -> str:
    """The mean of interpolating upwards and downwards: of equal quantiles the one takes the last and the other the first."""
    from sklearn.preprocessing._data import BOUNDS_THRESHOLD

    quantiles, references = model.quantiles_.T, model.references_
    width = len(quantiles)
    up = interpolated(nodes, rows, list(quantiles), [references] * width)
    down = interpolated(nodes, nodes.emit("Neg", rows), list(-quantiles[:, ::-1]), [-references[::-1]] * width)
    share = nodes.emit("Mul", nodes.emit("Sub", up, down), 0.5)
    low, high = quantiles[:, 0][np.newaxis], quantiles[:, -1][np.newaxis]
    normal = model.output_distribution == "normal"
    if normal:
        below = nodes.emit("Less", nodes.emit("Sub", rows, BOUNDS_THRESHOLD), low)
        above = nodes.emit("Greater", nodes.emit("Add", rows, BOUNDS_THRESHOLD), high)
    else:
        below, above = nodes.emit("Equal", rows, low), nodes.emit("Equal", rows, high)
    share = nodes.where(nodes.number(above), 1.0, share)
    share = nodes.where(nodes.number(below), 0.0, share)
    return normal_quantile(nodes, share, BOUNDS_THRESHOLD - np.spacing(1)) if normal else share


def from_quantiles(nodes: Nodes, rows: str, model: Any) -> str:
    """The inverse."""
    from sklearn.preprocessing._data import BOUNDS_THRESHOLD

    quantiles, references = model.quantiles_.T, model.references_
    normal = model.output_distribution == "normal"
    share = normal_share(nodes, rows) if normal else rows
    values = interpolated(nodes, share, [references] * len(quantiles), list(quantiles))
    if not normal:
        return values
    below = nodes.emit("Less", nodes.emit("Sub", share, BOUNDS_THRESHOLD), 0.0)
    above = nodes.emit("Greater", nodes.emit("Add", share, BOUNDS_THRESHOLD), 1.0)
    values = nodes.where(nodes.number(above), quantiles[:, -1][np.newaxis], values)
    return nodes.where(nodes.number(below), quantiles[:, 0][np.newaxis], values)


def normal_quantile(nodes: Nodes, share: str, least: float) -> str:
    """Of shares that are at least `least` away from 0 and 1; nearer ones count as that."""
    inside = nodes.emit("Min", nodes.emit("Max", share, least), 1.0 - least)
    offset = nodes.emit("Sub", inside, 0.5)
    near = nodes.emit("Sub", 0.180625, nodes.emit("Mul", offset, offset))
    middle = nodes.emit("Mul", offset, ratio(nodes, near, CENTRAL))
    shorter = nodes.emit("Sub", 0.5, nodes.emit("Abs", offset))
    far = nodes.emit("Sub", nodes.emit("Sqrt", nodes.emit("Neg", nodes.log(shorter))), 1.6)
    outer = nodes.emit("Mul", nodes.emit("Sign", offset), ratio(nodes, far, TAIL))
    central = nodes.number(nodes.emit("Less", nodes.emit("Abs", offset), 0.425))
    # Whether Max and Min let NaN through is for each runtime to say.
    return nodes.emit("Add", nodes.where(central, middle, outer), nodes.emit("Mul", share, 0.0))


def ratio(nodes: Nodes, name: str, coefficients: tuple[tuple[float, ...], ...]) -> str:
    return nodes.emit("Div", *(polynomial(nodes, name, powers) for powers in coefficients))


def polynomial(nodes: Nodes, name: str, coefficients: tuple[float, ...]) -> str:
    result = nodes.emit("Add", nodes.emit("Mul", name, coefficients[0]), coefficients[1])
    for coefficient in coefficients[2:]:
        result = nodes.emit("Add", nodes.emit("Mul", result, name), coefficient)
    return result
