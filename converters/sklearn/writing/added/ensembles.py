"""OneVsRestClassifier and StackingClassifier over members without probabilities, which skl2onnx gets wrong, and OutputCodeClassifier."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.arithmetic import float_type
from writing.formulas.distances import euclidean
from writing.nodes import Nodes, is_text
from writing.registration import add_beside, add_classifier, classifier_shapes


def register() -> None:
    from sklearn.ensemble import StackingClassifier
    from sklearn.multiclass import OneVsRestClassifier, OutputCodeClassifier

    add_beside(OneVsRestClassifier, has_scores_only, rest_shapes, convert_rest)
    add_classifier(OutputCodeClassifier, convert_codes)
    add_beside(StackingClassifier, stacks_decisions, classifier_shapes, convert_stacked)


def has_scores_only(model: Any) -> bool:
    return not hasattr(model, "predict_proba")


def rest_shapes(operator: Any) -> None:
    from skl2onnx.common.data_types import Int64TensorType, StringTensorType

    source, model = operator.inputs[0].type, operator.raw_operator
    several, text = model.multilabel_, is_text(np.asarray(model.classes_))
    rows, count = source.shape[0], len(model.classes_)
    operator.outputs[0].type = (StringTensorType if text and not several else Int64TensorType)([rows, count] if several else [rows])
    operator.outputs[1].type = float_type(source)([rows, count])


def convert_rest(nodes: Nodes, model: Any) -> None:
    """The class whose member is surest; with several labels, each whose member says yes."""
    scores = [decision(nodes, estimator) for estimator in model.estimators_]
    if len(scores) == 1:
        scores = [nodes.emit("Neg", scores[0]), scores[0]]
    joined = nodes.emit("Concat", *scores, axis=1)
    nodes.deliver(joined, 1)
    if model.multilabel_:
        nodes.emit("Identity", nodes.int64(nodes.emit("Greater", joined, 0.0)), result=nodes.operator.outputs[0].full_name)
    else:
        nodes.label(nodes.emit("ArgMax", joined, axis=1, keepdims=0), model.classes_)


def decision(nodes: Nodes, estimator: Any) -> str:
    """[N,1]: the score that a member of two classes decides by; of a member that saw a single class, a constant."""
    if type(estimator).__name__ == "_ConstantPredictor":
        return nodes.constant_rows(np.asarray(estimator.y_, dtype=np.float64).reshape(1, 1))
    if not hasattr(estimator, "decision_function"):
        raise NotImplementedError(f"its member {type(estimator).__name__} has no decision_function")
    _, scores = nodes.predicted(estimator, nodes.operator.inputs[0], zipmap=False, raw_scores=True)
    return nodes.double(nodes.column(scores, 1))


def convert_codes(nodes: Nodes, model: Any) -> None:
    """The class whose code word is nearest to the answers of the members."""
    answers = [decision(nodes, member) if hasattr(member, "decision_function") else share(nodes, member) for member in model.estimators_]
    distances = euclidean(nodes, nodes.emit("Concat", *answers, axis=1), np.asarray(model.code_book_, dtype=np.float64))
    nodes.label(nodes.nearest(distances), model.classes_)
    nodes.deliver(distances, 1)


def share(nodes: Nodes, estimator: Any) -> str:
    """[N,1]: the share of the second class."""
    _, shares = nodes.predicted(estimator, nodes.operator.inputs[0], zipmap=False)
    return nodes.double(nodes.column(shares, 1))


def stacks_decisions(model: Any) -> bool:
    return len(np.ravel(model.classes_)) == 2 and "decision_function" in model.stack_method_


def convert_stacked(nodes: Nodes, model: Any) -> None:
    """With two classes each member hands one number on to the final estimator: its score, or the share of the second class."""
    source, element = nodes.operator.inputs[0], nodes.output_types[1]
    answers = [handed_on(nodes, estimator, method) for estimator, method in zip(model.estimators_, model.stack_method_)]
    width = len(answers) + (model.n_features_in_ if model.passthrough else 0)
    answers = [nodes.emit("Cast", answer, to=element) for answer in answers]
    if model.passthrough:
        answers.append(source.full_name)
    variable = nodes.scope.declare_local_variable("d_stacked", source.type.__class__([None, width]))
    nodes.emit("Concat", *answers, axis=1, result=variable.full_name)
    if not hasattr(model.final_estimator_, "predict_proba"):
        raise NotImplementedError("its final estimator has no predict_proba")
    _, shares = nodes.predicted(model.final_estimator_, variable, zipmap=False)
    shares = nodes.double(shares)
    nodes.deliver(shares, 1)
    nodes.label(nodes.emit("ArgMax", shares, axis=1, keepdims=0), model.classes_)


def handed_on(nodes: Nodes, estimator: Any, method: str) -> str:
    if method == "decision_function":
        return decision(nodes, estimator)
    if method != "predict_proba":
        raise NotImplementedError(f"its member {type(estimator).__name__} hands on its {method}")
    return share(nodes, estimator)
