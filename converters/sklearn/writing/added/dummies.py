"""DummyClassifier and DummyRegressor: the same answer for every row."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.nodes import Nodes
from writing.registration import add_classifier, add_values


def register() -> None:
    from sklearn.dummy import DummyClassifier, DummyRegressor

    add_classifier(DummyClassifier, convert_classifier)
    add_values(DummyRegressor, lambda model: np.size(model.constant_), convert_regressor)


def convert_classifier(nodes: Nodes, model: Any) -> None:
    if model.strategy in ("stratified", "uniform"):
        raise NotImplementedError(f"its strategy {model.strategy} draws at random: it predicts otherwise each time")
    if isinstance(model.classes_, list):
        raise NotImplementedError("it has several targets")
    shares = model.predict_proba(np.zeros((1, 1)))
    label = model.predict(np.zeros((1, 1)))[0]
    repeated = nodes.constant_rows(np.asarray(shares, dtype=np.float64))
    place = int(np.flatnonzero(np.asarray(model.classes_) == label)[0])
    rows = nodes.emit("Gather", nodes.emit("Shape", repeated), np.array([0]), axis=0)
    nodes.label(nodes.emit("Expand", np.array([place]), rows), model.classes_)
    nodes.deliver(repeated, 1)


def convert_regressor(nodes: Nodes, model: Any) -> None:
    nodes.deliver(nodes.constant_rows(np.asarray(model.constant_, dtype=np.float64).reshape(1, -1)))
