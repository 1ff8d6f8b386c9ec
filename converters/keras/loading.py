"""A model file as Keras loads it, with the errors that a user can act on."""

from __future__ import annotations

from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_bridge.networks.keras_files import KerasFile
from predictable_bridge.networks.keras_loading import failure, import_modules

from frameworks import import_keras


def load_model(file: KerasFile, request: dict[str, Any]) -> Any:
    """Raises MISSING_MODULE for classes that are not there, CORRUPT_MODEL or UNSUPPORTED_MODEL."""
    keras = import_keras(file.generation)
    import_modules(file)
    options: dict[str, Any] = {"compile": False, "safe_mode": not request["trusted"]}
    if file.generation == 2:
        from lambdas import OLD_LAMBDAS

        options["custom_objects"] = OLD_LAMBDAS() if request["trusted"] else None
    try:
        return keras.models.load_model(request["path"], **options)
    except (ConverterError, MemoryError):
        raise
    except Exception as error:
        raise failure(file, error) from error
