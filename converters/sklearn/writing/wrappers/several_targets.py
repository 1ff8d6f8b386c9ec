"""MultiOutputClassifier and MultiOutputRegressor: a member a target."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.members import label, shares, values
from writing.nodes import Nodes
from writing.registration import add, add_values, several_shapes


def register() -> None:
    from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor

    add(MultiOutputClassifier, shapes, convert_classifier, {name: [False, True] for name in ("zipmap", "nocl")})
    add_values(MultiOutputRegressor, lambda model: len(model.estimators_), convert_regressor)


def shapes(operator: Any) -> None:
    several_shapes(operator, [member.classes_ for member in operator.raw_operator.estimators_])


def convert_classifier(nodes: Nodes, model: Any) -> None:
    labels, tables = [], []
    for member in model.estimators_:
        labels.append(nodes.emit("Reshape", label(nodes, member), np.array([-1, 1])))
        has_shares = hasattr(member, "predict_proba")
        tables.append(shares(nodes, member) if has_shares else nodes.constant_rows(np.zeros((1, len(member.classes_)))))
    nodes.deliver_targets(labels, tables, [len(member.classes_) for member in model.estimators_])


def convert_regressor(nodes: Nodes, model: Any) -> None:
    nodes.deliver(nodes.beside([values(nodes, member) for member in model.estimators_]))
