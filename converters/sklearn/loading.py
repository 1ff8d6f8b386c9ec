"""Loads a fitted estimator from a joblib, pickle or skops file."""

from __future__ import annotations

import importlib
import sys
import warnings
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_bridge.pickles import inspect_pickle

OWN_PACKAGE_HINT = (
    "Give the package that defines it with --wheel FILE or --requirements FILE; "
    "classes of a notebook or script must be moved into a module first."
)
INTACT_HINT = "Check that the file was copied whole, or save the model again with joblib.dump(model, path)."


def load(request: dict[str, Any]) -> tuple[Any, list[dict[str, str]]]:
    """The estimator and warnings. Raises UNTRUSTED_ARTIFACT, CORRUPT_MODEL, MISSING_MODULE or UNSUPPORTED_MODEL."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = load_skops(request) if request["format"] == "sklearn-skops" else load_pickle(request)
    check_fitted(model)
    return model, version_warnings(caught)


def load_skops(request: dict[str, Any]) -> Any:
    from skops_files import read_skops

    return read_skops(request["path"], request["trusted"])


def load_pickle(request: dict[str, Any]) -> Any:
    path = request["path"]
    if not request["trusted"]:
        raise ConverterError(
            "UNTRUSTED_ARTIFACT",
            f"{path} is a pickle: loading it runs whatever code it contains, so it is only loaded when you vouch for it.",
            "If you know where the file comes from: --trust, or `predictable trust` to write its checksum to trust.lock.",
        )
    import joblib

    try:
        return joblib.load(path)
    except ModuleNotFoundError as error:
        if error.name == "_loss" and "_loss" not in sys.modules:
            # Boosting of scikit-learn before 1.9 names this module by its short name.
            sys.modules["_loss"] = importlib.import_module("sklearn._loss._loss")
            return load_pickle(request)
        raise missing(path, error.name or str(error)) from error
    except (AttributeError, ImportError) as error:
        raise unresolved(path, error) from error
    except (FileNotFoundError, PermissionError, MemoryError):
        raise
    except Exception as error:
        raise unreadable(path, error) from error


def missing(path: str, module: str) -> ConverterError:
    if module.split(".")[0] == "sklearn":
        return version_error(path, f"needs {module}, which this scikit-learn does not have")
    needed = [name for name in inspect_pickle(path).globals if name.startswith(f"{module}.")]
    what = f"{needed[0]}, but the module {module}" if needed else f"the module {module}, which"
    message = f"{path} needs {what} is not installed."
    return ConverterError("MISSING_MODULE", message, OWN_PACKAGE_HINT, module=module, names=needed)


def unresolved(path: str, error: Exception) -> ConverterError:
    """A name that its module does not have: a class of `__main__`, or of another version of a package."""
    for name in inspect_pickle(path).globals:
        module, _, attribute = name.rpartition(".")
        try:
            found = importlib.import_module(module)
        except ImportError:
            return missing(path, module)
        if not hasattr(found, attribute.split(".")[0]):
            if module.split(".")[0] == "sklearn":
                return version_error(path, f"needs {name}, which this scikit-learn does not have")
            message = f"{path} needs {name}, which cannot be imported: {error}"
            return ConverterError("MISSING_MODULE", message, OWN_PACKAGE_HINT, module=module, name=name)
    return unreadable(path, error)


def unreadable(path: str, error: Exception) -> ConverterError:
    facts = inspect_pickle(path)
    if facts.complete:
        return version_error(path, f"could not be rebuilt ({type(error).__name__}: {error})")
    message = f"{path} is not a whole pickle: {type(error).__name__}: {error}"
    return ConverterError("CORRUPT_MODEL", message, INTACT_HINT)


def version_error(path: str, what: str) -> ConverterError:
    import sklearn

    saved = inspect_pickle(path).versions.get("scikit-learn", "another version of scikit-learn")
    return ConverterError(
        "UNSUPPORTED_MODEL",
        f"{path} was saved by scikit-learn {saved} and {what}; this environment has scikit-learn {sklearn.__version__}.",
        f"Load it with scikit-learn {saved}, and save it again from {sklearn.__version__} after training there.",
        saved=saved,
        installed=sklearn.__version__,
    )


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
