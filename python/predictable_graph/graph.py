"""The one builder of ONNX graphs: nodes are written one by one, names are numbered, and constants of equal value are shared."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
from onnx import GraphProto, ModelProto, TensorProto, helper, numpy_helper
from predictable_facts.columns import Column

ML = "ai.onnx.ml"
TYPES = {"float": TensorProto.FLOAT, "double": TensorProto.DOUBLE, "int32": TensorProto.INT32, "int64": TensorProto.INT64}

# Targets that load this opset run an ONNX Runtime with double kernels for all that is used here.
WITH_MORE_KERNELS = 13


class Graph:
    """A graph under construction; tensors are known by their names.

    `opsets`: the newest of each domain that the target loads; operators are written in the form of those.
    `numbers`: the type of constants where none is said.
    """

    def __init__(self, opsets: Mapping[str, int], ir: int | None, numbers: Any = np.float64) -> None:
        self.opsets, self.ir, self.numbers = dict(opsets), ir, numbers
        self.graph = GraphProto(name="predictable")
        # Of a graph inside another one, these three are the outer one's.
        self.places = itertools.count(1)
        self.initializers = self.graph.initializer
        self.shared: dict[tuple[str, tuple[int, ...], bytes], str] = {}

    def inner(self) -> Graph:
        """A graph for a node's body: it may read the tensors of this one, and its constants become constants of this one."""
        body = Graph(self.opsets, self.ir, self.numbers)
        body.places, body.initializers, body.shared = self.places, self.initializers, self.shared
        return body

    def emit(self, operator: str, inputs: list[str], domain: str = "", **attributes: Any) -> str:
        return self.emit_all(operator, inputs, 1, domain, **attributes)[0]

    def emit_all(self, operator: str, inputs: list[str], outputs: int, domain: str = "", **attributes: Any) -> list[str]:
        names = [self.fresh() for _ in range(outputs)]
        self.graph.node.append(helper.make_node(operator, inputs, names, name=names[0], domain=domain, **attributes))
        return names

    def constant(self, values: Any, dtype: Any = None) -> str:
        array = np.ascontiguousarray(np.asarray(values, dtype=dtype or self.numbers)).reshape(np.shape(values))
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self.shared:
            self.shared[key] = name = self.fresh()
            self.initializers.append(numpy_helper.from_array(array, name))
        return self.shared[key]

    def whole(self, *values: int) -> str:
        """A vector of int64, as axes and shapes are given."""
        return self.constant(list(values), np.int64)

    def cast(self, name: str, to: str) -> str:
        return self.emit("Cast", [name], to=TYPES[to])

    def column(self, name: str, index: int) -> str:
        """[N,1] of [N,K]."""
        return self.emit("Gather", [name, self.whole(index)], axis=1)

    def join(self, names: list[str]) -> str:
        return names[0] if len(names) == 1 else self.emit("Concat", names, axis=1)

    def total(self, name: str, axis: int = 1) -> str:
        """The sum over an axis, which stays; its axes are an input since opset 13."""
        if self.opsets[""] >= 13:
            return self.emit("ReduceSum", [name, self.whole(axis)], keepdims=1)
        return self.emit("ReduceSum", [name], axes=[axis], keepdims=1)

    def most(self, name: str, width: int) -> str:
        """The largest of each row, [N,1] of [N,width] in double; ONNX Runtime 1.5 has ReduceMax for float alone."""
        if self.opsets[""] >= WITH_MORE_KERNELS:
            return self.emit("ReduceMax", [name], axes=[1], keepdims=1)
        return self.emit("Max", [self.column(name, at) for at in range(width)])

    def either(self, mask: str, where_true: str, where_false: str, width: int) -> str:
        """Of two tensors [N,width] the first where the mask [N,width] holds, else the second; NaN is a value like others.

        ONNX Runtime 1.5 has no Where in double.
        """
        if self.opsets[""] >= WITH_MORE_KERNELS:
            return self.emit("Where", [mask, where_true, where_false])
        shape = self.emit("Shape", [mask])
        both = self.emit("Concat", [self.emit("Expand", [value, shape]) for value in (where_false, where_true)], axis=1)
        place = self.emit("Mul", [self.cast(mask, "int64"), self.whole(width)])
        place = self.emit("Add", [place, self.constant([list(range(width))], np.int64)])
        return self.emit("GatherElements", [both, place], axis=1)

    def sigmoid(self, name: str) -> str:
        """1 / (1 + exp(−x)) in double: ONNX Runtime 1.5 has Sigmoid and Tanh for float alone."""
        grown = self.emit("Exp", [self.emit("Neg", [name])])
        return self.emit("Div", [self.constant([1.0]), self.emit("Add", [self.constant([1.0]), grown])])

    def tanh(self, name: str) -> str:
        """2 · sigmoid(2x) − 1."""
        doubled = self.emit("Mul", [name, self.constant([2.0])])
        stretched = self.emit("Mul", [self.sigmoid(doubled), self.constant([2.0])])
        return self.emit("Sub", [stretched, self.constant([1.0])])

    def input(self, name: str, kind: int, width: int = 1) -> str:
        """[N,width] of an element type of ONNX."""
        self.graph.input.append(helper.make_tensor_value_info(name, kind, ["N", width]))
        return name

    def output(self, name: str, kind: int) -> str:
        """Declares a tensor as a result, of an element type of ONNX; its shape follows from the nodes."""
        self.graph.output.append(helper.make_tensor_value_info(name, kind, None))
        return name

    def fresh(self) -> str:
        return f"t{next(self.places)}"

    def model(self) -> ModelProto:
        imports = [helper.make_opsetid(domain, version) for domain, version in sorted(self.opsets.items())]
        return helper.make_model(self.graph, opset_imports=imports, ir_version=self.ir)


def column_inputs(graph: Graph, columns: list[Column]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """One `[N,1]` input a column, by the column's name, and the facts about them."""
    tensors = {}
    for at, column in enumerate(columns):
        tensors[column.name] = graph.input(f"c{at}", TensorProto.STRING if column.text else TYPES[column.type])
    return tensors, [{"tensor": tensors[column.name], "columns": [column.name]} for column in columns]


def matrix_input(graph: Graph, columns: list[Column]) -> tuple[str, list[dict[str, Any]]]:
    """One `[N,F]` input of numbers of one type, and the facts about it."""
    tensor = graph.input("X", TYPES[columns[0].type], len(columns))
    return tensor, [{"tensor": tensor, "columns": [column.name for column in columns]}]
