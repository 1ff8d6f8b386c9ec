"""A Keras 2 file as Keras loads it, with the errors that a user can act on."""

from __future__ import annotations

from typing import Any, Dict

from predictable_bridge.errors import ConverterError
from predictable_bridge.networks.keras_files import KerasFile
from predictable_bridge.networks.keras_loading import failure, import_modules

from frameworks import import_keras


def load_model(file: KerasFile, request: Dict[str, Any]) -> Any:
    """Raises MISSING_MODULE for classes that are not there, CORRUPT_MODEL or UNSUPPORTED_MODEL."""
    keras = import_keras()
    import_modules(file)
    try:
        return keras.models.load_model(request["path"], compile=False)
    except (ConverterError, MemoryError):
        raise
    except Exception as error:
        raise failure(file, error) from error
