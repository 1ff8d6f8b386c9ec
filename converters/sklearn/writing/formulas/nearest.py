"""The smallest of each row, and the weights of what is near."""

from __future__ import annotations

import numpy as np

from writing.nodes import Nodes

# Float32 orders all but values next to each other: among so many more than are wanted, double decides.
MORE = 16


def smallest(nodes: Nodes, distances: str, width: int, count: int) -> tuple[str, str]:
    """Of [N,width] the smallest [N,count] and their places, the first of equals first. 1.5.2 has no TopK in double."""
    from onnx import TensorProto

    if nodes.newer:
        return top(nodes, distances, count)
    kept = min(width, count + max(count, MORE))
    _, places = top(nodes, nodes.emit("Cast", nodes.emit("Min", distances, 1e38), to=TensorProto.FLOAT), kept)
    # In the order of their places, so that the first of equals is found first.
    places = sorted_places(nodes, places, kept)
    left = nodes.emit("GatherElements", distances, places, axis=1)
    found, found_places = [], []
    for _ in range(count):
        at = nodes.emit("ArgMax", nodes.emit("Neg", left), axis=1, keepdims=1)
        found.append(nodes.emit("GatherElements", left, at, axis=1))
        found_places.append(nodes.emit("GatherElements", places, at, axis=1))
        far = nodes.emit("Add", nodes.emit("Mul", nodes.double(at), 0.0), np.array([[np.inf]]))
        left = nodes.emit("ScatterElements", left, at, far, axis=1)
    if count == 1:
        return found[0], found_places[0]
    return nodes.emit("Concat", *found, axis=1), nodes.emit("Concat", *found_places, axis=1)


def top(nodes: Nodes, values: str, count: int) -> tuple[str, str]:
    names = [nodes.scope.get_unique_variable_name(f"d_{part}") for part in ("nearest", "places")]
    operator_name = nodes.scope.get_unique_operator_name("d_TopK")
    inputs = [values, nodes.constant(np.array([count]))]
    nodes.container.add_node("TopK", inputs, names, name=operator_name, axis=1, largest=0, sorted=1)
    return names[0], names[1]


def sorted_places(nodes: Nodes, places: str, count: int) -> str:
    from onnx import TensorProto

    # Whole numbers below 2^24: float32 holds them.
    values, _ = top(nodes, nodes.emit("Cast", places, to=TensorProto.FLOAT), count)
    return nodes.int64(values)
