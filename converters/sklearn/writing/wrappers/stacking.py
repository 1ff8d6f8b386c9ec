"""StackingClassifier and StackingRegressor: what the members say are the columns of the final estimator."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import TensorProto

from writing.members import decision, label, scores, share, shares, targets, values
from writing.nodes import Nodes
from writing.registration import add_classifier, add_values


def register() -> None:
    from sklearn.ensemble import StackingClassifier, StackingRegressor

    add_classifier(StackingClassifier, convert_classifier, options=("raw_scores",))
    add_values(StackingRegressor, lambda model: targets(model.final_estimator_), convert_regressor)


def convert_regressor(nodes: Nodes, model: Any) -> None:
    nodes.deliver(values(nodes, model.final_estimator_, stacked(nodes, model)))


def convert_classifier(nodes: Nodes, model: Any) -> None:
    last, source = model.final_estimator_, stacked(nodes, model)
    wants_scores = nodes.wants_scores(model)
    if not hasattr(last, "predict_proba") and not hasattr(last, "decision_function"):
        raise NotImplementedError("its final estimator has neither predict_proba nor decision_function")
    raw = wants_scores or not hasattr(last, "predict_proba")
    found, answers = nodes.predicted(last, source, zipmap=False, raw_scores=raw)
    # The final estimator was trained on places in `classes_`.
    nodes.label(nodes.int64(nodes.emit("Reshape", found, np.array([-1]))), model.classes_)
    nodes.deliver(nodes.double(answers), 1)


def stacked(nodes: Nodes, model: Any) -> Any:
    """A variable of all that is handed on, and of the columns themselves where those pass, too."""
    from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType

    methods = model.stack_method_
    parts = [handed_on(nodes, member, method, model) for member, method in zip(model.estimators_, methods)]
    if model.passthrough:
        parts.append(nodes.rows())
    element = nodes.output_types[-1]
    kind = DoubleTensorType if element == TensorProto.DOUBLE else FloatTensorType
    width = int(model.final_estimator_.n_features_in_)
    variable = nodes.scope.declare_local_variable("d_stacked", kind([None, width]))
    joined = nodes.beside(parts)
    nodes.emit("Cast", joined, to=element, result=variable.full_name)
    return variable


def handed_on(nodes: Nodes, member: Any, method: str, model: Any) -> str:
    """[N,k] in double. Of two classes one column says all."""
    two = len(getattr(model, "classes_", ())) == 2
    if method == "predict_proba":
        return share(nodes, member) if two else shares(nodes, member)
    if method == "decision_function":
        return decision(nodes, member) if two else scores(nodes, member)
    if hasattr(member, "classes_"):
        return nodes.emit("Reshape", nodes.double(label(nodes, member)), np.array([-1, 1]))
    return values(nodes, member)
