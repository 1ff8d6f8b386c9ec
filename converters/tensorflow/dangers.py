"""Operators that touch files, processes, networks or Python: a model with one is refused before anything of it runs.

TensorFlow's graphs are programs; loading a graph runs what its initialisation reaches, predicting what its outputs reach.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Iterable, Iterator

from predictable_bridge.errors import ConverterError

DANGEROUS = re.compile(
    r"""(?x)^(
    WriteFile | ReadFile | MatchingFiles | DeleteOldCheckpoint.* | PrintV2? | Write.*Summary.* | Create.*SummaryWriter | .*SummaryWriter.*
    | .*PyFunc.* | PyCall.* | Reader[A-Z].* | .*Reader(V2)? | .*Dataset(V\d+)? | LMDB.*
    | Rpc.* | TryRpc.* | _?(Host)?(Send|Recv) | Collective.* | DataService.* | Debug.* | Dump.* | Xla.*Host.*
    )$"""
)
# A model is saved and restored by operators of its own graph: nothing that loading or predicting reaches may write.
SAVING = re.compile(r"^(Save.*|MergeV2Checkpoints)$")
RESTORING = re.compile(r"^(Restore.*)$")
HINT = "Save the model's predictions alone, without what reads its data or logs; then convert that."


def check_graph(graph_def: Any, path: str, restores: bool = False) -> None:
    """Everything in a graph that is cut down to what will run. Raises UNSUPPORTED_OPERATOR."""
    refuse(((node.op, node.name) for node in nodes_of(graph_def)), path, restores)


def check_saved_model(meta_graph: Any, path: str) -> None:
    """A SavedModel is loaded whole. Only its functions for saving may write, and nothing that is loaded calls those."""
    graph_def = meta_graph.graph_def
    unlisted = {function.signature.name for function in graph_def.library.function} - called(meta_graph)
    found = [(node.op, node.name) for node in graph_def.node if not SAVING.match(node.op)]
    for function in graph_def.library.function:
        spared = function.signature.name in unlisted
        found += [(node.op, node.name) for node in function.node_def if not (spared and SAVING.match(node.op))]
    refuse(found, path, restores=True)
    check_roots(meta_graph, path)


def check_roots(meta_graph: Any, path: str) -> None:
    """What loading runs of a graph of TensorFlow 1: its initialisation and its restoring; and what predicts."""
    graph_def = meta_graph.graph_def
    roots = [meta_graph.saver_def.restore_op_name]
    for key in ("saved_model_main_op", "legacy_init_op"):
        roots += list(meta_graph.collection_def[key].node_list.value) if key in meta_graph.collection_def else []
    for signature in meta_graph.signature_def.values():
        roots += [info.name for info in [*signature.inputs.values(), *signature.outputs.values()]]
    nodes = {node.name: node for node in graph_def.node}
    refuse(((node.op, node.name) for node in reached(nodes, roots)), path, restores=True)


def reached(nodes: dict[str, Any], roots: Iterable[str]) -> Iterator[Any]:
    seen: set[str] = set()
    waiting = [node_of(root) for root in roots]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in nodes:
            continue
        seen.add(name)
        yield nodes[name]
        waiting += [node_of(given) for given in nodes[name].input]


def called(meta_graph: Any) -> set[str]:
    """Functions that loading binds to objects, and all that those call."""
    functions = {function.signature.name: function for function in meta_graph.graph_def.library.function}
    waiting = list(meta_graph.object_graph_def.concrete_functions)
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found or name not in functions:
            continue
        found.add(name)
        for node in functions[name].node_def:
            for attribute in node.attr.values():
                waiting += [attribute.func.name, *(each.name for each in attribute.list.func)]
    return found


def nodes_of(graph_def: Any) -> Iterator[Any]:
    yield from graph_def.node
    for function in graph_def.library.function:
        yield from function.node_def


def refuse(found: Iterable[tuple[str, str]], path: str, restores: bool) -> None:
    for operator, name in found:
        if DANGEROUS.match(operator) or SAVING.match(operator) or (RESTORING.match(operator) and not restores):
            message = f"{Path(path).name} has the operator {operator} ({name}), which reaches beyond the model. Nothing of it was run."
            raise ConverterError("UNSUPPORTED_OPERATOR", message, HINT, operators=[operator])


def node_of(tensor: str) -> str:
    return tensor.lstrip("^").split(":")[0]
