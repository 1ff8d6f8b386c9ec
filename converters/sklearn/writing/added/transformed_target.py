"""TransformedTargetRegressor: what its regressor says, taken back to the target that the user knows."""

from __future__ import annotations

from typing import Any

import numpy as np

from describing.traits import traits_of
from writing.added.quantile_transformer import back as back_from_quantiles
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
    (values,) = nodes.predicted(model.regressor_, nodes.operator.inputs[0])
    values = nodes.emit("Reshape", nodes.double(values), np.array([-1, targets(model)]))
    nodes.deliver(back(nodes, values, model.transformer_))


def back(nodes: Nodes, values: str, transformer: Any) -> str:
    """The transformer's inverse."""
    scaling = traits_of(transformer).scaling
    if scaling == "steps":
        for _, step in reversed(transformer.steps):
            values = values if step is None or step == "passthrough" else back(nodes, values, step)
        return values
    if scaling == "function" and is_known(transformer.inverse_func, transformer.inv_kw_args):
        return apply(transformer.inverse_func, values, double_emitter(nodes), nodes.constant, transformer.inv_kw_args or {})
    if scaling in BACK:
        return BACK[scaling](nodes, values, transformer)
    raise NotImplementedError(f"its target's {type(transformer).__name__} has no known way back in ONNX: numpy's functions, scalers and power transforms have")


def linear(nodes: Nodes, values: str, factor: Any, offset: Any) -> str:
    scaled = values if factor is None else nodes.emit("Mul", values, np.reshape(factor, (1, -1)))
    return scaled if offset is None else nodes.emit("Add", scaled, np.reshape(offset, (1, -1)))


def power(nodes: Nodes, values: str, transformer: Any) -> str:
    """Out of the standard normal first, then column by column: each has its own λ."""
    if transformer.standardize:
        values = linear(nodes, values, transformer._scaler.scale_, transformer._scaler.mean_)
    one = box_cox if transformer.method == "box-cox" else yeo_johnson
    columns = [one(nodes, nodes.column(values, at), float(own)) for at, own in enumerate(transformer.lambdas_)]
    return columns[0] if len(columns) == 1 else nodes.emit("Concat", *columns, axis=1)


def box_cox(nodes: Nodes, values: str, own: float) -> str:
    if own == 0.0:
        return nodes.emit("Exp", values)
    return nodes.emit("Pow", nodes.emit("Add", nodes.emit("Mul", values, own), 1.0), 1.0 / own)


def yeo_johnson(nodes: Nodes, values: str, own: float) -> str:
    """The two sides of zero have formulas of their own, of which the other side's sees 0."""
    positive, negative = nodes.emit("Max", values, 0.0), nodes.emit("Max", nodes.emit("Neg", values), 0.0)
    upper = nodes.emit("Sub", box_cox(nodes, positive, own), 1.0)
    lower = nodes.emit("Sub", box_cox(nodes, negative, 2.0 - own), 1.0)
    return nodes.emit("Sub", upper, lower)


BACK = {
    "standard": lambda nodes, values, own: linear(nodes, values, own.scale_, own.mean_),
    "range": lambda nodes, values, own: linear(nodes, values, 1 / own.scale_, -own.min_ / own.scale_),
    "largest": lambda nodes, values, own: linear(nodes, values, own.scale_, None),
    "robust": lambda nodes, values, own: linear(nodes, values, own.scale_, own.center_),
    "power": power,
    "quantiles": back_from_quantiles,
}
