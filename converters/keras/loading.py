"""A model file as Keras loads it, with the errors that a user can act on."""

from __future__ import annotations

import contextlib
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_keras.files import KerasFile
from predictable_keras.lambdas import lambdas_of_any_python
from predictable_keras.loading import failure, import_modules

from frameworks import import_keras


def load_model(file: KerasFile, request: Request) -> Any:
    """Raises MISSING_MODULE for classes that are not there, CORRUPT_MODEL or UNSUPPORTED_MODEL."""
    keras = import_keras(file.generation)
    import_modules(file)
    trusted = bool(request["trusted"])
    try:
        with lambdas_of_any_python(keras, functions_of(file.generation)) if trusted else contextlib.nullcontext():
            return keras.models.load_model(request["path"], compile=False, safe_mode=not trusted)
    except (ConverterError, MemoryError):
        raise
    except Exception as error:
        raise failure(file, error) from error


def functions_of(generation: int) -> Any:
    """The module by which Lambda layers get their functions."""
    if generation == 3:
        from keras.src.utils import python_utils

        return python_utils
    from tf_keras.src.utils import generic_utils

    return generic_utils
