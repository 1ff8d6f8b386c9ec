"""Double arithmetic between float columns and float outputs: scikit-learn computes in double, whatever the columns are.

What is rounded otherwise falls on the other side of a threshold, or makes another neighbour the nearest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onnx import AttributeProto, TensorProto, helper, shape_inference
from predictable_graph.kernels import with_double_kernels


class NoDoubleForm(Exception):
    """Something of the model cannot be computed in double. `said`: what, as a sentence's beginning."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def with_kernels(onnx_model: Any, opsets: Mapping[str, int], wholly: bool) -> None:
    """Rewrites what would compute in double where the target's runtime has float only.

    `wholly`: raises NoDoubleForm or InferenceError where something is left; a graph in float has only parts in double.
    """
    try:
        operators = with_double_kernels(onnx_model, opsets)
    except shape_inference.InferenceError:
        if wholly:
            raise
        return
    if operators and wholly:
        raise NoDoubleForm(f"the target's runtime has {', '.join(operators)} for float only")


def with_float_edges(graph: Any, tensors: list[str], wide: set[str]) -> list[str]:
    """Makes the columns, but for those that are `wide`, and the outputs of a double graph float; returns the tensors of the outputs."""
    casts, names = [], {}
    for value in graph.input:
        if value.type.tensor_type.elem_type == TensorProto.DOUBLE and value.name not in wide:
            value.type.tensor_type.elem_type = TensorProto.FLOAT
            names[value.name] = f"w_{value.name}"
            casts.append(helper.make_node("Cast", [value.name], [names[value.name]], name=names[value.name], to=TensorProto.DOUBLE))
    rename(graph, names)
    nodes = [*casts, *graph.node]
    result = {}
    for value in graph.output:
        # skl2onnx may say float of what is double.
        if value.type.tensor_type.elem_type in (TensorProto.DOUBLE, TensorProto.FLOAT):
            source = names.get(value.name, value.name)
            result[value.name] = f"w_{value.name}"
            value.type.tensor_type.elem_type = TensorProto.FLOAT
            value.name = result[value.name]
            nodes.append(helper.make_node("Cast", [source], [value.name], name=value.name, to=TensorProto.FLOAT))
    del graph.node[:]
    graph.node.extend(nodes)
    return [result.get(name, name) for name in tensors]


def rename(graph: Any, names: Mapping[str, str]) -> None:
    for node in graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                rename(attribute.g, names)
