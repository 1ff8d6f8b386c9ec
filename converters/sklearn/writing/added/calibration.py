"""CalibratedClassifierCV by isotonic regression or temperature. Of the first, skl2onnx takes the nearest threshold's value instead of the line between two."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.added.isotonic import isotonic
from writing.nodes import Nodes
from writing.registration import add_beside, classifier_shapes

# What scikit-learn adds to a probability before its logarithm.
LEAST = 1e-12


def register() -> None:
    from sklearn.calibration import CalibratedClassifierCV

    add_beside(CalibratedClassifierCV, lambda model: model.method != "sigmoid", classifier_shapes, convert)


def convert(nodes: Nodes, model: Any) -> None:
    """The mean of what each calibrated classifier says."""
    one = {"isotonic": calibrated, "temperature": tempered}[model.method]
    members = [one(nodes, member) for member in model.calibrated_classifiers_]
    total = members[0]
    for member in members[1:]:
        total = nodes.emit("Add", total, member)
    shares = nodes.emit("Div", total, float(len(members)))
    nodes.label(nodes.emit("ArgMax", shares, axis=1, keepdims=0), model.classes_)
    nodes.deliver(shares, 1)


def calibrated(nodes: Nodes, one: Any) -> str:
    scores, count = scored(nodes, one.estimator), len(one.classes)
    if count == 2:
        second = isotonic(nodes, nodes.column(scores, 1), one.calibrators[0])
        return nodes.emit("Concat", nodes.emit("Sub", 1.0, second), second, axis=1)
    if len(one.calibrators) != count:
        raise NotImplementedError("a part of its data lacks one of its classes")
    columns = [isotonic(nodes, nodes.column(scores, at), calibrator) for at, calibrator in enumerate(one.calibrators)]
    joined = nodes.emit("Concat", *columns, axis=1)
    total = nodes.total(joined, count)
    # All at zero: each class alike.
    none = nodes.number(nodes.emit("Equal", total, 0.0))
    shares = nodes.emit("Div", joined, nodes.emit("Add", total, none))
    return nodes.emit("Add", shares, nodes.emit("Mul", none, np.full((1, count), 1.0 / count)))


def scored(nodes: Nodes, estimator: Any) -> str:
    """What the classifier decides by, or its probabilities if it has nothing else."""
    raw = hasattr(estimator, "decision_function")
    _, found = nodes.predicted(estimator, nodes.operator.inputs[0], zipmap=False, raw_scores=raw)
    return nodes.double(found)


def tempered(nodes: Nodes, one: Any) -> str:
    """The softmax of scores, or of logarithms of probabilities, divided by a temperature. Of two classes a score stands for both."""
    scores = scored(nodes, one.estimator)
    if not hasattr(one.estimator, "decision_function"):
        # Rounded, 1 − p may be just below zero.
        scores = nodes.log(nodes.emit("Add", nodes.emit("Max", scores, 0.0), LEAST))
    elif len(one.classes) == 2:
        second = nodes.column(scores, 1)
        scores = nodes.emit("Concat", nodes.emit("Neg", second), second, axis=1)
    return nodes.emit("Softmax", nodes.emit("Mul", scores, float(one.calibrators[0].beta_)), axis=1)
