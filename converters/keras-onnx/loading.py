"""A Keras 2 file as Keras loads it, with the errors that a user can act on."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from typing import Any, Iterator, List

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_keras.files import KerasFile, is_hdf5, unsupported
from predictable_keras.lambdas import lambdas_of_any_python
from predictable_keras.loading import failure, import_modules
from predictable_tensorflow.saved_models import allowed_folder

from frameworks import OLD, import_keras


def load_model(file: KerasFile, request: Request) -> Any:
    """Raises MISSING_MODULE for classes that are not there, CORRUPT_MODEL or UNSUPPORTED_MODEL."""
    keras = import_keras()
    if OLD and not is_hdf5(request["path"]):
        why = f"was saved by Keras {file.version} in a form that Keras of 2020 does not read."
        raise unsupported(file, why, "Convert it in keras-onnx's first environment.")
    checked = allowed_folder(request["path"]) if os.path.isdir(request["path"]) and not request["trusted"] else None
    path = request["path"] if checked is None else checked.name
    import_modules(file)
    options = {} if OLD else {"safe_mode": not request["trusted"]}
    try:
        with lambdas_of_any_python(keras, functions()) if request["trusted"] else contextlib.nullcontext():
            model = keras.models.load_model(path, compile=False, **options)
        # Variables are read when the session needs them: the copy goes with the model.
        model._predictable_copy = checked
        if not is_hdf5(request["path"]):
            run_assignments(model)
            check_weights(model, file, request["path"])
        return model
    except (ConverterError, MemoryError):
        raise
    except Exception as error:
        raise failure(file, error) from error


def run_assignments(model: Any) -> None:
    """Without eager execution an assignment is an operation that somebody has to run, and Keras's loaders do so for HDF5 only."""
    from tf_keras.src import backend

    # It initialises what was not yet, which must come first.
    session = backend.get_session()
    initial = {variable.initializer.name for variable in model.variables}
    assigned = [op for op in session.graph.get_operations() if op.type == "AssignVariableOp" and op.name not in initial]
    session.run([op for op in assigned if op.inputs[1].op.type == "Const"])


def check_weights(model: Any, file: KerasFile, path: str) -> None:
    """Raises UNSUPPORTED_MODEL unless each weight of the model is one of the file's: one that was left as it was made up is none."""
    from tf_keras.src import backend

    stored = {value.tobytes() for value in stored_arrays(path)}
    for variable, value in zip(model.weights, backend.batch_get_value(model.weights)):
        if np.asarray(value).tobytes() not in stored:
            why = "has the weight %s, which keras-onnx could not take from the file." % variable.name
            raise unsupported(file, why, "Convert it without --converter.")


def stored_arrays(path: str) -> Iterator[np.ndarray]:
    """Every array of numbers that the file holds."""
    if os.path.isdir(path):
        import tensorflow

        reader = tensorflow.train.load_checkpoint(os.path.join(path, "variables", "variables"))
        yield from (np.asarray(reader.get_tensor(name)) for name in reader.get_variable_to_shape_map())
        return
    import h5py

    found: List[np.ndarray] = []
    with zipfile.ZipFile(path) as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r") as weights:
        weights.visititems(lambda _, each: found.append(np.asarray(each)) if isinstance(each, h5py.Dataset) else None)
    yield from found


def functions() -> Any:
    """The module by which Lambda layers get their functions."""
    if OLD:
        from tensorflow.python.keras.utils import generic_utils
    else:
        from tf_keras.src.utils import generic_utils
    return generic_utils
