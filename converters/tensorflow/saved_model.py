"""SavedModels: the signature that is asked for, or the one for serving."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_facts.shell import for_shell
from predictable_networks.exporting import first_line, quiet
from predictable_tensorflow.graphs import nodes_of
from predictable_tensorflow.messages import damaged, read_saved_model
from predictable_tensorflow.operators import TABLES
from predictable_tensorflow.saved_models import allowed_copy

from exporting import to_onnx
from frameworks import import_tensorflow, import_tf2onnx
from original import Original, Tensor
from own_order import input_order, output_order
from row_shapes import row_shape, same_batch

SERVING = "serving_default"
SERVE = "serve"


def open_saved_model(request: Request) -> Original:
    """Raises CORRUPT_MODEL, MISSING_SIGNATURE, UNSUPPORTED_OPERATOR or UNSUPPORTED_TYPE."""
    path = request["path"]
    warnings: list[dict[str, str]] = []
    saved = read_saved_model(path)
    meta_graph = chosen_tags(saved, request, warnings)
    name = chosen_signature(meta_graph, request, warnings)
    with allowed_copy(saved, [meta_graph], path) as copy:
        check_types(meta_graph.signature_def[name], name, path)
        loaded, function = load(copy, list(meta_graph.meta_info_def.tags), name, path)
        # tf2onnx takes the tables away from the function that it is given.
        exported = load(copy, list(meta_graph.meta_info_def.tags), name, path) if has_tables(meta_graph) else (loaded, function)
    specs = function.structured_input_signature[1]
    if {key: spec.dtype for key, spec in specs.items()} != {key: info.dtype for key, info in meta_graph.signature_def[name].inputs.items()}:
        raise damaged(path, f"its signature {name} and the function of this name do not take the same inputs")
    given = dict(zip(sorted(specs), function.inputs))
    keys = input_order(function, given)
    batch = same_batch({key: specs[key].shape for key in keys}, path)
    kinds = {key: specs[key].dtype.name for key in keys}
    inputs = [Tensor(key, given[key].name, kinds[key], row_shape(key, kinds[key], specs[key].shape, request)) for key in keys]
    answers = dict(zip(sorted(function.structured_outputs), function.outputs))
    outputs = [Tensor(key, answers[key].name) for key in output_order(function, answers)]

    def call(rows: dict[str, np.ndarray]) -> list[np.ndarray]:
        tf = import_tensorflow()
        found = function(**{key: tf.constant(values) for key, values in rows.items()})
        return [found[each.name].numpy() for each in outputs]

    def export(request: Request) -> Any:
        loader = import_tf2onnx().tf_loader
        with quiet(f"{original.title} can't be exported"):
            names = [[each.tensor for each in tensors] for tensors in (inputs, outputs)]
            graph_def, tables = loader.from_trackable(*exported, *names, False)
        return to_onnx(original, request, graph_def, initialized_tables=tables)

    version = meta_graph.meta_info_def.tensorflow_version
    title = f"TensorFlow SavedModel, {name}" + (f" (TensorFlow {version})" if version else "")
    original = Original(title, inputs, outputs, call, export, batch, warnings)
    return original


def chosen_tags(saved: Any, request: Request, warnings: list[dict[str, str]]) -> Any:
    graphs = {",".join(sorted(set(graph.meta_info_def.tags))): graph for graph in saved.meta_graphs}
    if len(graphs) < len(saved.meta_graphs):
        # TensorFlow would take the first, and this the last.
        raise damaged(request["path"], "two of its graphs have the same tags")
    asked = request["tag"]
    usual = SERVE if SERVE in graphs else next(iter(graphs)) if len(graphs) == 1 else None
    wanted = ",".join(sorted(asked.split(","))) if asked else usual
    if wanted is not None and wanted in graphs:
        if len(graphs) > 1 and not asked:
            warnings.append(note(f"the graph tagged {wanted} is taken; there is also {listed(graphs, wanted)}", "--tag"))
        return graphs[wanted]
    said = f"has no graph tagged {asked}" if asked else "has several graphs, and none is tagged serve"
    raise missing(request["path"], said, "--tag", sorted(graphs))


def chosen_signature(meta_graph: Any, request: Request, warnings: list[dict[str, str]]) -> str:
    names = sorted(name for name in meta_graph.signature_def if not name.startswith("_"))
    asked = request["signature"]
    wanted = asked or (SERVING if SERVING in names else names[0] if len(names) == 1 else None)
    if wanted is not None and wanted in names:
        others = [name for name in names if ends_of(meta_graph.signature_def[name]) != ends_of(meta_graph.signature_def[wanted])]
        if others and not asked:
            warnings.append(note(f"the signature {wanted} is taken; there is also {listed(others, wanted)}", "--signature"))
        return wanted
    if not names:
        hint = "Save it with one: tf.saved_model.save(model, folder, signatures=function), or model.export(folder)."
        raise ConverterError("MISSING_SIGNATURE", f"{Path(request['path']).name} has no signature, so nothing says what goes in.", hint)
    said = f"has no signature {asked}" if asked else f"has several signatures, and none is {SERVING}"
    raise missing(request["path"], said, "--signature", names)


def ends_of(signature: Any) -> list[list[tuple[str, int, bytes]]]:
    """Keras exports the same function under two names: what is alike from outside is no choice."""
    return [
        sorted((key, info.dtype, info.tensor_shape.SerializeToString(deterministic=True)) for key, info in infos.items())
        for infos in (signature.inputs, signature.outputs)
    ]


def check_types(signature: Any, name: str, path: str) -> None:
    from tensorflow.core.framework.types_pb2 import DT_STRING

    for kind, infos in (("input", signature.inputs), ("output", signature.outputs)):
        for key, info in infos.items():
            if info.dtype == DT_STRING:
                where = f"The {kind} {key} of the signature {name} in {Path(path).name}"
                message = f"{where} is text or serialized tf.Example; tables give numbers."
                raise ConverterError("UNSUPPORTED_TYPE", message, "Save the model with a signature of numbers.", **{kind: key})


def has_tables(meta_graph: Any) -> bool:
    return any(node.op in TABLES for node in nodes_of(meta_graph.graph_def))


def load(copy: str, tags: list[str], signature: str, path: str) -> tuple[Any, Any]:
    """With the signature's function."""
    tf = import_tensorflow()
    try:
        loaded = tf.saved_model.load(copy, tags=tags)
        return loaded, loaded.signatures[signature]
    except Exception as error:
        raise damaged(path, first_line(error).replace(copy, Path(path).name)) from error


def listed(names: Any, taken: str) -> str:
    return ", ".join(name for name in names if name != taken)


def note(message: str, option: str) -> dict[str, str]:
    return {"code": "SIGNATURE_CHOSEN", "message": f"{message} ({option})"}


def missing(path: str, said: str, option: str, names: list[str]) -> ConverterError:
    options = "\n".join(f"{option} {for_shell(name)}" for name in names)
    return ConverterError("MISSING_SIGNATURE", f"{Path(path).name} {said}.", f"Say which:\n{options}", choices=names)
