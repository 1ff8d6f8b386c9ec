"""LightGBM's, XGBoost's and CatBoost's estimators inside other models: their own converters write their part of the graph."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from describing import boosters
from writing.nodes import Nodes, is_text
from writing.registration import add, add_values, classifier_shapes
from writing.tree_ensembles.reading import tree_graph

CLASSIFIERS = {"lightgbm": ["LGBMClassifier"], "xgboost": ["XGBClassifier", "XGBRFClassifier"], "catboost": ["CatBoostClassifier"]}
REGRESSORS = {"lightgbm": ["LGBMRegressor"], "xgboost": ["XGBRegressor", "XGBRFRegressor"], "catboost": ["CatBoostRegressor"]}


def register() -> None:
    """Only for the libraries that loading the model has imported: other conversions need not wait for them."""
    from skl2onnx._parse import sklearn_classifier_list

    for library in boosters.LIBRARIES:
        module = sys.modules.get(library)
        if module is None:
            continue
        for name in CLASSIFIERS[library]:
            cls = getattr(module, name)
            # skl2onnx asks each classifier that knows the option for what it decides by.
            options = ("zipmap", "nocl", "raw_scores") if hasattr(cls, "decision_function") else ("zipmap", "nocl")
            add(cls, classifier_shapes, convert_classifier, {option: [False, True] for option in options})
            if cls not in sklearn_classifier_list:
                # CatBoost's is none by its class: skl2onnx would give it one output.
                sklearn_classifier_list.append(cls)
        for name in REGRESSORS[library]:
            add_values(getattr(module, name), targets, convert_regressor)


def targets(model: Any) -> int:
    return len(example(model)[0].names)


def example(model: Any) -> list[Any]:
    """What it predicts for one row of zeros: which outputs it has, and how wide they are."""
    booster = boosters.boosted(model)
    return booster.predict([np.zeros(1)] * booster.width)


def convert_regressor(nodes: Nodes, model: Any) -> None:
    graph = tree_graph(nodes, model, boosters.boosted(model).width, rounds=False)
    (values,) = nodes.joined(graph, boosters.boosted(model).write(graph))
    nodes.deliver(values)


def convert_classifier(nodes: Nodes, model: Any) -> None:
    booster, classes = boosters.boosted(model), np.asarray(model.classes_)
    shapes = [(output.role, len(output.names)) for output in example(model)]
    if shapes != [("label", 1), ("probability", len(classes))]:
        raise NotImplementedError("inside another model it converts with one label and a probability for each class only")
    graph = tree_graph(nodes, model, booster.width, rounds=False)
    if nodes.container.has_options(model, "raw_scores") and nodes.wants_scores(model):
        (scores,) = nodes.joined(graph, [booster.margins(graph)])
        nodes.deliver(nodes.label_by_scores(nodes.double(scores), classes), 1)
        return
    label, shares = nodes.joined(graph, booster.write(graph))
    if is_text(classes):
        nodes.label(label, classes)
    else:
        nodes.emit("Identity", label, result=nodes.operator.outputs[0].full_name)
    nodes.deliver(shares, 1)
