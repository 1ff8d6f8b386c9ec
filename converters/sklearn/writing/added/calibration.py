"""CalibratedClassifierCV by isotonic regression or temperature.

Of an isotonic regression, skl2onnx takes the nearest threshold's value instead of the line between two.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.added.isotonic import isotonic_values
from writing.nodes import Nodes
from writing.registration import add_beside, classifier_shapes

# What scikit-learn adds to a probability before its logarithm.
LEAST = 1e-12


def register() -> None:
    from sklearn.calibration import CalibratedClassifierCV

    add_beside(CalibratedClassifierCV, lambda model: model.method != "sigmoid", classifier_shapes, convert)


def convert(nodes: Nodes, model: Any) -> None:
    """Each class's share is the mean of the shares that the calibrated classifiers give it."""
    shares_of = {"isotonic": by_isotonic, "temperature": by_temperature}[model.method]
    members = [shares_of(nodes, member) for member in model.calibrated_classifiers_]
    total = members[0]
    for member in members[1:]:
        total = nodes.emit("Add", total, member)
    shares = nodes.emit("Div", total, float(len(members)))
    nodes.label(nodes.emit("ArgMax", shares, axis=1, keepdims=0), model.classes_)
    nodes.deliver(shares, 1)


def by_isotonic(nodes: Nodes, member: Any) -> str:
    scores, count = scores_of(nodes, member.estimator), len(member.classes)
    if count == 2:
        second = isotonic_values(nodes, nodes.column(scores, 1), member.calibrators[0])
        return nodes.emit("Concat", nodes.emit("Sub", 1.0, second), second, axis=1)
    if len(member.calibrators) != count:
        raise NotImplementedError("a part of its data lacks one of its classes")
    columns = [isotonic_values(nodes, nodes.column(scores, at), calibrator) for at, calibrator in enumerate(member.calibrators)]
    joined = nodes.emit("Concat", *columns, axis=1)
    total = nodes.total(joined, count)
    # Where all classes are at zero, each gets the same share.
    all_zero = nodes.number(nodes.emit("Equal", total, 0.0))
    shares = nodes.emit("Div", joined, nodes.emit("Add", total, all_zero))
    return nodes.emit("Add", shares, nodes.emit("Mul", all_zero, np.full((1, count), 1.0 / count)))


def scores_of(nodes: Nodes, estimator: Any) -> str:
    """The scores that the classifier decides by, or its probabilities where it has no scores."""
    has_decision = hasattr(estimator, "decision_function")
    _, scores = nodes.predicted(estimator, nodes.operator.inputs[0], zipmap=False, raw_scores=has_decision)
    return nodes.double(scores)


def by_temperature(nodes: Nodes, member: Any) -> str:
    """The softmax of scores, or of logarithms of probabilities, divided by a temperature. Of two classes a score stands for both."""
    scores = scores_of(nodes, member.estimator)
    if not hasattr(member.estimator, "decision_function"):
        # Rounded, 1 − p may be just below zero.
        scores = nodes.log(nodes.emit("Add", nodes.emit("Max", scores, 0.0), LEAST))
    elif len(member.classes) == 2:
        second = nodes.column(scores, 1)
        scores = nodes.emit("Concat", nodes.emit("Neg", second), second, axis=1)
    return nodes.emit("Softmax", nodes.emit("Mul", scores, float(member.calibrators[0].beta_)), axis=1)
