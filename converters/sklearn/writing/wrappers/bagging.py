"""BaggingClassifier and BaggingRegressor around trees, or other estimators: the mean of what the members say."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.members import label, shares, summed, targets, values
from writing.nodes import Nodes
from writing.registration import add_classifier, add_values
from writing.tree_ensembles import forests


def register() -> None:
    from sklearn.ensemble import BaggingClassifier, BaggingRegressor

    add_classifier(BaggingClassifier, convert_classifier)
    add_values(BaggingRegressor, target_count, convert_regressor)


def convert_classifier(nodes: Nodes, model: Any) -> None:
    """The mean of the probabilities, or of votes where members have none."""
    if forests.has_trees(model):
        forests.convert_classifier(nodes, model)
        return
    count = len(model.classes_)
    parts = []
    for member, source in zip(model.estimators_, sources(nodes, model)):
        if hasattr(member, "predict_proba"):
            own = shares(nodes, member, source)
            # A member that saw some of the classes only knows them by their numbers.
            parts.append(
                own if len(member.classes_) == count else nodes.product(own, np.eye(count)[np.asarray(member.classes_, dtype=int)])
            )
        else:
            voted = nodes.emit("Reshape", nodes.int64(label(nodes, member, source)), np.array([-1, 1]))
            parts.append(nodes.number(nodes.emit("Equal", voted, np.arange(count)[np.newaxis])))
    mean = nodes.emit("Div", summed(nodes, parts), float(len(parts)))
    nodes.label(nodes.emit("ArgMax", mean, axis=1, keepdims=0), model.classes_)
    nodes.deliver(mean, 1)


def convert_regressor(nodes: Nodes, model: Any) -> None:
    if forests.has_trees(model):
        forests.convert_regressor(nodes, model)
        return
    parts = [values(nodes, member, source) for member, source in zip(model.estimators_, sources(nodes, model))]
    nodes.deliver(nodes.emit("Div", summed(nodes, parts), float(len(parts))))


def target_count(model: Any) -> int:
    return targets(model.estimators_[0])


def sources(nodes: Nodes, model: Any) -> list[Any]:
    """Of each member the columns that it was given; None where those are all, in their order."""
    width = int(model.n_features_in_)
    found: list[Any] = []
    for features in model.estimators_features_:
        if np.array_equal(features, np.arange(width)):
            found.append(None)
            continue
        if len(nodes.operator.inputs) > 1:
            raise NotImplementedError("its members look at some of the columns only, of which some are text")
        source = nodes.operator.inputs[0]
        variable = nodes.scope.declare_local_variable("d_some", source.type.__class__([None, len(features)]))
        nodes.emit("Gather", source.full_name, np.asarray(features, dtype=np.int64), axis=1, result=variable.full_name)
        found.append(variable)
    return found
