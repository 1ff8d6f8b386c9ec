"""KNNImputer: what is missing becomes the mean of the nearest rows that have it. skl2onnx needs opset 18 for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.formulas.distances import inverse_distances
from writing.formulas.nearest import smallest
from writing.nodes import Nodes
from writing.registration import add_values

# Farther than any distance: of rows that have no column in common.
FAR = 1e300


def register() -> None:
    from sklearn.impute import KNNImputer

    add_values(KNNImputer, lambda model: int(kept_columns(model).sum()), convert)


def kept_columns(model: Any) -> np.ndarray:
    return np.full(len(model._valid_mask), True) if model.keep_empty_features else model._valid_mask


def convert(nodes: Nodes, model: Any) -> None:
    if model.metric != "nan_euclidean" or model.weights not in ("uniform", "distance"):
        raise NotImplementedError("it is converted with its own metric and weights by name only")
    rows, present = nodes.filled(model.missing_values)
    distances = common_distances(nodes, rows, present, model)
    columns = []
    for at in np.flatnonzero(kept_columns(model)).tolist():
        if not model._valid_mask[at]:
            columns.append(nodes.emit("Mul", nodes.column(rows, at), 0.0))
            continue
        guess = imputed(nodes, distances, model, at)
        columns.append(nodes.where(nodes.column(present, at), nodes.column(rows, at), guess))
    nodes.deliver(nodes.beside(columns))


def common_distances(nodes: Nodes, rows: str, present: str, model: Any) -> str:
    """[N,M]: squared distances over the columns that both rows have, scaled up to all columns."""
    fitted = training_rows(model)
    in_model = ~np.isnan(fitted)
    middle = np.nan_to_num(np.nanmean(np.where(in_model.any(axis=0), fitted, 0.0), axis=0))[np.newaxis]
    centred_model = np.where(in_model, fitted - middle, 0.0)
    centred_rows = nodes.emit("Mul", nodes.emit("Sub", rows, middle), present)
    squares = nodes.product(nodes.emit("Mul", centred_rows, centred_rows), in_model.T.astype(np.float64))
    squares = nodes.emit("Add", squares, nodes.product(present, (centred_model**2).T))
    squares = nodes.emit("Max", nodes.emit("Add", squares, nodes.product(centred_rows, -2.0 * centred_model.T)), 0.0)
    common = nodes.product(present, in_model.T.astype(np.float64))
    without = nodes.number(nodes.emit("Equal", common, 0.0))
    mean = nodes.emit("Div", nodes.emit("Mul", squares, float(in_model.shape[1])), nodes.emit("Add", common, without))
    return nodes.emit("Add", mean, nodes.emit("Mul", without, FAR))


def training_rows(model: Any) -> np.ndarray:
    """With NaN for what is missing, whatever marks it."""
    return np.where(model._mask_fit_X, np.nan, model._fit_X)


def imputed(nodes: Nodes, distances: str, model: Any, at: int) -> str:
    """[N,1]: the mean of a column over the nearest rows of the model that have it, or over all where none is comparable."""
    fitted = training_rows(model)
    donors = np.flatnonzero(~np.isnan(fitted[:, at]))
    values, count = fitted[donors, at], min(model.n_neighbors, len(donors))
    nearest, places = smallest(nodes, nodes.emit("Gather", distances, donors, axis=1), len(donors), count)
    weights = nodes.number(nodes.emit("Less", nearest, FAR))
    if model.weights == "distance":
        weights = inverse_distances(nodes, nodes.emit("Sqrt", nearest), weights, count)
    weighted = nodes.emit("Mul", nodes.emit("Gather", values, places, axis=0), weights)
    total = nodes.total(weights, count)
    without = nodes.number(nodes.emit("Equal", total, 0.0))
    mean = nodes.emit("Div", nodes.total(weighted, count), nodes.emit("Add", total, without))
    return nodes.emit("Add", mean, nodes.emit("Mul", without, float(values.mean())))
