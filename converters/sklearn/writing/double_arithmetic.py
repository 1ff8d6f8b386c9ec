"""Double arithmetic between float columns and float outputs, for boosters behind other steps.

A booster compares what the steps before it computed with its thresholds. XGBoost's are values of the training rows, computed in double by
scikit-learn: a scaled value that is rounded otherwise falls on the other side of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onnx import AttributeProto, TensorProto, helper

from describing.anatomy import every
from describing.traits import traits_of

# Before it, tree ensembles have no double thresholds.
ML_WITH_DOUBLE = 3


def needs_double(model: Any, opsets: Mapping[str, int]) -> bool:
    return not any(traits_of(step).float_only and not traits_of(step).double_around_boosters for step in every(model))


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
        if value.type.tensor_type.elem_type == TensorProto.DOUBLE:
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
