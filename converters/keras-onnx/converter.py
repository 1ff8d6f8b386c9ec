"""Keras 2 models by keras-onnx, in TensorFlow of today (shim.py) or of 2020."""

from __future__ import annotations

from typing import Any, Dict

from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_keras.files import KerasFile, read_keras_file, unsupported
from predictable_keras.storage import checked_storage
from predictable_keras.trust import check_text, check_trust
from predictable_networks.answer import NamedOutput, Network, conversion_of, prediction_of
from predictable_networks.tensorflow_setup import no_such_line

from conversion import to_onnx
from frameworks import fresh_session, import_keras, versions
from loading import load_model
from original import Original


def warm() -> None:
    import_keras()
    import keras2onnx  # noqa: F401


def convert(request: Request) -> Dict[str, Any]:
    """The answer is `convertedSchema` of src/converters/answer.ts."""
    original = load(request)
    onnx_model = to_onnx(original, request)
    return conversion_of(network_of(original), onnx_model, request)


def predict(request: Request) -> Dict[str, Any]:
    """The answer is `predictedSchema` of src/converters/answer.ts."""
    return prediction_of(network_of(load(request)), request)


def load(request: Request) -> Original:
    if request["factory"] is not None:
        message = "keras-onnx converts whole files; the model of a --factory goes another way."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Convert it without --converter.", next="other-road")
    # What is loaded is what was looked at: of a zip a copy.
    path, request = request["path"], {**request, "path": checked_storage(request["path"], request["work"])}
    file = checked(request, path)
    # What the model before left in the graph would be converted with this one.
    fresh_session()
    return Original(load_model(file, request), file, request)


def checked(request: Request, path: str) -> KerasFile:
    """`path`: of the user's own file, whose sum a message says."""
    file = read_keras_file(request["path"])
    if file.generation >= 3:
        why = f"is of Keras {file.version}; keras-onnx converts models of Keras 2."
        raise unsupported(file, why, "Convert it without --converter.", next="other-road")
    check_text(file)
    check_trust(file, path, request["trusted"])
    return file


def network_of(original: Original) -> Network:
    outputs = [NamedOutput(name, tensor) for name, tensor in zip(original.outputs, original.tensors)]
    return Network(original.title, original.inputs, outputs, original.predict, versions(), no_such_line=no_such_line())
