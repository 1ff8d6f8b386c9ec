"""The road that Keras 3 offers itself: model.export(format="onnx"). It also goes through tf2onnx, but not through a SavedModel."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_networks.exporting import quiet
from predictable_networks.leftovers import without_leftovers
from predictable_networks.tensor_names import rename_tensors
from predictable_networks.tensorflow_setup import count_anew

from original import Original


def own_export(original: Original, request: Request) -> Any:
    """Raises UNSUPPORTED_MODEL where constants of layers are lost, as those of Normalization are in Keras 3.15."""
    import onnx

    path = os.path.join(tempfile.mkdtemp(dir=request["work"]), "model.onnx")
    with quiet(f"{original.file.name} cannot be exported"):
        # It must have been called once.
        original.call(original.zeros(1))
        count_anew()
        original.model.export(path, format="onnx", verbose=False, opset_version=original.opset(request))
    onnx_model = onnx.load(path)
    constants = {each.name for each in onnx_model.graph.initializer}
    given = [each for each in onnx_model.graph.input if each.name not in constants]
    lost = [each.name.split(":")[0] for each in given[len(original.inputs) :]]
    if lost:
        message = f"Keras's own export of {original.file.name} asks for {', '.join(lost[:3])}, which are constants of its layers."
        raise ConverterError("UNSUPPORTED_MODEL", message, "The road saved-model keeps them.", lost=lost)
    rename_tensors(onnx_model.graph, [given.tensor for given in original.inputs], original.tensors)
    return without_leftovers(onnx_model, original.title)
