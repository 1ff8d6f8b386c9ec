"""Checkpoints of TensorFlow 1: a graph in .meta, the values of its variables in .index and .data beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_networks.exporting import first_line
from predictable_tensorflow.graphs import check_graph, node_of, reached

from graphs import cut, original_of, session_of
from original import Original
from proposals import find_ends


def open_checkpoint(request: Request) -> Original:
    """Raises CORRUPT_MODEL, FILE_NOT_FOUND, MISSING_SIGNATURE, UNSUPPORTED_OPERATOR or UNSUPPORTED_TYPE."""
    path = request["path"]
    meta = read_meta(path)
    prefix = str(Path(path).with_suffix(""))
    check_companions(prefix, path)
    ends = find_ends(without_saver(meta), request)
    saver = meta.saver_def
    # Only what puts values into variables, and what predicts, is left.
    needed = cut(meta.graph_def, ends, [node_of(saver.restore_op_name), node_of(saver.filename_tensor_name)])
    # What predicts restores nothing: only while restoring is the place of the variables given.
    check_graph(cut(meta.graph_def, ends), path)
    check_graph(needed, path, saver.filename_tensor_name)
    session = session_of(needed, Path(path).name)
    try:
        session.run(saver.restore_op_name, {saver.filename_tensor_name: prefix})
    except Exception as error:
        raise ConverterError("CORRUPT_MODEL", f"The variables of {Path(path).name} can't be restored: {first_line(error)}") from error
    return original_of(session, ends, "TensorFlow checkpoint", request)


def read_meta(path: str) -> Any:
    from google.protobuf.message import DecodeError
    from tensorflow.core.protobuf.meta_graph_pb2 import MetaGraphDef

    meta, hint = MetaGraphDef(), "Check that the file was copied whole, and that it is a checkpoint's .meta."
    try:
        meta.ParseFromString(Path(path).read_bytes())
    except DecodeError as error:
        raise ConverterError("CORRUPT_MODEL", f"{Path(path).name} can't be read as a TensorFlow graph.", hint) from error
    if not meta.graph_def.node:
        raise ConverterError("CORRUPT_MODEL", f"{Path(path).name} holds no graph.", hint)
    if not meta.saver_def.restore_op_name or not meta.saver_def.filename_tensor_name:
        message = f"{Path(path).name} does not say how its variables are restored."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Save it with tf.train.Saver.")
    return meta


def check_companions(prefix: str, path: str) -> None:
    folder, stem = Path(prefix).parent, Path(prefix).name
    for suffix in (".index", ".data-*"):
        if not any(folder.glob(f"{stem}{suffix}")):
            message = f"{Path(path).name} holds the graph alone: {stem}{suffix}, with its variables, is not beside it."
            raise ConverterError("FILE_NOT_FOUND", message, "Put all files of the checkpoint into one folder.")


def without_saver(meta: Any) -> Any:
    """Its own placeholder, of the checkpoint's name, is nobody's input, and no end of it an output."""
    nodes = {node.name: node for node in meta.graph_def.node}
    saver = meta.saver_def
    roots = [saver.filename_tensor_name, saver.restore_op_name, saver.save_tensor_name]
    own = {node.name for node in reached(nodes, roots) if node.name.startswith(node_of(saver.filename_tensor_name).split("/")[0] + "/")}
    graph_def = type(meta.graph_def)()
    graph_def.node.extend(node for node in meta.graph_def.node if node.name not in own)
    return graph_def
