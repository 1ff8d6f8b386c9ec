"""CalibratedClassifierCV by isotonic regression, of which skl2onnx takes the nearest threshold's value instead of the line between two."""

from __future__ import annotations

from typing import Any

import numpy as np

from added.interpolation import isotonic
from added.nodes import Nodes
from added.registration import add_classifier


def register() -> None:
    from skl2onnx.common._registration import get_converter
    from sklearn.calibration import CalibratedClassifierCV

    if not hasattr(register, "before"):
        register.before = get_converter("SklearnCalibratedClassifierCV")
    add_classifier(CalibratedClassifierCV, lambda nodes, model: convert(nodes, model, register.before))


def convert(nodes: Nodes, model: Any, before: Any) -> None:
    """The mean of what each calibrated classifier says."""
    if model.method == "sigmoid":
        before(nodes.scope, nodes.operator, nodes.container)
        return
    if model.method != "isotonic":
        raise NotImplementedError(f"with the method {model.method} it is not converted: sigmoid and isotonic are")
    members = [calibrated(nodes, one) for one in model.calibrated_classifiers_]
    total = members[0]
    for member in members[1:]:
        total = nodes.emit("Add", total, member)
    shares = nodes.emit("Div", total, float(len(members)))
    nodes.label(nodes.emit("ArgMax", shares, axis=1, keepdims=0), model.classes_)
    nodes.deliver(shares, 1)


def calibrated(nodes: Nodes, one: Any) -> str:
    raw = hasattr(one.estimator, "decision_function")
    _, found = nodes.predicted(one.estimator, nodes.operator.inputs[0], zipmap=False, raw_scores=raw)
    scores, count = nodes.double(found), len(one.classes)
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
