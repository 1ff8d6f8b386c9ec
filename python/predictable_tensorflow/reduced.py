"""What of a SavedModel's graph is left for TensorFlow: what loading and predicting name, and no way to something else.

TensorFlow's optimizer takes other functions of the library for those that are called, and its Python registers gradients: what
nothing calls is not there to be taken.
"""

from __future__ import annotations

from typing import Any, Iterable, Iterator, List, Set

from predictable_tensorflow.graphs import all_called, functions_of, nodes_of, reached
from predictable_tensorflow.roots import roots

# By these the optimizer finds a function that stands in for another.
REPLACED_BY = ("api_implements", "api_preferred_device")
# Where tf.print writes, the first where a node does not say: a file is none of it.
PRINTED = (b"", b"stderr", b"stdout", b"log(info)", b"log(warning)", b"log(error)")


def reduced(meta_graph: Any, objects: bool, path: str) -> Any:
    """`objects`: whether TensorFlow loads its objects, and of the graph itself takes constants alone. Raises CORRUPT_MODEL."""
    taken = type(meta_graph)()
    taken.CopyFrom(meta_graph)
    graph_def, functions = taken.graph_def, functions_of(meta_graph.graph_def)
    kept = constants(meta_graph) if objects else without_saving(meta_graph, path)
    del graph_def.node[:]
    graph_def.node.extend(kept)
    if not objects:
        taken.ClearField("object_graph_def")
    bound = set(bound_functions(taken)) if objects else set()
    needed = reachable(bound, functions) | all_called(graph_def.node, functions)
    graph_def.ClearField("library")
    graph_def.library.function.extend(function for name, function in functions.items() if name in needed)
    for function in graph_def.library.function:
        for attribute in REPLACED_BY:
            function.attr.pop(attribute, None)
    for node in nodes_of(graph_def):
        simplify(node)
    return taken


def constants(meta_graph: Any) -> List[Any]:
    """Those that are objects, too."""
    names = {node.constant.operation for node in meta_graph.object_graph_def.nodes}
    return [node for node in meta_graph.graph_def.node if node.op == "Const" and node.name in names]


def without_saving(meta_graph: Any, path: str) -> List[Any]:
    """Without what only saving needs."""
    graph_def, saver = meta_graph.graph_def, meta_graph.saver_def
    nodes = {node.name: node for node in graph_def.node}
    saving = {node.name for node in reached(nodes, [saver.save_tensor_name])}
    listed = [name for each in meta_graph.collection_def.values() for name in each.node_list.value]
    used = sum(roots(meta_graph, path), [saver.restore_op_name, saver.filename_tensor_name, *listed, *(set(nodes) - saving)])
    needed = {node.name for node in reached(nodes, used)}
    return [node for node in graph_def.node if node.name in needed]


def simplify(node: Any) -> None:
    """Settings of the optimizer are the program's, not the file's; and what only prints does nothing."""
    if "config_proto" in node.attr:
        node.attr["config_proto"].s = b""
    if node.op == "PrintV2" and node.attr["output_stream"].s in PRINTED:
        awaited = [name for name in node.input if name.startswith("^")]
        node.op = "NoOp"
        del node.input[:]
        node.input.extend(awaited)
        node.attr.clear()


def bound_functions(meta_graph: Any) -> Iterator[str]:
    """The names of the functions that loading makes callable."""
    objects = meta_graph.object_graph_def
    yield from objects.concrete_functions
    for node in objects.nodes:
        yield from node.function.concrete_functions
        yield node.bare_concrete_function.concrete_function_name
        yield node.captured_tensor.concrete_function


def reachable(names: Iterable[str], functions: Any) -> Set[str]:
    known = {name for name in names if name in functions}
    return known | all_called([node for name in known for node in functions[name].node_def], functions)
