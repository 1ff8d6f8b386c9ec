"""Loads a fitted estimator from a joblib, pickle or skops file."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_facts.unpickle import Library, first_line, is_of_another_version, load_pickle, version_error

from loading.old_versions import provide_missing_names, renew

SKLEARN = Library(
    "scikit-learn",
    "sklearn",
    # Boosting of scikit-learn before 1.9 names this module by its short name.
    aliases={"_loss": "sklearn._loss._loss"},
    companions=("numpy", "scipy", "pandas", "joblib"),
)


def load(request: Request) -> tuple[Any, list[dict[str, str]]]:
    """The estimator and warnings. Raises UNTRUSTED_ARTIFACT, CORRUPT_MODEL, MISSING_MODULE or UNSUPPORTED_MODEL."""
    saved, of_another_version = request["savedBy"], is_of_another_version(request, SKLEARN)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if request["format"] == "sklearn-skops":
            model = load_skops(request)
        else:
            if of_another_version:
                provide_missing_names()
            model = load_pickle(request, SKLEARN)
    check_fitted(model)
    if of_another_version and saved is not None:
        with blaming_version(request):
            renew(model, saved)
    return model, version_warnings(request)


def load_skops(request: Request) -> Any:
    from loading.skops import read_skops

    return read_skops(request["path"], request["trusted"])


@contextmanager
def blaming_version(request: Request) -> Iterator[None]:
    """A model of another version may load and lack what this one's predict needs: then it is the version that is wrong."""
    try:
        yield
    except Exception as error:
        stale = next((cause for cause in causes(error) if is_stale(cause)), None)
        if stale is None or not is_of_another_version(request, SKLEARN):
            raise
        raise version_error(request, f"cannot predict here ({first_line(stale)})", SKLEARN) from error


def is_stale(error: BaseException) -> bool:
    """An attribute that its fit did not set, or arrays laid out as another compiled version has them."""
    return isinstance(error, AttributeError) or "Buffer dtype mismatch" in str(error)


def causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def check_fitted(model: Any) -> None:
    from sklearn.base import BaseEstimator
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    class_name = f"{type(model).__module__}.{type(model).__qualname__}"
    if not isinstance(model, BaseEstimator):
        # A wrapper of another library that follows scikit-learn's interface is for that library's converter.
        hint = "Save the fitted estimator or pipeline by itself: joblib.dump(pipeline, path)."
        raise ConverterError("UNSUPPORTED_MODEL", f"The file holds a {class_name}, not a fitted scikit-learn estimator.", hint)
    try:
        check_is_fitted(model)
    except NotFittedError as error:
        message = f"{type(model).__name__} is not fitted: it was saved before fit() was called."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Fit the model, then save it.") from error


def version_warnings(request: Request) -> list[dict[str, str]]:
    import sklearn

    saved, current = request["savedBy"], sklearn.__version__
    if saved is None or saved == current:
        return []
    message = f"saved with scikit-learn {saved}, loaded with {current}: verified against what {current} predicts"
    return [{"code": "SKLEARN_VERSION", "message": message}]
