"""Loading a Keras model: modules of its own classes, and what Keras says where it cannot load one, in words to act on."""

from __future__ import annotations

import importlib
import re

from predictable_bridge.errors import ConverterError
from predictable_keras.description import shown
from predictable_keras.files import INTACT_HINT, KerasFile
from predictable_keras.trust import foreign_modules

UNKNOWN = re.compile(r"(?:Unknown [\w ]+?|Could not locate (?:class|function|object)):? ['\"]?([\w>.]+)")
CLASS_HINT = "Give the package that has it with --wheel FILE, or register the class in a module that the file names."


def import_modules(file: KerasFile) -> None:
    """Of classes that are not Keras's own; only a file that is trusted comes here with any."""
    for layer, module, kind in foreign_modules(file):
        if module is None:
            continue
        try:
            importlib.import_module(module)
        except ImportError as error:
            message = f"{file.name}: {layer} is of the class {kind} in the Python module {module}, which is not installed here."
            raise ConverterError("MISSING_MODULE", message, CLASS_HINT, module=module) from error


def failure(file: KerasFile, error: Exception) -> ConverterError:
    text = str(error).strip() or type(error).__name__
    unknown = UNKNOWN.search(text)
    if unknown is not None:
        message = f"{file.name} needs {shown(unknown[1])}, which is neither Keras's own nor in the file."
        return ConverterError("MISSING_MODULE", message, CLASS_HINT, module=unknown[1])
    reason = text.splitlines()[0][:300]
    if isinstance(error, (OSError, KeyError)):
        return ConverterError("CORRUPT_MODEL", f"{file.name} is no whole Keras model: {reason}", INTACT_HINT)
    message = f"{file.name}, saved by Keras {file.version}, cannot be loaded: {reason}"
    hint = "Load it with the Keras that saved it and export it from there: model.export('folder'), and convert that folder."
    return ConverterError("UNSUPPORTED_MODEL", message, hint, type=type(error).__name__)
