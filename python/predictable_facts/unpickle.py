"""Loads a pickle that the user vouches for, and says what it lacks when it cannot be loaded."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Tuple

from predictable_bridge.errors import ConverterError
from predictable_facts.pickles import inspect_pickle
from predictable_facts.request import Request

OWN_PACKAGE_HINT = (
    "Give the package that defines it with --wheel FILE or --requirements FILE; "
    "classes of a notebook or script must be moved into a module first."
)
INTACT_HINT = "Check that the file was copied whole, or save the model again with joblib.dump(model, path)."


@dataclass(frozen=True)
class Library:
    """The library that a pickle is of: its name, its module, and modules that older versions called otherwise.

    `companions`: modules that come with it, so that a name that they do not have is one of another version.
    """

    title: str
    module: str
    aliases: Dict[str, str] = field(default_factory=dict)
    companions: Tuple[str, ...] = ()

    def has(self, module: str) -> bool:
        return module.split(".")[0] in (self.module, *self.aliases, *self.companions)


def load_pickle(request: Request, library: Library) -> Any:
    """Raises UNTRUSTED_ARTIFACT, CORRUPT_MODEL, MISSING_MODULE or UNSUPPORTED_MODEL."""
    if not request["trusted"]:
        raise ConverterError(
            "UNTRUSTED_ARTIFACT",
            f"{file_name(request)} is a pickle: loading it runs whatever code it contains, so it is only loaded when you vouch for it.",
            "If you know where the file comes from: --trust, or `predictable trust` to write its checksum to trust.lock.",
        )
    import joblib

    try:
        return joblib.load(request["path"])
    except ModuleNotFoundError as error:
        alias = library.aliases.get(error.name or "")
        if alias is not None and error.name not in sys.modules:
            try:
                sys.modules[str(error.name)] = importlib.import_module(alias)
            except ImportError:
                raise missing(request, str(error.name), library) from error
            return load_pickle(request, library)
        raise missing(request, error.name or str(error), library) from error
    except (AttributeError, ImportError) as error:
        raise unresolved(request, error, library) from error
    except (FileNotFoundError, PermissionError, MemoryError):
        raise
    except Exception as error:
        raise unreadable(request, error, library) from error


def missing(request: Request, module: str, library: Library) -> ConverterError:
    if library.has(module):
        return version_error(request, f"needs {module}, which is not there", library)
    needed = [name for name in inspect_pickle(request["path"]).globals if name.startswith(f"{module}.")]
    what = f"{needed[0]}, but the module {module}" if needed else f"the module {module}, which"
    message = f"{file_name(request)} needs {what} is not installed."
    return ConverterError("MISSING_MODULE", message, OWN_PACKAGE_HINT, module=module, names=needed)


def unresolved(request: Request, error: Exception, library: Library) -> ConverterError:
    """A name that its module does not have: a class of `__main__`, or of another version of a package."""
    for name in inspect_pickle(request["path"]).globals:
        module, _, attribute = name.rpartition(".")
        try:
            imported = importlib.import_module(module)
        except ImportError:
            return missing(request, module, library)
        if not hasattr(imported, attribute.split(".")[0]):
            if library.has(module):
                return version_error(request, f"needs {name}, which is not there", library)
            message = f"{file_name(request)} needs {name}, which cannot be imported: {error}"
            return ConverterError("MISSING_MODULE", message, OWN_PACKAGE_HINT, module=module, name=name)
    return unreadable(request, error, library)


def unreadable(request: Request, error: Exception, library: Library) -> ConverterError:
    if inspect_pickle(request["path"]).complete:
        return version_error(request, f"could not be rebuilt ({first_line(error)})", library)
    message = f"{file_name(request)} is not a whole pickle: {type(error).__name__}: {error}"
    return ConverterError("CORRUPT_MODEL", message, INTACT_HINT)


def version_error(request: Request, what: str, library: Library) -> ConverterError:
    """A file of another version than this environment's goes on to the next of the converter's environments."""
    title, installed = library.title, installed_version(library)
    saved = request["savedBy"]
    by = f"another version of {title}" if saved is None else f"{title} {saved}"
    return ConverterError(
        "UNSUPPORTED_MODEL",
        f"{file_name(request)} was saved by {by} and {what}; this environment has {title} {installed}.",
        f"Train the model again with a newer {title}, and save it there.",
        next="other-environment" if is_of_another_version(request, library) else None,
        saved=saved or by,
        installed=installed,
    )


def is_of_another_version(request: Request, library: Library) -> bool:
    """Patch versions of one minor version read each other's files."""
    saved = request["savedBy"]
    return saved is not None and saved.split(".")[:2] != installed_version(library).split(".")[:2]


def installed_version(library: Library) -> str:
    return str(importlib.import_module(library.module).__version__)


def file_name(request: Request) -> str:
    """As the user knows it: what is loaded is a copy in another folder."""
    return Path(request["path"]).name


def first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}"
