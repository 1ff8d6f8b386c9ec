"""CalibratedClassifierCV by sigmoid, isotonic regression or temperature.

Of an isotonic regression, skl2onnx takes the nearest threshold's value instead of the line between two.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.added.isotonic import isotonic_values
from writing.members import summed
from writing.nodes import Nodes
from writing.registration import add_classifier

# What scikit-learn adds to a probability before its logarithm.
LEAST = 1e-12


def register() -> None:
    from sklearn.calibration import CalibratedClassifierCV

    add_classifier(CalibratedClassifierCV, convert)


def convert(nodes: Nodes, model: Any) -> None:
    """Each class's share is the mean of the shares that the calibrated classifiers give it."""
    shares_of = {"sigmoid": by_class, "isotonic": by_class, "temperature": by_temperature}[model.method]
    members = [shares_of(nodes, member) for member in model.calibrated_classifiers_]
    shares = nodes.emit("Div", summed(nodes, members), float(len(members)))
    nodes.label(nodes.emit("ArgMax", shares, axis=1, keepdims=0), model.classes_)
    nodes.deliver(shares, 1)


def base_of(member: Any) -> Any:
    """Under the name that this version has."""
    return getattr(member, "estimator", None) or member.base_estimator


def by_class(nodes: Nodes, member: Any) -> str:
    scores, count = scores_of(nodes, base_of(member)), len(member.classes)
    if count == 2:
        second = calibrated(nodes, nodes.column(scores, 1), member.calibrators[0])
        return nodes.emit("Concat", nodes.emit("Sub", 1.0, second), second, axis=1)
    if len(member.calibrators) != count:
        raise NotImplementedError("a part of its data lacks one of its classes")
    columns = [calibrated(nodes, nodes.column(scores, at), calibrator) for at, calibrator in enumerate(member.calibrators)]
    joined = nodes.emit("Concat", *columns, axis=1)
    total = nodes.total(joined, count)
    # Where all classes are at zero, each gets the same share.
    all_zero = nodes.number(nodes.emit("Equal", total, 0.0))
    shares = nodes.emit("Div", joined, nodes.emit("Add", total, all_zero))
    return nodes.emit("Add", shares, nodes.emit("Mul", all_zero, np.full((1, count), 1.0 / count)))


def calibrated(nodes: Nodes, scores: str, calibrator: Any) -> str:
    """[N,1] of the scores [N,1] of a class."""
    if hasattr(calibrator, "a_"):
        line = nodes.emit("Add", nodes.emit("Mul", scores, float(calibrator.a_)), float(calibrator.b_))
        return nodes.sigmoid(nodes.emit("Neg", line))
    return isotonic_values(nodes, scores, calibrator)


def scores_of(nodes: Nodes, estimator: Any) -> str:
    """The scores that the classifier decides by, or its probabilities where it has no scores."""
    has_decision = hasattr(estimator, "decision_function")
    _, scores = nodes.predicted(estimator, zipmap=False, raw_scores=has_decision)
    return nodes.double(scores)


def by_temperature(nodes: Nodes, member: Any) -> str:
    """The softmax of scores, or of logarithms of probabilities, divided by a temperature. Of two classes a score stands for both."""
    scores = scores_of(nodes, base_of(member))
    if not hasattr(base_of(member), "decision_function"):
        # Rounded, 1 − p may be just below zero.
        scores = nodes.log(nodes.emit("Add", nodes.emit("Max", scores, 0.0), LEAST))
    elif len(member.classes) == 2:
        second = nodes.column(scores, 1)
        scores = nodes.emit("Concat", nodes.emit("Neg", second), second, axis=1)
    return nodes.emit("Softmax", nodes.emit("Mul", scores, float(member.calibrators[0].beta_)), axis=1)
