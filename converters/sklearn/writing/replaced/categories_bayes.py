"""CategoricalNB in double: the logarithms of each column's category, added from the first column to the last."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.nodes import Nodes
from writing.registration import add_classifier


def register() -> None:
    from sklearn.naive_bayes import CategoricalNB

    add_classifier(CategoricalNB, convert)


def convert(nodes: Nodes, model: Any) -> None:
    """A category that training had no row of, nor `min_categories` room for, stops the original, and the graph too."""
    rows = nodes.rows()
    total = None
    for at, logarithms in enumerate(model.feature_log_prob_):
        place = nodes.int64(nodes.emit("Reshape", nodes.column(rows, at), np.array([-1])))
        found = nodes.emit("Gather", np.ascontiguousarray(np.asarray(logarithms).T), place, axis=0)
        total = found if total is None else nodes.emit("Add", total, found)
    assert total is not None
    scores = nodes.emit("Add", total, np.asarray(model.class_log_prior_)[np.newaxis])
    nodes.label(nodes.emit("ArgMax", scores, axis=1, keepdims=0), model.classes_)
    nodes.deliver(nodes.emit("Softmax", scores, axis=1), 1)
