"""VotingClassifier and VotingRegressor in double; skl2onnx votes for the most probable class, which need not be a member's label."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.members import summed
from writing.nodes import Nodes
from writing.registration import add_classifier, add_values


def register() -> None:
    from sklearn.ensemble import VotingClassifier, VotingRegressor

    add_classifier(VotingClassifier, convert_classifier)
    add_values(VotingRegressor, lambda _: 1, convert_regressor)


def convert_classifier(nodes: Nodes, model: Any) -> None:
    count = len(model.classes_)
    answers = [nodes.predicted(member, zipmap=False) for member in model.estimators_]
    if model.voting == "hard":
        # Members are trained on places in `classes_`.
        votes = [nodes.number(nodes.emit("Equal", column(nodes, label), np.arange(count)[np.newaxis])) for label, _ in answers]
        scores = weighted(nodes, votes, model._weights_not_none)
    else:
        scores = averaged(nodes, [nodes.double(shares) for _, shares in answers], model._weights_not_none)
    nodes.label(nodes.emit("ArgMax", scores, axis=1, keepdims=0), model.classes_)
    nodes.deliver(scores, 1)


def convert_regressor(nodes: Nodes, model: Any) -> None:
    values = [column(nodes, nodes.double(nodes.predicted(member)[0])) for member in model.estimators_]
    nodes.deliver(averaged(nodes, values, model._weights_not_none))


def column(nodes: Nodes, values: str) -> str:
    return nodes.emit("Reshape", values, np.array([-1, 1]))


def averaged(nodes: Nodes, values: list[str], weights: Any) -> str:
    return nodes.emit("Div", weighted(nodes, values, weights), float(len(values) if weights is None else np.sum(weights)))


def weighted(nodes: Nodes, values: list[str], weights: Any) -> str:
    if weights is not None:
        values = [nodes.emit("Mul", value, float(weight)) for value, weight in zip(values, weights)]
    return summed(nodes, values)
