"""The raw graph by keras2onnx, for the opset that it does best."""

from __future__ import annotations

from typing import Any

from predictable_facts.request import Request
from predictable_keras.description import bare, objects
from predictable_keras.files import unsupported
from predictable_networks.exporting import quiet
from predictable_networks.leftovers import without_leftovers
from predictable_networks.tensor_names import rename_tensors

from original import Original

# The newest of 2020; it takes an older one where the operators allow it.
OPSET = 12
# Layers that it does not know, and goes on.
WRONG = ("LayerNormalization", "Normalization", "Resizing")


def to_onnx(original: Original, request: Request) -> Any:
    """Raises UNSUPPORTED_MODEL or UNSUPPORTED_OPERATOR."""
    import keras2onnx

    refuse_wrong(original)
    with quiet("%s cannot be exported" % original.file.name):
        onnx_model = keras2onnx.convert_keras(original.model, original.file.name, target_opset=min(OPSET, request["opsets"][""]))
    inputs = {given.name: given.tensor for given in original.inputs}
    rename_tensors(onnx_model.graph, [inputs[value.name] for value in onnx_model.graph.input], original.tensors)
    return without_leftovers(onnx_model, original.title)


def refuse_wrong(original: Original) -> None:
    for layer, described in objects(original.file.config):
        kind = bare(described.get("class_name"))
        if kind in WRONG:
            why = f"has {layer}, and what keras-onnx makes of {kind} predicts something else."
            raise unsupported(original.file, why, "Convert it without --converter: by way of a SavedModel it is right.", layer=layer)
