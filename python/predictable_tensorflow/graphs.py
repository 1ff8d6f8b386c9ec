"""What of a graph runs, and whether all of it is allowed: read as messages, before TensorFlow makes anything of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, Set

from predictable_bridge.errors import ConverterError
from predictable_tensorflow.operators import OF_A_MODEL, RESTORING, TEXT_FILES

HINT = "Save the model's predictions alone, without what reads its data or logs; then convert that."

BEYOND = "reaches beyond the model, or is not known to only compute"
READS = "fills a table from a file where nothing of it may be read: only what initialises a SavedModel may"


def check_graph(graph_def: Any, path: str, prefix: str = "") -> None:
    """Everything in a graph that is cut down to what will run; `prefix`: the tensor that alone may say where variables lie.

    Raises UNSUPPORTED_OPERATOR, or CORRUPT_MODEL.
    """
    functions = functions_of(graph_def)
    refuse(nodes_of(graph_def), path, OF_A_MODEL - TEXT_FILES | (RESTORING if prefix else frozenset()), functions)
    for function in functions.values():
        refuse(function.node_def, path, OF_A_MODEL - TEXT_FILES, functions)
    for node in graph_def.node:
        if node.op in RESTORING and whole(input_of(node, 0, path)) != whole(prefix):
            raise refusal(node, path, "reads variables from another place than its own checkpoint")


def check_reached(graph_def: Any, roots: Iterable[str], path: str, allowed: Iterable[str]) -> None:
    """Refuses operators among the nodes that the roots need, and in all functions that are called on the way."""
    functions = functions_of(graph_def)
    nodes = list(reached({node.name: node for node in graph_def.node}, roots))
    for name in all_called(nodes, functions):
        nodes += functions[name].node_def
    refuse(nodes, path, allowed, functions)


def reached(nodes: Dict[str, Any], roots: Iterable[str]) -> Iterator[Any]:
    seen: Set[str] = set()
    waiting = [node_of(root) for root in roots]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in nodes:
            continue
        seen.add(name)
        yield nodes[name]
        waiting += [node_of(tensor) for tensor in nodes[name].input]


def all_called(nodes: Iterable[Any], functions: Dict[str, Any]) -> Set[str]:
    """The functions that these nodes call, and all that the functions call in turn."""
    waiting = [name for node in nodes for name in calls(node)]
    called: Set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in called or name not in functions:
            continue
        called.add(name)
        waiting += [inner for node in functions[name].node_def for inner in calls(node)]
    return called


def calls(node: Any) -> Iterator[str]:
    """The names of the functions that a node calls. Its operator may be a function's name as well."""
    yield node.op
    for attribute in node.attr.values():
        yield from named(attribute.func)
        for function in attribute.list.func:
            yield from named(function)


def named(function: Any) -> Iterator[str]:
    """A function's name, and the names of the functions among its attributes."""
    yield function.name
    for attribute in function.attr.values():
        yield from named(attribute.func)
        for inner in attribute.list.func:
            yield from named(inner)


def refuse(nodes: Iterable[Any], path: str, allowed: Iterable[str], functions: Iterable[str] = ()) -> None:
    from tensorflow.python.framework import op_def_registry

    for node in nodes:
        # Where an operator has the same name, it is taken, not the function.
        function = node.op in functions and op_def_registry.get(node.op) is None
        if node.op not in allowed and not function:
            raise refusal(node, path, READS if node.op in TEXT_FILES else BEYOND)


def refusal(node: Any, path: str, why: str) -> ConverterError:
    message = "%s has the operator %s (%s), which %s. Nothing of it was run."
    return ConverterError("UNSUPPORTED_OPERATOR", message % (Path(path).name, node.op, node.name, why), HINT, operators=[node.op])


def nodes_of(graph_def: Any) -> Iterator[Any]:
    yield from graph_def.node
    for function in graph_def.library.function:
        yield from function.node_def


def functions_of(graph_def: Any) -> Dict[str, Any]:
    return {function.signature.name: function for function in graph_def.library.function}


def input_of(node: Any, at: int, path: str) -> str:
    """The tensor that a node reads as its input number `at`. Raises CORRUPT_MODEL where it has none there."""
    if at >= len(node.input) or node.input[at].startswith("^"):
        message = "%s is damaged: its node %s (%s) lacks an input. Nothing of it was run."
        raise ConverterError("CORRUPT_MODEL", message % (Path(path).name, node.name, node.op), "Check that the file was copied whole.")
    return str(node.input[at])


def node_of(tensor: str) -> str:
    return tensor.lstrip("^").split(":")[0]


def whole(tensor: str) -> str:
    """A graph's tensor by its full name: a node's first output need not say that it is the first."""
    return tensor if ":" in tensor else f"{tensor}:0"
