"""Where a tensor of a SavedModel comes from: followed through identities, arguments of functions and whoever calls those."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, Iterator, List, Optional, Tuple

from predictable_tensorflow.graphs import calls, node_of

# A file of the model's folder; the place of its variables; what a caller gives; anything else.
ASSET, PREFIX, ARGUMENT, ELSEWHERE = "asset", "prefix", "argument", "elsewhere"
CALLS = ("PartitionedCall", "StatefulPartitionedCall")
ASSETS = "saved_model_assets"


def assets_of(meta_graph: Any) -> List[Any]:
    """As TensorFlow 2 lists them, or TensorFlow 1."""
    from tensorflow.core.protobuf.meta_graph_pb2 import AssetFileDef

    found = list(meta_graph.asset_file_def)
    for packed in meta_graph.collection_def[ASSETS].any_list.value if ASSETS in meta_graph.collection_def else []:
        asset = AssetFileDef()
        packed.Unpack(asset)
        found.append(asset)
    return found


class Origins:
    """`objects`: whether the model is loaded by its objects; the graph itself then is not."""

    def __init__(self, meta_graph: Any, objects: bool) -> None:
        self.objects = meta_graph.object_graph_def if objects else None
        self.nodes = {node.name: node for node in meta_graph.graph_def.node}
        self.assets = {node_of(each.tensor_info.name) for each in assets_of(meta_graph)}
        self.prefix = node_of(meta_graph.saver_def.filename_tensor_name)
        self.functions = {each.signature.name: each for each in meta_graph.graph_def.library.function}
        self.bodies = {name: {node.name: node for node in each.node_def} for name, each in self.functions.items()}
        self.callers: Dict[str, List[Tuple[Optional[Any], Any]]] = {}
        for function in [None, *self.functions.values()]:
            if function is None and objects:
                continue
            for node in meta_graph.graph_def.node if function is None else function.node_def:
                for called in calls(node):
                    self.callers.setdefault(called, []).append((function, node))

    def of(self, tensor: str, function: Optional[Any], seen: FrozenSet[Tuple[str, str]] = frozenset()) -> Iterator[str]:
        """`function`: that the tensor is in; None for the graph."""
        name, body = node_of(tensor), self.nodes if function is None else self.bodies[function.signature.name]
        place = ("" if function is None else function.signature.name, name)
        if place in seen:
            return
        seen = seen | {place}
        if function is None and name in (self.prefix, *self.assets):
            yield PREFIX if name == self.prefix else ASSET
        elif name in body:
            if body[name].op == "Identity":
                yield from self.of(body[name].input[0], function, seen)
            else:
                yield ELSEWHERE
        elif function is None:
            yield ELSEWHERE
        else:
            yield from self.of_argument(name, function, seen)

    def of_argument(self, name: str, function: Any, seen: FrozenSet[Tuple[str, str]]) -> Iterator[str]:
        arguments = [each.name for each in function.signature.input_arg]
        if name not in arguments:
            yield ELSEWHERE
            return
        at, called = arguments.index(name), function.signature.name
        if self.objects is not None and called in self.objects.concrete_functions:
            # What a function has captured comes last.
            bound = self.objects.concrete_functions[called].bound_inputs
            captured = at - (len(arguments) - len(bound))
            yield self.of_object(bound[captured]) if captured >= 0 else ARGUMENT
        for within, node in self.callers.get(called, []):
            direct = node.op == called or node.op in CALLS and node.attr["f"].func.name == called
            if direct and at < len(node.input):
                yield from self.of(node.input[at], within, seen)
            else:
                yield ELSEWHERE

    def of_object(self, at: int) -> str:
        assert self.objects is not None
        inside = at < len(self.objects.nodes) and self.objects.nodes[at].WhichOneof("kind") == "asset"
        return ASSET if inside else ELSEWHERE
