"""A SavedModel before TensorFlow loads it: loading runs its initialisation and its restoring, and what predicts comes later.

What is loaded is a copy, written anew: without the functions that nothing reaches, with variables and texts of its own folder only.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Iterable

from predictable_tensorflow.assets import ASSETS, asset_constants, assets_of, check_assets
from predictable_tensorflow.graphs import check_reached, functions_of, input_of, node_of, nodes_of, reached, refusal, refuse
from predictable_tensorflow.messages import read_saved_model
from predictable_tensorflow.operators import OF_A_MODEL, RESTORING, SAVING, TEXT_FILES
from predictable_tensorflow.origins import ASSET, PREFIX, Origins
from predictable_tensorflow.reduced import reduced
from predictable_tensorflow.roots import roots

# What Keras 2 wrote beside it.
BESIDE = ("keras_metadata.pb",)


def allowed_copy(saved: Any, taken: Iterable[Any], path: str) -> "TemporaryDirectory[str]":
    """A folder with the graphs that are `taken` of it, to load in its place, while the model is used.

    Raises UNSUPPORTED_OPERATOR, or CORRUPT_MODEL for files elsewhere and what can't be read.
    """
    objects = len(saved.meta_graphs) == 1 and saved.meta_graphs[0].HasField("object_graph_def")
    graphs = [reduced(each, objects, path) for each in taken]
    for meta_graph in graphs:
        check(meta_graph, objects, path)
    copy = TemporaryDirectory(prefix="predictable-")
    for meta_graph in graphs:
        place_assets(meta_graph, path, copy.name)
    written = type(saved)(saved_model_schema_version=saved.saved_model_schema_version, meta_graphs=graphs)
    Path(copy.name, "saved_model.pb").write_bytes(written.SerializeToString())
    for file in [*Path(path, "variables").glob("*"), *(Path(path, name) for name in BESIDE)]:
        if file.is_file():
            link(file, Path(copy.name, file.relative_to(path)))
    return copy


def allowed_folder(path: str) -> "TemporaryDirectory[str]":
    """Of all its graphs."""
    saved = read_saved_model(path)
    return allowed_copy(saved, saved.meta_graphs, path)


def check(meta_graph: Any, objects: bool, path: str) -> None:
    """`meta_graph`: reduced."""
    check_assets(meta_graph, path)
    graph_def = meta_graph.graph_def
    functions = functions_of(graph_def)
    if objects:
        # TensorFlow's own saver reads the variables: no function of the model does, and none writes them.
        refuse(nodes_of(graph_def), path, OF_A_MODEL, functions)
    else:
        refuse(graph_def.node, path, OF_A_MODEL | SAVING | RESTORING, functions)
        refuse([node for each in functions.values() for node in each.node_def], path, OF_A_MODEL | RESTORING, functions)
        initializing, predicting = roots(meta_graph, path)
        check_reached(graph_def, initializing, path, OF_A_MODEL)
        check_reached(graph_def, predicting, path, OF_A_MODEL - TEXT_FILES)
        check_reached(graph_def, [meta_graph.saver_def.restore_op_name], path, OF_A_MODEL - TEXT_FILES | RESTORING)
    check_files(meta_graph, objects, path)


def check_files(meta_graph: Any, objects: bool, path: str) -> None:
    """Which files are read: texts among the model's assets, and its own variables."""
    graph_def = meta_graph.graph_def
    origins = Origins(meta_graph, asset_constants(meta_graph, path), objects, path)
    restoring = list(reached({node.name: node for node in graph_def.node}, [meta_graph.saver_def.restore_op_name]))
    for function in [None, *graph_def.library.function]:
        for node in graph_def.node if function is None else function.node_def:
            if node.op in TEXT_FILES and origins.of(input_of(node, 1, path), function) != {ASSET}:
                raise refusal(node, path, "fills a table from a file that is not the model's own")
        # A graph may hold another saver, which nothing runs.
        for node in restoring if function is None else function.node_def:
            if node.op in RESTORING and origins.of(input_of(node, 0, path), function) != {PREFIX}:
                raise refusal(node, path, "reads variables from another place than the model's own")


def place_assets(meta_graph: Any, path: str, copy: str) -> None:
    """Into the copy, where the constants that stand for them then lead, too."""
    from tensorflow import make_tensor_proto

    for asset in assets_of(meta_graph, path):
        if Path(path, ASSETS, asset.filename).is_file():
            link(Path(path, ASSETS, asset.filename), Path(copy, ASSETS, asset.filename))
    named = {node_of(tensor): name for tensor, name in asset_constants(meta_graph, path).items()}
    for node in meta_graph.graph_def.node:
        if node.name in named:
            node.attr["value"].tensor.CopyFrom(make_tensor_proto(str(Path(copy, ASSETS, named[node.name]))))


def link(file: Path, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    if copy.exists():
        return
    try:
        copy.symlink_to(file.resolve())
    except OSError:
        # Windows lets not everybody make links.
        shutil.copyfile(file, copy)
