"""BernoulliRBM: the likelihood of each hidden unit."""

from __future__ import annotations

from typing import Any

from writing.nodes import Nodes
from writing.registration import add_values


def register() -> None:
    from sklearn.neural_network import BernoulliRBM

    add_values(BernoulliRBM, lambda model: len(model.components_), convert)


def convert(nodes: Nodes, model: Any) -> None:
    total = nodes.product(nodes.rows(), model.components_.T)
    nodes.deliver(nodes.sigmoid(nodes.emit("Add", total, model.intercept_hidden_.reshape(1, -1))))
