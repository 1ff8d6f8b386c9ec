"""A Keras 2 file as Keras loads it, with the errors that a user can act on."""

from __future__ import annotations

import contextlib
import os
from typing import Any, Dict

from predictable_bridge.errors import ConverterError
from predictable_keras.files import KerasFile, is_hdf5, unsupported
from predictable_keras.lambdas import lambdas_of_any_python
from predictable_keras.loading import failure, import_modules
from predictable_tensorflow.saved_models import check_folder

from frameworks import OLD, import_keras


def load_model(file: KerasFile, request: Dict[str, Any]) -> Any:
    """Raises MISSING_MODULE for classes that are not there, CORRUPT_MODEL or UNSUPPORTED_MODEL."""
    keras = import_keras()
    if OLD and not is_hdf5(request["path"]):
        why = f"was saved by Keras {file.version} in a form that Keras of 2020 does not read."
        raise unsupported(file, why, "Convert it in keras-onnx's first environment.")
    if os.path.isdir(request["path"]) and not request["trusted"]:
        check_folder(request["path"])
    import_modules(file)
    options = {} if OLD else {"safe_mode": not request["trusted"]}
    try:
        with lambdas_of_any_python(keras, functions()) if request["trusted"] else contextlib.nullcontext():
            return keras.models.load_model(request["path"], compile=False, **options)
    except (ConverterError, MemoryError):
        raise
    except Exception as error:
        raise failure(file, error) from error


def functions() -> Any:
    """The module by which Lambda layers get their functions."""
    if OLD:
        from tensorflow.python.keras.utils import generic_utils
    else:
        from tf_keras.src.utils import generic_utils
    return generic_utils
