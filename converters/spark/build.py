"""A pipeline as nodes: each needed stage turns tensors by column name into more of them; all numbers in double, as Spark has them."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import TensorProto
from predictable_facts.columns import Column
from predictable_graph.graph import Graph, column_inputs, matrix_input

from context import Context
from data import Data
from features import FEATURES
from flow import Flow
from predictors import PREDICTORS


def build(graph: Graph, columns: list[Column], flow: Flow, data: Data) -> tuple[list[dict[str, Any]], list[tuple[str, int]]]:
    """The facts about inputs, and the tensor and type of each output in the order of `native.outputs`."""
    context, facts = begin(graph, columns, flow, data)
    for stage in flow.needed:
        if stage.group == "feature":
            FEATURES[stage.kind](context, stage)
    results: list[tuple[str, int]]
    if flow.last is None:
        results = [(context.values[name], TensorProto.DOUBLE) for name in flow.outputs]
    else:
        results = PREDICTORS[flow.last.kind](context, flow.last)
    return facts, [(unless_stopped(context, name, kind), kind) for name, kind in results]


def begin(graph: Graph, columns: list[Column], flow: Flow, data: Data) -> tuple[Context, list[dict[str, Any]]]:
    if flow.vector is not None:
        tensor, facts = matrix_input(graph, columns)
        rows = tensor if columns[0].type == "double" else graph.cast(tensor, "double")
        return Context(graph, data, {flow.vector: rows}, {}), facts
    tensors, facts = column_inputs(graph, columns)
    values, texts = {}, {}
    for old, column in zip(names_of(flow), columns):
        if column.text:
            texts[old] = column
        same = column.text or column.type == "double"
        values[old] = tensors[column.name] if same else graph.cast(tensors[column.name], "double")
    return Context(graph, data, values, texts), facts


def names_of(flow: Flow) -> list[str]:
    """The pipeline's own names of its columns, in their order."""
    made = {name for stage in flow.needed for name in stage.outputs}
    return list(dict.fromkeys(name for stage in flow.needed for name in stage.inputs if name not in made))


def unless_stopped(context: Context, name: str, kind: int) -> str:
    """NaN, or the label −1, where Spark has no prediction."""
    if not context.stopped:
        return name
    graph = context.graph
    total = graph.total(graph.cast(graph.join(context.stopped), "float"))
    stopped = graph.emit("Greater", [total, graph.constant([0.5], np.float32)])
    if kind == TensorProto.INT64:
        flat = graph.emit("Reshape", [stopped, graph.whole(-1)])
        return graph.emit("Where", [flat, graph.whole(-1), name])
    # 0/0 is NaN.
    kept = graph.emit("Sub", [graph.constant([1.0]), graph.cast(stopped, "double")])
    return graph.emit("Add", [name, graph.emit("Div", [graph.constant([0.0]), kept])])
