"""Loads a CatBoost model from its own format or from a pickle."""

from __future__ import annotations

from pathlib import Path

import catboost
from predictable_bridge.errors import ConverterError
from predictable_facts.reading import reading
from predictable_facts.request import Request
from predictable_facts.unpickle import Library, load_pickle

from booster import OBJECTIVES, CatBoost
from checking import check
from document import corrupt, export

LIBRARY = Library("CatBoost", "catboost")
# Of each kind of prediction, the estimator that gives it.
ESTIMATORS = {"probability": catboost.CatBoostClassifier, "value": catboost.CatBoostRegressor, "score": catboost.CatBoostRanker}


def read(request: Request) -> tuple[CatBoost, list[dict[str, str]]]:
    """The model and warnings. Raises CORRUPT_MODEL, UNSUPPORTED_MODEL, UNTRUSTED_ARTIFACT or MISSING_MODULE."""
    work = request["work"]
    if request["format"] == "catboost-cbm":
        return estimator(request["path"], work), []
    model = load_pickle(request, LIBRARY)
    if not isinstance(model, catboost.CatBoost):
        kind = f"{type(model).__module__}.{type(model).__qualname__}"
        hint = "Save the fitted estimator by itself: joblib.dump(model, path)."
        raise ConverterError("UNSUPPORTED_MODEL", f"The file holds a {kind}, not a CatBoost model.", hint)
    return of_estimator(model, work), []


def of_estimator(model: catboost.CatBoost, work: str) -> CatBoost:
    if not model.is_fitted():
        message = f"{type(model).__name__} is not fitted: it was saved before fit() was called."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Fit the model, then save it.")
    if isinstance(model, tuple(ESTIMATORS.values())):
        return CatBoost(model, export(model, work), work)
    path = str(Path(work) / "model.cbm")
    model.save_model(path)
    return estimator(path, work)


def estimator(path: str, work: str) -> CatBoost:
    """A model without an estimator gets the one that its loss function is for, so that it predicts labels and probabilities."""
    check(path)
    with reading("The file", corrupt):
        document = export(catboost.CatBoost().load_model(path), work)
        role = OBJECTIVES.get(document.loss, {}).get("role", "value")
        return CatBoost(ESTIMATORS[role]().load_model(path), document, work)
