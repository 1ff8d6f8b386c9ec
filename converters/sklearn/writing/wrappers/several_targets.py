"""MultiOutputClassifier and MultiOutputRegressor: a member a target."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.arithmetic import float_type
from writing.members import label, shares, values
from writing.nodes import Nodes, is_text
from writing.registration import add, add_values


def register() -> None:
    from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor

    add(MultiOutputClassifier, shapes, convert_classifier, {name: [False, True] for name in ("zipmap", "nocl")})
    add_values(MultiOutputRegressor, lambda model: len(model.estimators_), convert_regressor)


def shapes(operator: Any) -> None:
    """Labels [N,targets]; probabilities [targets,N,classes], with zeros for classes that a target does not have."""
    from skl2onnx.common.data_types import Int64TensorType, StringTensorType

    source, model = operator.inputs[0].type, operator.raw_operator
    count = len(model.estimators_)
    text = any(is_text(np.asarray(member.classes_)) for member in model.estimators_)
    operator.outputs[0].type = (StringTensorType if text else Int64TensorType)([source.shape[0], count])
    operator.outputs[1].type = float_type(source)([count, source.shape[0], most_classes(model)])


def most_classes(model: Any) -> int:
    return max(len(member.classes_) for member in model.estimators_)


def convert_classifier(nodes: Nodes, model: Any) -> None:
    labels = [nodes.emit("Reshape", label(nodes, member), np.array([-1, 1])) for member in model.estimators_]
    joined = labels[0] if len(labels) == 1 else nodes.emit("Concat", *labels, axis=1)
    nodes.emit("Identity", joined, result=nodes.operator.outputs[0].full_name)
    most = most_classes(model)
    tables = []
    for member in model.estimators_:
        count = len(member.classes_)
        if hasattr(member, "predict_proba"):
            own = nodes.product(shares(nodes, member), np.eye(count, most)) if count < most else shares(nodes, member)
        else:
            own = nodes.constant_rows(np.zeros((1, most)))
        tables.append(nodes.emit("Reshape", own, np.array([1, -1, most])))
    nodes.deliver(tables[0] if len(tables) == 1 else nodes.emit("Concat", *tables, axis=0), 1)


def convert_regressor(nodes: Nodes, model: Any) -> None:
    parts = [values(nodes, member) for member in model.estimators_]
    nodes.deliver(parts[0] if len(parts) == 1 else nodes.emit("Concat", *parts, axis=1))
