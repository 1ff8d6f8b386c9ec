"""RegressorChain and ClassifierChain: each member sees the columns and the predictions of the members before it."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.arithmetic import float_type
from writing.nodes import Nodes
from writing.registration import add, add_values


def register() -> None:
    from sklearn.multioutput import ClassifierChain, RegressorChain

    add_values(RegressorChain, lambda model: len(model.estimators_), convert_regressors)
    add(ClassifierChain, classifier_shapes, convert_classifiers, {"zipmap": [True, False], "nocl": [True, False]})


def classifier_shapes(operator: Any) -> None:
    from skl2onnx.common.data_types import Int64TensorType

    source, count = operator.inputs[0].type, len(operator.raw_operator.estimators_)
    operator.outputs[0].type = Int64TensorType([source.shape[0], count])
    operator.outputs[1].type = float_type(source)([source.shape[0], count])


def convert_regressors(nodes: Nodes, model: Any) -> None:
    predictions: list[str] = []
    for estimator in model.estimators_:
        (values,) = nodes.predicted(estimator, augmented(nodes, model, predictions))
        predictions.append(column(nodes, values))
    nodes.deliver(in_order(nodes, predictions, model))


def convert_classifiers(nodes: Nodes, model: Any) -> None:
    if model.chain_method_ not in ("predict", "predict_proba"):
        raise NotImplementedError(f"its chain_method {model.chain_method_} is not converted: predict and predict_proba are")
    handed_on: list[str] = []
    labels: list[str] = []
    shares: list[str] = []
    for estimator in model.estimators_:
        label, scores = nodes.predicted(estimator, augmented(nodes, model, handed_on), zipmap=False)
        labels.append(column(nodes, label))
        shares.append(nodes.double(nodes.column(scores, 1)))
        handed_on.append(labels[-1] if model.chain_method_ == "predict" else shares[-1])
    nodes.emit("Identity", nodes.int64(in_order(nodes, labels, model)), result=nodes.operator.outputs[0].full_name)
    nodes.deliver(in_order(nodes, shares, model), 1)


def augmented(nodes: Nodes, model: Any, predictions: list[str]) -> Any:
    """A variable of the columns and the predictions so far, side by side."""
    source = nodes.operator.inputs[0]
    if not predictions:
        return source
    variable = nodes.scope.declare_local_variable("d_augmented", source.type.__class__([None, model.n_features_in_ + len(predictions)]))
    element = nodes.output_types[-1]
    cast = [nodes.emit("Cast", prediction, to=element) for prediction in predictions]
    nodes.emit("Concat", source.full_name, *cast, axis=1, result=variable.full_name)
    return variable


def column(nodes: Nodes, values: str) -> str:
    return nodes.double(nodes.emit("Reshape", values, np.array([-1, 1])))


def in_order(nodes: Nodes, predictions: list[str], model: Any) -> str:
    return nodes.emit("Concat", *(predictions[at] for at in np.argsort(model.order_)), axis=1)
