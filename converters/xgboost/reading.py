"""Loads an XGBoost model from JSON, UBJSON or a pickle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import xgboost
from predictable_bridge.errors import ConverterError
from predictable_facts.reading import reading
from predictable_facts.request import Request
from predictable_facts.unpickle import Library, load_pickle

from booster import XGBoost
from document import corrupt, read_document

LIBRARY = Library("XGBoost", "xgboost")
# A model that one of these saved says so, and predicts as it did there: labels, and the best round of an early stop.
WRAPPERS = {"classifier": xgboost.XGBClassifier, "regressor": xgboost.XGBRegressor, "ranker": xgboost.XGBRanker}


def read(request: Request) -> tuple[XGBoost, list[dict[str, str]]]:
    """The model and warnings. Raises CORRUPT_MODEL, UNSUPPORTED_MODEL, UNTRUSTED_ARTIFACT or MISSING_MODULE."""
    if request["format"] != "xgboost-pickle":
        # A damaged one crashes XGBoost, and it makes as many numbers as a count says.
        read_document(Path(request["path"]).read_bytes())
        with reading("The file", corrupt):
            booster = xgboost.Booster(model_file=request["path"])
            document = read_document(booster.save_raw("ubj"))
            return XGBoost(booster, document, wrapper_of(booster, request["path"])), []
    model = load_pickle(request, LIBRARY)
    if isinstance(model, xgboost.XGBModel):
        return of_estimator(model, request["work"]), []
    if isinstance(model, xgboost.Booster):
        return XGBoost(model, read_document(model.save_raw("ubj")), None), []
    kind = f"{type(model).__module__}.{type(model).__qualname__}"
    hint = "Save the fitted estimator or the booster by itself: joblib.dump(model, path)."
    raise ConverterError("UNSUPPORTED_MODEL", f"The file holds a {kind}, not an XGBoost model.", hint)


def of_estimator(model: xgboost.XGBModel, _: str) -> XGBoost:
    if not model.__sklearn_is_fitted__():
        message = f"{type(model).__name__} is not fitted: it was saved before fit() was called."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Fit the model, then save it.")
    booster = model.get_booster()
    return XGBoost(booster, read_document(booster.save_raw("ubj")), model)


def wrapper_of(booster: xgboost.Booster, path: str) -> Any | None:
    """The estimator that saved the file, made again."""
    try:
        kind = json.loads(booster.attr("scikit_learn") or "{}").get("_estimator_type")
    except (ValueError, AttributeError):
        return None
    if kind not in WRAPPERS:
        return None
    wrapper = WRAPPERS[kind](enable_categorical=True)
    wrapper.load_model(path)
    return wrapper
