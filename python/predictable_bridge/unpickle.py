"""Loads a pickle that the user vouches for, and says what it lacks when it cannot be loaded."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass, field
from typing import Any, Dict

from predictable_bridge.errors import ConverterError
from predictable_bridge.pickles import inspect_pickle

OWN_PACKAGE_HINT = (
    "Give the package that defines it with --wheel FILE or --requirements FILE; "
    "classes of a notebook or script must be moved into a module first."
)
INTACT_HINT = "Check that the file was copied whole, or save the model again with joblib.dump(model, path)."


@dataclass(frozen=True)
class Library:
    """The library that a pickle is of: its name, its module, and modules that older versions called otherwise."""

    title: str
    module: str
    aliases: Dict[str, str] = field(default_factory=dict)


def load_pickle(request: dict[str, Any], library: Library) -> Any:
    """Raises UNTRUSTED_ARTIFACT, CORRUPT_MODEL, MISSING_MODULE or UNSUPPORTED_MODEL."""
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
        alias = library.aliases.get(error.name or "")
        if alias is not None and error.name not in sys.modules:
            sys.modules[str(error.name)] = importlib.import_module(alias)
            return load_pickle(request, library)
        raise missing(path, error.name or str(error), library) from error
    except (AttributeError, ImportError) as error:
        raise unresolved(path, error, library) from error
    except (FileNotFoundError, PermissionError, MemoryError):
        raise
    except Exception as error:
        raise unreadable(path, error, library) from error


def missing(path: str, module: str, library: Library) -> ConverterError:
    if module.split(".")[0] == library.module:
        return version_error(path, f"needs {module}, which this {library.title} does not have", library)
    needed = [name for name in inspect_pickle(path).globals if name.startswith(f"{module}.")]
    what = f"{needed[0]}, but the module {module}" if needed else f"the module {module}, which"
    message = f"{path} needs {what} is not installed."
    return ConverterError("MISSING_MODULE", message, OWN_PACKAGE_HINT, module=module, names=needed)


def unresolved(path: str, error: Exception, library: Library) -> ConverterError:
    """A name that its module does not have: a class of `__main__`, or of another version of a package."""
    for name in inspect_pickle(path).globals:
        module, _, attribute = name.rpartition(".")
        try:
            found = importlib.import_module(module)
        except ImportError:
            return missing(path, module, library)
        if not hasattr(found, attribute.split(".")[0]):
            if module.split(".")[0] == library.module:
                return version_error(path, f"needs {name}, which this {library.title} does not have", library)
            message = f"{path} needs {name}, which cannot be imported: {error}"
            return ConverterError("MISSING_MODULE", message, OWN_PACKAGE_HINT, module=module, name=name)
    return unreadable(path, error, library)


def unreadable(path: str, error: Exception, library: Library) -> ConverterError:
    facts = inspect_pickle(path)
    if facts.complete:
        return version_error(path, f"could not be rebuilt ({type(error).__name__}: {error})", library)
    message = f"{path} is not a whole pickle: {type(error).__name__}: {error}"
    return ConverterError("CORRUPT_MODEL", message, INTACT_HINT)


def version_error(path: str, what: str, library: Library) -> ConverterError:
    name, installed = library.title, importlib.import_module(library.module).__version__
    saved = inspect_pickle(path).versions.get(name, f"another version of {name}")
    known = saved if saved.startswith("another") else f"{name} {saved}"
    return ConverterError(
        "UNSUPPORTED_MODEL",
        f"{path} was saved by {known} and {what}; this environment has {name} {installed}.",
        f"Load it with {known}, and save it again from {installed} after training there.",
        saved=saved,
        installed=installed,
    )
