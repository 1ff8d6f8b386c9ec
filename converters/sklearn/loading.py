"""Loads a fitted estimator from a joblib, pickle or skops file."""

from __future__ import annotations

import warnings
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_bridge.unpickle import Library, load_pickle

# Boosting of scikit-learn before 1.9 names this module by its short name.
SKLEARN = Library("scikit-learn", "sklearn", {"_loss": "sklearn._loss._loss"})


def load(request: dict[str, Any]) -> tuple[Any, list[dict[str, str]]]:
    """The estimator and warnings. Raises UNTRUSTED_ARTIFACT, CORRUPT_MODEL, MISSING_MODULE or UNSUPPORTED_MODEL."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = load_skops(request) if request["format"] == "sklearn-skops" else load_pickle(request, SKLEARN)
    check_fitted(model)
    return model, version_warnings(caught)


def load_skops(request: dict[str, Any]) -> Any:
    from skops_files import read_skops

    return read_skops(request["path"], request["trusted"])


def check_fitted(model: Any) -> None:
    from sklearn.base import BaseEstimator
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    kind = f"{type(model).__module__}.{type(model).__qualname__}"
    if not isinstance(model, BaseEstimator):
        # A wrapper of another library that follows scikit-learn's interface is for that library's converter.
        hint = "Save the fitted estimator or pipeline by itself: joblib.dump(pipeline, path)."
        raise ConverterError("UNSUPPORTED_MODEL", f"The file holds a {kind}, not a fitted scikit-learn estimator.", hint)
    try:
        check_is_fitted(model)
    except NotFittedError as error:
        message = f"{type(model).__name__} is not fitted: it was saved before fit() was called."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Fit the model, then save it.") from error


def version_warnings(caught: list[warnings.WarningMessage]) -> list[dict[str, str]]:
    from sklearn.exceptions import InconsistentVersionWarning

    for entry in caught:
        if isinstance(entry.message, InconsistentVersionWarning):
            saved, current = entry.message.original_sklearn_version, entry.message.current_sklearn_version
            message = f"saved by scikit-learn {saved}, loaded by {current}: verified against what {current} predicts"
            return [{"code": "SKLEARN_VERSION", "message": message}]
    return []
