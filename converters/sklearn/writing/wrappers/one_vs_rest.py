"""OneVsRestClassifier: a member a class."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.arithmetic import float_type
from writing.members import decision, is_constant, share
from writing.nodes import Nodes, is_text
from writing.registration import add


def register() -> None:
    from sklearn.multiclass import OneVsRestClassifier

    add(OneVsRestClassifier, shapes, convert, {name: [False, True] for name in ("zipmap", "nocl", "raw_scores")})


def shapes(operator: Any) -> None:
    from skl2onnx.common.data_types import Int64TensorType, StringTensorType

    source, model = operator.inputs[0].type, operator.raw_operator
    several, text = model.multilabel_, is_text(np.asarray(model.classes_))
    rows, count = source.shape[0], len(model.classes_)
    operator.outputs[0].type = (StringTensorType if text and not several else Int64TensorType)([rows, count] if several else [rows])
    operator.outputs[1].type = float_type(source)([rows, count])


def convert(nodes: Nodes, model: Any) -> None:
    """The class whose member is surest; with several labels, each whose member says yes."""
    wants_scores = nodes.wants_scores(model) or not hasattr(model, "predict_proba")
    decides_by_scores = all(hasattr(member, "decision_function") or is_constant(member) for member in model.estimators_)
    shares = None if wants_scores and decides_by_scores else joined(nodes, model, share)
    scores = joined(nodes, model, decision) if decides_by_scores else shares
    assert scores is not None
    threshold = 0.0 if decides_by_scores else 0.5
    if model.multilabel_:
        yes = nodes.int64(nodes.emit("Greater", scores, threshold))
        nodes.emit("Identity", yes, result=nodes.operator.outputs[0].full_name)
        nodes.deliver(scores if shares is None else shares, 1)
        return
    if len(model.estimators_) == 1:
        yes = nodes.int64(nodes.emit("Greater", scores, threshold))
        nodes.label(nodes.emit("Reshape", yes, np.array([-1])), model.classes_)
        opposite = nodes.emit("Neg", scores) if shares is None else nodes.emit("Sub", 1.0, shares)
        nodes.deliver(nodes.emit("Concat", opposite, scores if shares is None else shares, axis=1), 1)
        return
    nodes.label(largest(nodes, scores, len(model.classes_)), model.classes_)
    if shares is None:
        nodes.deliver(scores, 1)
        return
    nodes.deliver(nodes.emit("Div", shares, nodes.total(shares, len(model.classes_))), 1)


def joined(nodes: Nodes, model: Any, part: Any) -> str:
    return nodes.beside([part(nodes, member) for member in model.estimators_])


def largest(nodes: Nodes, scores: str, count: int) -> str:
    """[N]: the first of equals, or the last, as this version of scikit-learn has it."""
    if first_of_equals():
        return nodes.emit("ArgMax", scores, axis=1, keepdims=0)
    turned = nodes.emit("Gather", scores, np.arange(count)[::-1].copy(), axis=1)
    return nodes.emit("Sub", np.array([count - 1]), nodes.emit("ArgMax", turned, axis=1, keepdims=0))


def first_of_equals() -> bool:
    """Asked of the version itself: which of three classes it predicts whose members are as sure."""
    from sklearn.dummy import DummyClassifier
    from sklearn.multiclass import OneVsRestClassifier

    asked = OneVsRestClassifier(DummyClassifier(strategy="prior")).fit(np.zeros((3, 1)), [0, 1, 2])
    return int(asked.predict(np.zeros((1, 1)))[0]) == 0
