"""Frozen graphs: a GraphDef whose variables are constants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_tensorflow.graphs import check_graph, nodes_of

from frameworks import import_tensorflow
from graphs import cut, original_of, session_of
from original import Original
from proposals import find_ends

VARIABLES = ("Variable", "VariableV2", "VarHandleOp")


def open_graph(request: Request) -> Original:
    """Raises CORRUPT_MODEL, MISSING_SIGNATURE, UNSUPPORTED_OPERATOR or UNSUPPORTED_TYPE."""
    path = request["path"]
    graph_def = read_graph(path)
    ends = find_ends(graph_def, request)
    needed = cut(graph_def, ends)
    check_graph(needed, path)
    for node in nodes_of(needed):
        if node.op in VARIABLES:
            message = f"{Path(path).name} is not frozen: the values of its variable {node.name} are in another file."
            raise ConverterError("UNSUPPORTED_MODEL", message, "Give the checkpoint's .meta file, with .index and .data beside it.")
    return original_of(session_of(needed, Path(path).name), ends, "TensorFlow graph", request)


def read_graph(path: str) -> Any:
    from google.protobuf.message import DecodeError

    graph_def = import_tensorflow().compat.v1.GraphDef()
    content = Path(path).read_bytes()
    try:
        graph_def.ParseFromString(content)
    except DecodeError as error:
        raise no_graph(path) from error
    if not graph_def.node or not all(node.name and node.op for node in graph_def.node):
        raise no_graph(path)
    return graph_def


def no_graph(path: str) -> ConverterError:
    from google.protobuf.message import DecodeError
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    saved, hint = SavedModel(), "Check that the file was copied whole, and that it is a GraphDef."
    try:
        if saved.ParseFromString(Path(path).read_bytes()) and saved.meta_graphs:
            hint = "It is a SavedModel's saved_model.pb: give the folder that it is in."
    except DecodeError:
        pass
    return ConverterError("CORRUPT_MODEL", f"{Path(path).name} can't be read as a TensorFlow graph.", hint)
