"""Where a tensor of a SavedModel comes from: followed through identities, arguments of functions and whoever calls those."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Optional, Set, Tuple

from predictable_tensorflow.graphs import calls, input_of, node_of, whole

# A file of the model's folder; the place of its variables; anything else.
ASSET, PREFIX, ELSEWHERE = "asset", "prefix", "elsewhere"
CALLS = ("PartitionedCall", "StatefulPartitionedCall")
# A tensor, and the function that it is in; None for the graph.
Place = Tuple[str, Optional[Any]]


class Origins:
    """`assets`: the graph's tensors that name a file of the model; `objects`: whether the model is loaded by its objects."""

    def __init__(self, meta_graph: Any, assets: Iterable[str], objects: bool, path: str) -> None:
        self.path, self.assets = path, set(assets)
        self.objects = meta_graph.object_graph_def if objects else None
        self.nodes = {node.name: node for node in meta_graph.graph_def.node}
        named = meta_graph.saver_def.filename_tensor_name
        self.prefix = whole(named) if named else None
        self.functions = {each.signature.name: each for each in meta_graph.graph_def.library.function}
        self.bodies = {name: {node.name: node for node in each.node_def} for name, each in self.functions.items()}
        self.callers: Dict[str, List[Tuple[Optional[Any], Any]]] = {}
        for function in [None, *self.functions.values()]:
            for node in meta_graph.graph_def.node if function is None else function.node_def:
                for called in calls(node):
                    self.callers.setdefault(called, []).append((function, node))

    def of(self, tensor: str, function: Optional[Any]) -> Set[str]:
        """Every origin that the tensor may have; empty where nothing gives it a value."""
        origins: Set[str] = set()
        seen: Set[Tuple[str, str]] = set()
        waiting: List[Place] = [(tensor, function)]
        while waiting:
            tensor, function = waiting.pop()
            place = (tensor, "" if function is None else function.signature.name)
            if place not in seen:
                seen.add(place)
                direct, further = self.step(tensor, function)
                origins |= direct
                waiting += further
        return origins

    def step(self, tensor: str, function: Optional[Any]) -> Tuple[Set[str], List[Place]]:
        if function is None and whole(tensor) in (self.prefix, *self.assets):
            return {PREFIX if whole(tensor) == self.prefix else ASSET}, []
        arguments = [] if function is None else [each.name for each in function.signature.input_arg]
        body = self.nodes if function is None else self.bodies[function.signature.name]
        node = body.get(node_of(tensor))
        if node is not None and node.op == "Identity" and node.name not in arguments:
            return set(), [(input_of(node, 0, self.path), function)]
        if node is not None or tensor not in arguments:
            return {ELSEWHERE}, []
        return self.step_of_argument(arguments.index(tensor), function)

    def step_of_argument(self, at: int, function: Any) -> Tuple[Set[str], List[Place]]:
        signature, called = function.signature, function.signature.name
        if any(each.number_attr or each.type_list_attr for each in signature.input_arg):
            # One argument is several tensors: the caller's are not counted like these.
            return {ELSEWHERE}, []
        origins: Set[str] = set()
        waiting: List[Place] = []
        if self.objects is not None and called in self.objects.concrete_functions:
            # What a function has captured comes last; the rest a caller gives.
            bound = self.objects.concrete_functions[called].bound_inputs
            captured = at - (len(signature.input_arg) - len(bound))
            origins.add(self.of_object(bound[captured]) if 0 <= captured < len(bound) else ELSEWHERE)
        for within, node in self.callers.get(called, []):
            if node.op == called or node.op in CALLS and node.attr["f"].func.name == called:
                waiting.append((input_of(node, at, self.path), within))
            else:
                origins.add(ELSEWHERE)
        return origins, waiting

    def of_object(self, at: int) -> str:
        assert self.objects is not None
        inside = 0 <= at < len(self.objects.nodes) and self.objects.nodes[at].WhichOneof("kind") == "asset"
        return ASSET if inside else ELSEWHERE
