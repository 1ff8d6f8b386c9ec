"""A SavedModel before TensorFlow loads it: loading runs its initialisation and its restoring, and what predicts comes later.

Its functions for saving may write, since nothing that is loaded calls them; variables come from its own folder, and so does the
text that fills a table.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterable, Iterator, List, Set

from predictable_bridge.errors import ConverterError
from predictable_tensorflow.graphs import all_called, check_reached, functions_of, nodes_of, reached, refusal, refuse
from predictable_tensorflow.operators import OF_A_MODEL, RESTORING, SAVING, TEXT_FILES
from predictable_tensorflow.origins import ARGUMENT, ASSET, PREFIX, Origins, assets_of

INITIALIZING = ("saved_model_main_op", "legacy_init_op", "table_initializer")
WHOLE_HINT = "Save the model again: tf.saved_model.save copies the files that it needs into its own folder."


def check_saved_model(saved: Any, meta_graph: Any, path: str) -> None:
    """`meta_graph`: the one that is taken. Raises UNSUPPORTED_OPERATOR, or CORRUPT_MODEL for assets elsewhere."""
    check_assets(meta_graph, path)
    graph_def = meta_graph.graph_def
    functions = functions_of(graph_def)
    refuse(nodes_of(graph_def), path, OF_A_MODEL | SAVING | RESTORING, functions)
    for name in reachable(bound_functions(meta_graph), functions):
        refuse(functions[name].node_def, path, OF_A_MODEL, functions)
    check_reached(graph_def, roots(meta_graph), path)
    check_reached(graph_def, [meta_graph.saver_def.restore_op_name], path, RESTORING)
    check_files(meta_graph, len(saved.meta_graphs) == 1 and meta_graph.HasField("object_graph_def"), path)


def check_folder(path: str) -> None:
    """All graphs of a SavedModel. Raises CORRUPT_MODEL where it can't be read, too."""
    from google.protobuf.message import DecodeError
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    saved = SavedModel()
    try:
        saved.ParseFromString(Path(path, "saved_model.pb").read_bytes())
    except DecodeError as error:
        message = "%s can't be loaded: its saved_model.pb can't be read." % Path(path).name
        raise ConverterError("CORRUPT_MODEL", message, WHOLE_HINT) from error
    for meta_graph in saved.meta_graphs:
        check_saved_model(saved, meta_graph, path)


def check_assets(meta_graph: Any, path: str) -> None:
    folder = Path(path, "assets").resolve()
    for asset in assets_of(meta_graph):
        parts = asset.filename.replace("\\", "/").split("/")
        # A colon begins the name of another file system.
        inside = parts[0] != "" and ".." not in parts and ":" not in asset.filename
        if not inside or folder not in Path(folder, asset.filename).resolve().parents:
            message = "%s names the file %s as a part of it, which is outside of its folder. Nothing of it was loaded."
            raise ConverterError("CORRUPT_MODEL", message % (Path(path).name, asset.filename), WHOLE_HINT)


def bound_functions(meta_graph: Any) -> Iterator[str]:
    """Those that loading makes callable."""
    objects = meta_graph.object_graph_def
    yield from objects.concrete_functions
    for node in objects.nodes:
        yield from node.function.concrete_functions
        yield node.bare_concrete_function.concrete_function_name
        yield node.captured_tensor.concrete_function


def reachable(names: Iterable[str], functions: Any) -> Set[str]:
    found = {name for name in names if name in functions}
    return found | all_called([node for name in found for node in functions[name].node_def], functions)


def roots(meta_graph: Any) -> List[str]:
    """Of a graph of TensorFlow 1: what loading initialises, and what predicts."""
    from tensorflow.core.framework.variable_pb2 import VariableDef

    found: List[str] = []
    for key, collection in meta_graph.collection_def.items():
        found += list(collection.node_list.value) if key in INITIALIZING else []
        for content in collection.bytes_list.value if "variables" in key else []:
            variable = VariableDef.FromString(content)
            found += [variable.initial_value_name, variable.initializer_name]
    for signature in meta_graph.signature_def.values():
        for info in [*signature.inputs.values(), *signature.outputs.values()]:
            sparse = info.coo_sparse
            found += [info.name, sparse.values_tensor_name, sparse.indices_tensor_name, sparse.dense_shape_tensor_name]
            found += [part.name for part in info.composite_tensor.components]
    return found


def check_files(meta_graph: Any, objects: bool, path: str) -> None:
    """Which files are read: texts among the model's assets, and while restoring its own variables."""
    graph_def, origins = meta_graph.graph_def, Origins(meta_graph, objects)
    restoring = list(reached({node.name: node for node in graph_def.node}, [meta_graph.saver_def.restore_op_name]))
    restored = all_called(restoring, functions_of(graph_def))
    for function in [None, *graph_def.library.function]:
        restores = restoring if function is None else function.node_def if function.signature.name in restored else []
        for node in graph_def.node if function is None else function.node_def:
            if node.op in TEXT_FILES and set(origins.of(node.input[1], function)) - {ASSET}:
                raise refusal(node, path, "fills a table from a file that is not the model's own")
        for node in restores:
            if node.op in RESTORING and set(origins.of(node.input[0], function)) - {PREFIX, ARGUMENT}:
                raise refusal(node, path, "reads variables from another place than the model's own")
