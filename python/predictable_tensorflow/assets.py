"""The files that a SavedModel names as its own: which they are, and that they lie in its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

from predictable_bridge.errors import ConverterError
from predictable_tensorflow.graphs import whole
from predictable_tensorflow.messages import WHOLE_HINT, unpacked

ASSETS = "assets"
COLLECTION = "saved_model_assets"


def assets_of(meta_graph: Any, path: str) -> List[Any]:
    """As TensorFlow 2 lists them, or else TensorFlow 1. Raises CORRUPT_MODEL where the list can't be read."""
    from tensorflow.core.protobuf.meta_graph_pb2 import AssetFileDef

    if meta_graph.asset_file_def or COLLECTION not in meta_graph.collection_def:
        return list(meta_graph.asset_file_def)
    return [unpacked(AssetFileDef, packed, path) for packed in meta_graph.collection_def[COLLECTION].any_list.value]


def asset_constants(meta_graph: Any, path: str) -> Dict[str, str]:
    """By the graph's tensor that stands for it, the file's name: TensorFlow puts the file's place there, but only while it initialises."""
    constants = {f"{node.name}:0" for node in meta_graph.graph_def.node if node.op == "Const"}
    named = {whole(each.tensor_info.name): each.filename for each in assets_of(meta_graph, path)}
    return {tensor: name for tensor, name in named.items() if tensor in constants}


def check_assets(meta_graph: Any, path: str) -> None:
    folder = Path(path).resolve() / ASSETS
    for asset in assets_of(meta_graph, path):
        parts = asset.filename.replace("\\", "/").split("/")
        # A colon begins the name of another file system.
        inside = parts[0] != "" and ".." not in parts and not set(":\0") & set(asset.filename)
        if not inside or not lies_within(folder / asset.filename, folder):
            shown = asset.filename.replace("\0", "\\0")
            message = f"{Path(path).name} names the file {shown} as a part of it, which is outside of its folder. Nothing of it was loaded."
            raise ConverterError("CORRUPT_MODEL", message, WHOLE_HINT)


def lies_within(file: Path, folder: Path) -> bool:
    try:
        return folder in file.resolve().parents
    except (OSError, RuntimeError, ValueError):
        # A link to itself, or a name that no file can have.
        return False
