"""Loads a fitted estimator from a joblib, pickle or skops file."""

from __future__ import annotations

import importlib
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

from predictable_bridge.errors import ConverterError
from predictable_bridge.pickles import inspect_pickle
from renewal import provide_names, renew

OWN_PACKAGE_HINT = (
    "Give the package that defines it with --wheel FILE or --requirements FILE; "
    "classes of a notebook or script must be moved into a module first."
)
# What comes with the environment: a name that these do not have is one of another version.
LIBRARIES = ("sklearn", "numpy", "scipy", "pandas", "joblib", "_loss")
INTACT_HINT = "Check that the file was copied whole, or save the model again with joblib.dump(model, path)."


def load(request: dict[str, Any]) -> tuple[Any, list[dict[str, str]]]:
    """The estimator and warnings. Raises UNTRUSTED_ARTIFACT, CORRUPT_MODEL, MISSING_MODULE or UNSUPPORTED_MODEL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = load_skops(request) if request["format"] == "sklearn-skops" else load_pickle(request)
    check_fitted(model)
    if is_of_another_version(request):
        with blaming_version(request):
            renew(model, request["savedBy"])
    return model, version_warnings(request)


def load_skops(request: dict[str, Any]) -> Any:
    from skops_files import read_skops

    return read_skops(request["path"], request["trusted"])


def load_pickle(request: dict[str, Any]) -> Any:
    path = request["path"]
    if not request["trusted"]:
        raise ConverterError(
            "UNTRUSTED_ARTIFACT",
            f"{file_name(request)} is a pickle: loading it runs whatever code it contains, so it is only loaded when you vouch for it.",
            "If you know where the file comes from: --trust, or `predictable trust` to write its checksum to trust.lock.",
        )
    import joblib

    if is_of_another_version(request):
        provide_names()
    try:
        return joblib.load(path)
    except ModuleNotFoundError as error:
        if error.name == "_loss" and "_loss" not in sys.modules:
            # Boosting of scikit-learn before 1.9 names this module by its short name.
            sys.modules["_loss"] = importlib.import_module("sklearn._loss._loss")
            return load_pickle(request)
        raise missing(request, error.name or str(error)) from error
    except (AttributeError, ImportError) as error:
        raise unresolved(request, error) from error
    except (FileNotFoundError, PermissionError, MemoryError):
        raise
    except Exception as error:
        raise unreadable(request, error) from error


def missing(request: dict[str, Any], module: str) -> ConverterError:
    if module.split(".")[0] in LIBRARIES:
        return version_error(request, f"needs {module}, which is not there")
    needed = [name for name in inspect_pickle(request["path"]).globals if name.startswith(f"{module}.")]
    what = f"{needed[0]}, but the module {module}" if needed else f"the module {module}, which"
    message = f"{file_name(request)} needs {what} is not installed."
    return ConverterError("MISSING_MODULE", message, OWN_PACKAGE_HINT, module=module, names=needed)


def unresolved(request: dict[str, Any], error: Exception) -> ConverterError:
    """A name that its module does not have: a class of `__main__`, or of another version of a package."""
    for name in inspect_pickle(request["path"]).globals:
        module, _, attribute = name.rpartition(".")
        try:
            found = importlib.import_module(module)
        except ImportError:
            return missing(request, module)
        if not hasattr(found, attribute.split(".")[0]):
            if module.split(".")[0] in LIBRARIES:
                return version_error(request, f"needs {name}, which is not there")
            message = f"{file_name(request)} needs {name}, which cannot be imported: {error}"
            return ConverterError("MISSING_MODULE", message, OWN_PACKAGE_HINT, module=module, name=name)
    return unreadable(request, error)


def unreadable(request: dict[str, Any], error: Exception) -> ConverterError:
    if inspect_pickle(request["path"]).complete:
        return version_error(request, f"could not be rebuilt ({first_line(error)})")
    message = f"{file_name(request)} is not a whole pickle: {type(error).__name__}: {error}"
    return ConverterError("CORRUPT_MODEL", message, INTACT_HINT)


@contextmanager
def blaming_version(request: dict[str, Any]) -> Iterator[None]:
    """A model of another version may load and lack what this one's predict needs: then it is the version that is wrong."""
    try:
        yield
    except Exception as error:
        stale = next((cause for cause in causes(error) if is_stale(cause)), None)
        if stale is None or not is_of_another_version(request):
            raise
        raise version_error(request, f"cannot predict here ({first_line(stale)})") from error


def is_stale(error: BaseException) -> bool:
    """An attribute that its fit did not set, or arrays laid out as another compiled version has them."""
    return isinstance(error, AttributeError) or "Buffer dtype mismatch" in str(error)


def causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def version_error(request: dict[str, Any], what: str) -> ConverterError:
    """`anotherVersion`: the orchestrator tries the next of the converter's environments."""
    import sklearn

    installed = sklearn.__version__
    saved = request["savedBy"] or "another version of scikit-learn"
    return ConverterError(
        "UNSUPPORTED_MODEL",
        f"{file_name(request)} was saved by scikit-learn {saved} and {what}; this environment has scikit-learn {installed}.",
        "Train the model again with a newer scikit-learn, and save it there.",
        saved=saved,
        installed=installed,
        anotherVersion=is_of_another_version(request),
    )


def is_of_another_version(request: dict[str, Any]) -> bool:
    """Patch versions of one minor version read each other's files."""
    import sklearn

    saved = request["savedBy"]
    return saved is not None and saved.split(".")[:2] != sklearn.__version__.split(".")[:2]


def file_name(request: dict[str, Any]) -> str:
    """As the user knows it: what is loaded is a copy in another folder."""
    return Path(request["path"]).name


def first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}"


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


def version_warnings(request: dict[str, Any]) -> list[dict[str, str]]:
    import sklearn

    saved, current = request["savedBy"], sklearn.__version__
    if saved is None or saved == current:
        return []
    message = f"saved with scikit-learn {saved}, loaded with {current}: verified against what {current} predicts"
    return [{"code": "SKLEARN_VERSION", "message": message}]
