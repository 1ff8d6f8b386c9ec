"""The road that Keras 3 offers itself: model.export(format="onnx"). It also goes through tf2onnx, but not through a SavedModel."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_bridge.networks.leftovers import without_leftovers

from original import Original
from quiet import quiet


def own_export(original: Original, request: dict[str, Any]) -> Any:
    """Raises UNSUPPORTED_MODEL where constants of layers are lost, as those of Normalization are in Keras 3.15."""
    import onnx

    path = os.path.join(tempfile.mkdtemp(dir=request["work"]), "model.onnx")
    with quiet(original.file):
        # It must have been called once.
        original.call(original.zeros(1))
        original.model.export(path, format="onnx", verbose=False, opset_version=original.opset(request))
    onnx_model = onnx.load(path)
    constants = {each.name for each in onnx_model.graph.initializer}
    given = [each for each in onnx_model.graph.input if each.name not in constants]
    lost = [each.name.split(":")[0] for each in given[len(original.inputs) :]]
    if lost:
        message = f"Keras's own export of {original.file.name} asks for {', '.join(lost[:3])}, which are constants of its layers."
        raise ConverterError("UNSUPPORTED_MODEL", message, "The road saved-model keeps them.", lost=lost)
    rename(onnx_model.graph, original)
    return without_leftovers(onnx_model, original.title)


def rename(graph: Any, original: Original) -> None:
    """By identities on both sides: the names inside may be used by several nodes."""
    from onnx import helper

    nodes = list(graph.node)
    del graph.node[:]
    for given, value in zip(original.inputs, graph.input):
        if value.name != given.tensor:
            graph.node.append(helper.make_node("Identity", [given.tensor], [value.name], name=given.tensor))
            value.name = given.tensor
    graph.node.extend(nodes)
    for name, value in zip(original.tensors, graph.output):
        graph.node.append(helper.make_node("Identity", [value.name], [name], name=name))
        value.name = name
