"""RegressorChain and ClassifierChain: each member sees the columns and what the members before it said."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.nodes import Nodes
from writing.registration import add, add_values, number


def register() -> None:
    from sklearn.multioutput import ClassifierChain, RegressorChain

    add_values(RegressorChain, lambda model: len(model.estimators_), convert_regressors)
    add(ClassifierChain, classifier_shapes, convert_classifiers, {"zipmap": [True, False], "nocl": [True, False]})


def classifier_shapes(operator: Any) -> None:
    from skl2onnx.common.data_types import Int64TensorType

    source, count = operator.inputs[0].type, len(operator.raw_operator.estimators_)
    operator.outputs[0].type = Int64TensorType([source.shape[0], count])
    operator.outputs[1].type = number(source)([source.shape[0], count])


def convert_regressors(nodes: Nodes, model: Any) -> None:
    said: list[str] = []
    for estimator in model.estimators_:
        (values,) = nodes.predicted(estimator, augmented(nodes, model, said))
        said.append(column(nodes, values))
    nodes.deliver(in_order(nodes, said, model))


def convert_classifiers(nodes: Nodes, model: Any) -> None:
    if model.chain_method_ not in ("predict", "predict_proba"):
        raise NotImplementedError(f"its chain_method {model.chain_method_} is not converted: predict and predict_proba are")
    told: list[str] = []
    labels: list[str] = []
    shares: list[str] = []
    for estimator in model.estimators_:
        label, scores = nodes.predicted(estimator, augmented(nodes, model, told), zipmap=False)
        labels.append(column(nodes, label))
        shares.append(nodes.double(nodes.column(scores, 1)))
        told.append(labels[-1] if model.chain_method_ == "predict" else shares[-1])
    nodes.emit("Identity", nodes.whole(in_order(nodes, labels, model)), result=nodes.operator.outputs[0].full_name)
    nodes.deliver(in_order(nodes, shares, model), 1)


def augmented(nodes: Nodes, model: Any, said: list[str]) -> Any:
    """A variable that holds the columns and what was said so far."""
    source = nodes.operator.inputs[0]
    if not said:
        return source
    variable = nodes.scope.declare_local_variable("d_augmented", source.type.__class__([None, model.n_features_in_ + len(said)]))
    kind = nodes.output_types[-1]
    nodes.emit("Concat", source.full_name, *(nodes.emit("Cast", one, to=kind) for one in said), axis=1, result=variable.full_name)
    return variable


def column(nodes: Nodes, values: str) -> str:
    return nodes.double(nodes.emit("Reshape", values, np.array([-1, 1])))


def in_order(nodes: Nodes, said: list[str], model: Any) -> str:
    return nodes.emit("Concat", *(said[at] for at in np.argsort(model.order_)), axis=1)
