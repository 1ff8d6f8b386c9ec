"""Graphs of TensorFlow 1: cut down to what the outputs need, before TensorFlow sees them, and run in a session."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_networks.exporting import first_line, quiet
from predictable_tensorflow.graphs import node_of

from exporting import to_onnx
from frameworks import import_tensorflow, import_tf2onnx
from original import Original, Tensor
from proposals import Ends
from row_shapes import row_shape, same_batch

READING = "/Read/ReadVariableOp"
WHOLE_HINT = "Check that the file was copied whole."


def cut(graph_def: Any, ends: Ends, further: list[str] = []) -> Any:  # noqa: B006
    """What the outputs (and the nodes `further`) need, with a Placeholder for every input, wherever it is in the graph."""
    tf = import_tensorflow()
    given = {node_of(each.tensor): each for each in ends.inputs}
    copied = tf.compat.v1.GraphDef()
    copied.CopyFrom(graph_def)
    for node in copied.node:
        node.device = ""
        if node.name in given:
            each = given[node.name]
            node.op = "Placeholder"
            del node.input[:]
            node.attr.clear()
            node.attr["dtype"].type = tf.as_dtype(each.dtype).as_datatype_enum
            node.attr["shape"].shape.CopyFrom(tf.TensorShape(each.shape).as_proto())
        elif node.op == "PlaceholderWithDefault":
            # Such as a rate of dropout: nobody feeds it when predicting.
            node.op = "Identity"
            node.attr["T"].CopyFrom(node.attr["dtype"])
            del node.attr["dtype"]
            node.attr.pop("shape", None)
    if len({node.name for node in copied.node}) < len(copied.node):
        raise ConverterError("CORRUPT_MODEL", "The graph has two nodes of one name, so it does not say which is meant.", WHOLE_HINT)
    wanted = [node_of(each) for each in ends.outputs]
    try:
        needed = tf.compat.v1.graph_util.extract_sub_graph(copied, [*wanted, *further])
    except (AssertionError, KeyError) as error:
        message = f"The graph names a node that it does not have: {first_line(error)}."
        raise ConverterError("CORRUPT_MODEL", message, WHOLE_HINT) from error
    readable(needed)
    return needed


def readable(graph_def: Any) -> None:
    """Freezing reads a variable by a node of just this name, which the outputs need not use."""
    names = {node.name for node in graph_def.node}
    for handle in [node for node in graph_def.node if node.op == "VarHandleOp"]:
        if f"{handle.name}{READING}" not in names:
            node = graph_def.node.add(name=f"{handle.name}{READING}", op="ReadVariableOp", input=[handle.name])
            node.attr["dtype"].CopyFrom(handle.attr["dtype"])


def session_of(graph_def: Any, path: str) -> Any:
    """Raises CORRUPT_MODEL when TensorFlow can't make a graph of it."""
    tf = import_tensorflow()
    graph = tf.Graph()
    with graph.as_default():
        try:
            tf.import_graph_def(graph_def, name="")
        except Exception as error:
            raise ConverterError("CORRUPT_MODEL", f"{path} is no graph that TensorFlow takes: {first_line(error)}", None) from error
        return tf.compat.v1.Session(graph=graph)


def original_of(session: Any, ends: Ends, title: str, request: Request) -> Original:
    graph = session.graph
    shapes = {each.name: graph.get_tensor_by_name(each.tensor).shape for each in ends.inputs}
    batch = same_batch(shapes, request["path"])
    inputs = [
        Tensor(each.name, each.tensor, each.dtype, row_shape(each.name, each.dtype, shapes[each.name], request)) for each in ends.inputs
    ]
    outputs = [Tensor(node_of(each) if each.endswith(":0") else each, each) for each in ends.outputs]

    def call(rows: dict[str, np.ndarray]) -> list[np.ndarray]:
        return session.run([each.tensor for each in outputs], {each.tensor: rows[each.name] for each in inputs})

    def export(request: Request) -> Any:
        loader, tf = import_tf2onnx().tf_loader, import_tensorflow()
        names = [[each.tensor for each in tensors] for tensors in (inputs, outputs)]
        with quiet(f"{original.title} can't be exported"), graph.as_default():
            ends = [node_of(each.tensor) for each in [*inputs, *outputs]]
            graph_def = tf.compat.v1.graph_util.convert_variables_to_constants(session, graph.as_graph_def(add_shapes=True), ends)
        with quiet(f"{original.title} can't be exported"), tf.Graph().as_default():
            graph_def = loader.tf_optimize(*names, graph_def)
        return to_onnx(original, request, graph_def)

    original = Original(title, inputs, outputs, call, export, batch, ends.warnings)
    return original
