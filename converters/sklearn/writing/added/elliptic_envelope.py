"""EllipticEnvelope: a row is outside when its Mahalanobis distance is too great."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.nodes import Nodes
from writing.registration import add_labelled


def register() -> None:
    from sklearn.covariance import EllipticEnvelope

    add_labelled(EllipticEnvelope, lambda _: 1, convert, column=True)


def convert(nodes: Nodes, model: Any) -> None:
    """decision = −(x − location)·precision·(x − location)ᵀ − offset; 1 from 0 on, else −1."""
    centred = nodes.emit("Sub", nodes.rows(), model.location_[np.newaxis])
    weighted = nodes.emit("Mul", nodes.product(centred, model.get_precision()), centred)
    distance = nodes.total(weighted, len(model.location_))
    nodes.deliver_outliers(nodes.emit("Sub", -float(model.offset_), distance))
