"""Binarizer and Normalizer in double; skl2onnx has no largest value of rows for Normalizer."""

from __future__ import annotations

from typing import Any

from writing.nodes import Nodes
from writing.registration import add_values


def register() -> None:
    from sklearn.preprocessing import Binarizer, Normalizer

    add_values(Binarizer, lambda model: model.n_features_in_, convert_binarizer)
    add_values(Normalizer, lambda model: model.n_features_in_, convert_normalizer)


def convert_binarizer(nodes: Nodes, model: Any) -> None:
    nodes.deliver(nodes.number(nodes.emit("Greater", nodes.rows(), float(model.threshold))))


def convert_normalizer(nodes: Nodes, model: Any) -> None:
    """A row of zeros stays one."""
    rows = nodes.rows()
    if model.norm == "l2":
        norm = nodes.emit("Sqrt", nodes.total(nodes.emit("Mul", rows, rows), model.n_features_in_))
    elif model.norm == "l1":
        norm = nodes.total(nodes.emit("Abs", rows), model.n_features_in_)
    else:
        norm = nodes.largest(nodes.emit("Abs", rows))
    empty = nodes.number(nodes.emit("Equal", norm, 0.0))
    nodes.deliver(nodes.emit("Div", rows, nodes.emit("Add", norm, empty)))
