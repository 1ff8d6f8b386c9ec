"""QuadraticDiscriminantAnalysis in double: the distance to each class's mean along its own axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.nodes import Nodes
from writing.registration import add_classifier


def register() -> None:
    from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

    add_classifier(QuadraticDiscriminantAnalysis, convert, options=("raw_scores",))


def convert(nodes: Nodes, model: Any) -> None:
    """−(d² + Σ log s) / 2 + log of the prior; of two classes skl2onnx has them both as raw scores too."""
    rows, distances = nodes.rows(), []
    for mean, rotation, scaling in zip(model.means_, model.rotations_, model.scalings_):
        turned = nodes.product(nodes.emit("Sub", rows, np.reshape(mean, (1, -1))), rotation * scaling**-0.5)
        distances.append(nodes.total(nodes.emit("Mul", turned, turned), rotation.shape[1]))
    spread = np.array([[np.log(scaling).sum() for scaling in model.scalings_]])
    joined = nodes.emit("Add", nodes.emit("Concat", *distances, axis=1), spread)
    scores = nodes.emit("Add", nodes.emit("Mul", joined, -0.5), np.log(model.priors_)[np.newaxis])
    nodes.label(nodes.emit("ArgMax", scores, axis=1, keepdims=0), model.classes_)
    if not nodes.wants_scores(model):
        nodes.deliver(nodes.emit("Softmax", scores, axis=1), 1)
    elif len(model.classes_) == 2:
        margin = nodes.emit("Sub", nodes.column(scores, 1), nodes.column(scores, 0))
        nodes.deliver(nodes.emit("Concat", nodes.emit("Neg", margin), margin, axis=1), 1)
    else:
        nodes.deliver(scores, 1)
