"""Keras models of both generations, by whichever road the request names; what is in a file decides which Keras loads it."""

from __future__ import annotations

import os
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.reading import reading
from predictable_facts.request import Request
from predictable_keras.files import KerasFile, corrupt, read_keras_file
from predictable_keras.storage import checked_storage
from predictable_keras.trust import check_text, check_trust
from predictable_networks.answer import NamedOutput, Network, conversion_of, prediction_of
from predictable_networks.tensorflow_setup import no_such_line

from factory import built_model
from frameworks import clear, import_keras, versions
from loading import load_model
from original import Original
from own_export import own_export
from saved_model import saved_model

ROADS = {"saved-model": saved_model, "own-export": own_export}


def warm() -> None:
    """Not Keras 2, which takes a while and which few files need."""
    # First, since it says how TensorFlow computes, which tf2onnx imports too.
    import_keras(3)
    import tf2onnx.convert  # noqa: F401


def convert(request: Request) -> dict[str, Any]:
    """The answer is `convertedSchema` of src/converters/answer.ts."""
    road = request["road"] or "saved-model"
    original = load(request, road)
    file = original.file
    try:
        onnx_model = ROADS[road](original, request)
        network = network_of(original, onnx_model)
        return conversion_of(network, onnx_model, request)
    finally:
        clear(file.generation, os.path.getsize(request["path"]))


def predict(request: Request) -> dict[str, Any]:
    """The answer is `predictedSchema` of src/converters/answer.ts."""
    original = load(request)
    try:
        return prediction_of(network_of(original), request)
    finally:
        clear(original.file.generation, os.path.getsize(request["path"]))


def load(request: Request, road: str = "saved-model") -> Original:
    with reading(os.path.basename(request["path"]), corrupt):
        return loaded(request, road)


def loaded(request: Request, road: str) -> Original:
    path = request["path"]
    # Messages and sums are of the user's own file, which has the same name.
    request = {**request, "path": checked_storage(path, request["work"])}
    if request["factory"] is not None:
        model, file = built_model(request["factory"], request)
        refuse_road(file, road)
        return Original(model, file, request)
    file = read_keras_file(request["path"])
    refuse_road(file, road)
    check_text(file)
    check_trust(file, path, request["trusted"])
    return Original(load_model(file, request), file, request)


def refuse_road(file: KerasFile, road: str) -> None:
    if road == "own-export" and file.generation == 2:
        message = f"{file.name} is of Keras {file.version}, whose models have no export of their own."
        raise ConverterError("UNSUPPORTED_MODEL", message, "The road saved-model converts it.", next="other-road")


def network_of(original: Original, onnx_model: Any = None) -> Network:
    """Every road calls the tensors of its graph as `original.inputs` and `original.tensors` do."""
    outputs = [NamedOutput(name, tensor) for name, tensor in zip(original.outputs, original.tensors)]
    libraries = versions(original.file.generation)
    return Network(original.title, original.inputs, outputs, original.predict, libraries, no_such_line=no_such_line())
