"""TransformedTargetRegressor: what its regressor predicts, in the units of the target that the user knows."""

from __future__ import annotations

from typing import Any

import numpy as np

from describing.traits import traits_of
from writing.added.quantile_transformer import from_quantiles
from writing.formulas.elementwise import apply, double_emitter, is_known
from writing.nodes import Nodes
from writing.registration import add_values


def register() -> None:
    from sklearn.compose import TransformedTargetRegressor

    add_values(TransformedTargetRegressor, targets, convert)


def targets(model: Any) -> int:
    coefficients = np.zeros((2, model.regressor_.n_features_in_)) if hasattr(model.regressor_, "n_features_in_") else None
    if model._training_dim == 1 or coefficients is None:
        return 1
    return int(np.atleast_2d(model.predict(coefficients)).reshape(2, -1).shape[1])


def convert(nodes: Nodes, model: Any) -> None:
    (values,) = nodes.predicted(model.regressor_)
    values = nodes.emit("Reshape", nodes.double(values), np.array([-1, targets(model)]))
    nodes.deliver(inverse(nodes, values, model.transformer_))


def inverse(nodes: Nodes, values: str, transformer: Any) -> str:
    """The transformer's inverse."""
    scaling = traits_of(transformer).scaling
    if scaling == "steps":
        for _, step in reversed(transformer.steps):
            values = values if step is None or step == "passthrough" else inverse(nodes, values, step)
        return values
    if scaling == "function" and is_known(transformer.inverse_func, transformer.inv_kw_args):
        return apply(transformer.inverse_func, values, double_emitter(nodes), nodes.constant, transformer.inv_kw_args or {})
    if scaling in INVERSES:
        return INVERSES[scaling](nodes, values, transformer)
    name = type(transformer).__name__
    raise NotImplementedError(f"its target's {name} has no known way back in ONNX: numpy's functions, scalers and power transforms have")


def linear(nodes: Nodes, values: str, factor: Any, offset: Any) -> str:
    scaled = values if factor is None else nodes.emit("Mul", values, np.reshape(factor, (1, -1)))
    return scaled if offset is None else nodes.emit("Add", scaled, np.reshape(offset, (1, -1)))


def power(nodes: Nodes, values: str, transformer: Any) -> str:
    """Unscaled first if it was scaled, then column by column: each has a λ of its own."""
    if transformer.standardize:
        values = linear(nodes, values, transformer._scaler.scale_, transformer._scaler.mean_)
    inverse_power = box_cox if transformer.method == "box-cox" else yeo_johnson
    columns = [inverse_power(nodes, nodes.column(values, at), float(exponent)) for at, exponent in enumerate(transformer.lambdas_)]
    return nodes.beside(columns)


def box_cox(nodes: Nodes, values: str, exponent: float) -> str:
    if exponent == 0.0:
        return nodes.emit("Exp", values)
    return nodes.emit("Pow", nodes.emit("Add", nodes.emit("Mul", values, exponent), 1.0), 1.0 / exponent)


def yeo_johnson(nodes: Nodes, values: str, exponent: float) -> str:
    """Values above and below zero have a formula each, which gets 0 for the values of the other side and makes 0 of it."""
    positive, negative = nodes.emit("Max", values, 0.0), nodes.emit("Max", nodes.emit("Neg", values), 0.0)
    upper = nodes.emit("Sub", box_cox(nodes, positive, exponent), 1.0)
    lower = nodes.emit("Sub", box_cox(nodes, negative, 2.0 - exponent), 1.0)
    return nodes.emit("Sub", upper, lower)


INVERSES = {
    "standard": lambda nodes, values, scaler: linear(nodes, values, scaler.scale_, scaler.mean_),
    "range": lambda nodes, values, scaler: linear(nodes, values, 1 / scaler.scale_, -scaler.min_ / scaler.scale_),
    "largest": lambda nodes, values, scaler: linear(nodes, values, scaler.scale_, None),
    "robust": lambda nodes, values, scaler: linear(nodes, values, scaler.scale_, scaler.center_),
    "power": power,
    "quantiles": from_quantiles,
}
