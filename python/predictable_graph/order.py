"""Puts nodes in an order in which each comes after what it reads; a node reads what its bodies read, which other sorters forget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onnx import AttributeProto


def put_in_order(graph: Any) -> None:
    """For graphs whose order is right but for nodes with bodies; of others it costs nothing."""
    if not any(attribute.type == AttributeProto.GRAPH for node in graph.node for attribute in node.attribute):
        return
    makers = {output: at for at, node in enumerate(graph.node) for output in node.output}
    placed: dict[int, Any] = {}
    for at in range(len(graph.node)):
        waiting = [at]
        while waiting:
            before = [makers[name] for name in read_by(graph.node[waiting[-1]]) if name in makers and makers[name] not in placed]
            if before:
                waiting += before
            else:
                last = waiting.pop()
                placed.setdefault(last, graph.node[last])
    del graph.node[:]
    graph.node.extend(placed.values())


def read_by(node: Any) -> Iterator[str]:
    yield from node.input
    for attribute in node.attribute:
        if attribute.type == AttributeProto.GRAPH:
            for inner in attribute.g.node:
                yield from read_by(inner)
