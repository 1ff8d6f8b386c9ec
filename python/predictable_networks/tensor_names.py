"""Gives the inputs and outputs of a raw graph names that are known beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, List

if TYPE_CHECKING:
    from onnx import GraphProto


def rename_tensors(graph: GraphProto, inputs: List[str], outputs: List[str]) -> None:
    """In the graph's order, and by identities: the names inside may be used by several nodes."""
    from onnx import helper

    nodes = list(graph.node)
    del graph.node[:]
    for name, value in zip(inputs, graph.input):
        graph.node.append(helper.make_node("Identity", [name], [value.name], name=name))
        value.name = name
    graph.node.extend(nodes)
    for name, value in zip(outputs, graph.output):
        graph.node.append(helper.make_node("Identity", [value.name], [name], name=name))
        value.name = name
