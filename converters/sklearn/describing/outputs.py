"""What the original predicts, and how each of its outputs is called."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts import outputs
from predictable_facts.outputs import class_names
from sklearn.base import is_classifier, is_outlier_detector, is_regressor
from sklearn.feature_selection import SelectorMixin

from describing.anatomy import describe, final
from describing.arrays import matrix
from describing.sklearn_versions import is_clusterer
from describing.traits import traits_of


@dataclass
class Output(outputs.Output):
    """A result of the model, and where it is in the graph that skl2onnx makes: `raw` is the place among its outputs, `pick` the one
    column of that output, `member` the place on its axis 0 of one target of several.
    """

    raw: int = 0
    pick: int | None = None
    member: int | None = None


def predict_outputs(model: Any, rows: Any, columns: list[str]) -> list[Output]:
    """Raises UNSUPPORTED_MODEL when the model predicts nothing for new rows, or in a way that SQL columns cannot hold."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return outputs_of(model, rows, columns)


def outputs_of(model: Any, rows: Any, columns: list[str]) -> list[Output]:
    last = final(model)
    if isinstance(last, SelectorMixin) and hasattr(model, "transform"):
        return [transformed(model, rows, columns)]
    if is_classifier(last) and hasattr(model, "predict"):
        return classifier_outputs(model, rows)
    if is_outlier_detector(last) and hasattr(model, "predict"):
        return [whole("label", "label", model.predict(rows), 0), whole("score", "score", model.decision_function(rows), 1)]
    if is_regressor(last) and hasattr(model, "predict"):
        values = row_by_row(model.predict(rows), rows)
        return [Output([f"variable{at + 1}" for at in range(values.shape[1])], "value", values, raw=0)]
    if is_clusterer(last) and hasattr(model, "predict") and not hasattr(model, "transform"):
        return [whole("label", "label", model.predict(rows), 0)]
    if is_clusterer(last) and hasattr(model, "predict"):
        distances = row_by_row(model.transform(rows), rows)
        names = [f"distance_{at}" for at in range(distances.shape[1])]
        return [whole("label", "label", model.predict(rows), 0), Output(names, "score", distances, raw=1)]
    if hasattr(model, "predict") and hasattr(model, "predict_proba"):
        shares = matrix(model.predict_proba(rows))
        names = [f"probability_{at}" for at in range(shares.shape[1])]
        return [whole("label", "label", model.predict(rows), 0), Output(names, "probability", shares, raw=1)]
    if hasattr(model, "transform"):
        return [transformed(model, rows, columns)]
    message = f"{describe(model)} has no predictions for rows that it was not fitted on."
    raise ConverterError("UNSUPPORTED_MODEL", message, "Train a model on its result that has predict() or transform().")


def whole(name: str, role: str, values: Any, raw: int) -> Output:
    values = matrix(values)
    return Output([name], role, values.astype(np.int64) if role == "label" else values, raw=raw)


def row_by_row(values: Any, rows: Any) -> np.ndarray:
    """[rows, columns]: SparsePCA and others make one dimension of a single row's values."""
    table = matrix(values)
    return table.reshape(1, -1) if len(rows) == 1 else table


def transformed(model: Any, rows: Any, columns: list[str]) -> Output:
    values = row_by_row(model.transform(rows), rows)
    count = values.shape[1]
    names = [f"transformed_{at + 1}" for at in range(count)]
    try:
        model_names = [str(name) for name in model.get_feature_names_out()]
    except (AttributeError, ValueError, TypeError):
        model_names = []
    taken = {name.casefold() for name in columns}
    distinct = {name.casefold() for name in model_names}
    if len(model_names) == count == len(distinct):
        # An output may not have an input's name: a scaler's would.
        names = [f"transformed_{name}" for name in model_names] if distinct & taken else model_names
    return Output(names, "value", values, raw=0)


def classifier_outputs(model: Any, rows: Any) -> list[Output]:
    predicted = matrix(model.predict(rows))
    targets = predicted.shape[1]
    classes = classes_by_target(model, targets)
    texts = [[str(value) for value in of_target] if is_text(of_target) else None for of_target in classes]
    names = ["label"] if targets == 1 else [f"label_{at + 1}" for at in range(targets)]
    if targets > 1 and any(text is not None and text != texts[0] for text in texts):
        raise unsupported(model, "has several targets with different text labels")
    check_whole(model, classes)
    values = predicted.astype(object) if texts[0] is not None else predicted.astype(np.float64).astype(np.int64)
    labels = Output(names, "label", values, raw=0, labels=texts[0])
    return [labels, *score_outputs(model, rows, classes)]


def classes_by_target(model: Any, targets: int) -> list[np.ndarray]:
    """The classes of each target; of a table of yes and no, those two."""
    kept = getattr(model, "classes_", None)
    if isinstance(kept, list):
        return [np.asarray(classes) for classes in kept]
    if targets > 1:
        return [np.array([0, 1])] * targets
    return [np.asarray(kept)]


def is_text(classes: np.ndarray) -> bool:
    return classes.dtype.kind in "UST" or classes.dtype == object and any(isinstance(value, str) for value in classes)


def check_whole(model: Any, classes: list[np.ndarray]) -> None:
    for of_target in classes:
        if of_target.dtype.kind == "f" and not np.array_equal(of_target, np.floor(of_target)):
            raise unsupported(model, "has labels that are not whole numbers")


def score_outputs(model: Any, rows: Any, classes: list[np.ndarray]) -> list[Output]:
    """Probabilities if the model has them, else the scores that it decides by; none where the graph's second output is neither."""
    if hasattr(model, "predict_proba") and getattr(final(model), "multi_class", "") != "one_vs_one":
        shares = model.predict_proba(rows)
        if isinstance(shares, list):
            return [
                Output(class_names("probability", of_target, str(at + 1)), "probability", matrix(values), raw=1, member=at)
                for at, (values, of_target) in enumerate(zip(shares, classes))
            ]
        shares = matrix(shares)
        if shares.shape[1] == len(classes[0]) and len(classes) == 1:
            return [Output(class_names("probability", classes[0]), "probability", shares, raw=1)]
        if not traits_of(final(model)).label_table:
            return []
        names = [f"probability_{at + 1}" for at in range(shares.shape[1])]
        return [Output(names, "probability", shares, raw=1)]
    if not hasattr(model, "decision_function") or len(classes) > 1:
        return []
    scores = matrix(model.decision_function(rows))
    if scores.shape[1] == 1:
        pick = traits_of(final(model)).decision_column
        return [] if pick is None else [Output(["score"], "score", scores, raw=1, pick=pick)]
    if scores.shape[1] != len(classes[0]):
        return []
    return [Output(class_names("score", classes[0]), "score", scores, raw=1)]


def unsupported(model: Any, what: str) -> ConverterError:
    return ConverterError("UNSUPPORTED_MODEL", f"{describe(model)} {what}.", "Train it with labels that are text or whole numbers.")
