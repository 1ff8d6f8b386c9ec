"""The same as an operator without a double kernel, in operators that have one: exact to the last bits in double."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper


class Rewriting:
    """The nodes of a graph, some of them in another form: every added name begins with `k_`."""

    def __init__(self, graph: Any) -> None:
        self.graph, self.count = graph, 0
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.known = {tensor.name: tensor for tensor in graph.initializer}
        self.makers = {output: node for node in graph.node for output in node.output}
        self.float_inputs = {value.name for value in graph.input if value.type.tensor_type.elem_type == TensorProto.FLOAT}

    def keep(self, node: Any) -> None:
        self.nodes.append(node)

    def emit(self, operator: str, *terms: Any, result: str | None = None, **attributes: Any) -> str:
        """A term is the name of a tensor, or a constant."""
        self.count += 1
        output = result or f"k_{self.count}"
        inputs = [term if isinstance(term, str) else self.constant(term) for term in terms]
        self.nodes.append(helper.make_node(operator, inputs, [output], name=f"k_{self.count}_{operator}", **attributes))
        return output

    def constant(self, values: Any) -> str:
        self.count += 1
        array = np.asarray(values)
        array = array.reshape(1) if array.ndim == 0 else array
        name = f"k_{self.count}"
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def double(self, name: str) -> str:
        return self.emit("Cast", name, to=TensorProto.DOUBLE)

    def chosen(self, name: str, flags: str, wanted: str) -> str:
        """The double values where the flag is set, elsewhere 0. `wanted`: the flags as 1.0 and 0.0."""
        tensor = self.known.get(name)
        if tensor is not None and np.isfinite(numpy_helper.to_array(tensor)).all():
            return self.emit("Mul", name, wanted)
        source = self.float_source(name)
        if source is not None:
            return self.double(self.emit("Where", flags, source, np.zeros(1, dtype=np.float32)))
        return self.emit("Mul", self.emit("Pow", name, wanted), wanted)

    def float_source(self, name: str) -> str | None:
        """The float tensor that a double one was cast from, if it comes from the inputs so."""
        if name in self.float_inputs:
            return name
        maker = self.makers.get(name)
        if maker is not None and maker.op_type == "Cast":
            return self.float_source(maker.input[0])
        if maker is None or maker.op_type != "Concat":
            return None
        sources = [self.float_source(source) for source in maker.input]
        if None in sources:
            return None
        return self.emit("Concat", *sources, **attributes_of(maker))

    def finish(self) -> None:
        del self.graph.node[:]
        self.graph.node.extend(self.nodes)
        self.graph.initializer.extend(self.constants)


Form = Callable[[Rewriting, Any], Any]


def of_one(formula: Callable[..., str]) -> Form:
    """An operator of one input: `formula` gets its name, and the name of the result."""
    return lambda graph, node: formula(graph, node.input[0], node.output[0])


def sigmoid(graph: Rewriting, name: str, result: str | None = None) -> str:
    return graph.emit("Div", 1.0, graph.emit("Add", graph.emit("Exp", graph.emit("Neg", name)), 1.0), result=result)


def tanh(graph: Rewriting, name: str, result: str | None = None) -> str:
    """sign(x) · (1 − e) / (1 + e) with e = exp(−2|x|), which never overflows."""
    decayed = graph.emit("Exp", graph.emit("Mul", graph.emit("Abs", name), -2.0))
    ratio = graph.emit("Div", graph.emit("Sub", 1.0, decayed), graph.emit("Add", decayed, 1.0))
    return graph.emit("Mul", graph.emit("Sign", name), ratio, result=result)


def logarithm(graph: Rewriting, name: str, result: str | None = None) -> str:
    """One step of Halley's from the logarithm in float: y + 2·(x − eʸ) / (x + eʸ). The 16th root is within float's range."""
    root = name
    for _ in range(4):
        root = graph.emit("Sqrt", root)
    near = graph.double(graph.emit("Log", graph.emit("Cast", root, to=TensorProto.FLOAT)))
    near = graph.emit("Mul", near, 16.0)
    grown = graph.emit("Exp", near)
    total = graph.emit("Add", name, grown)
    # Of 0 both are 0, and the logarithm stays −∞.
    empty = graph.double(graph.emit("Equal", total, 0.0))
    step = graph.emit("Div", graph.emit("Sub", name, grown), graph.emit("Add", total, empty))
    return graph.emit("Add", near, graph.emit("Mul", step, 2.0), result=result)


def floor(graph: Rewriting, name: str, result: str | None = None) -> str:
    rounded = graph.emit("Round", name)
    return graph.emit("Sub", rounded, graph.double(graph.emit("Greater", rounded, name)), result=result)


def ceil(graph: Rewriting, name: str, result: str | None = None) -> str:
    return graph.emit("Neg", floor(graph, graph.emit("Neg", name)), result=result)


def cosine(graph: Rewriting, name: str, result: str | None = None) -> str:
    return graph.emit("Sin", graph.emit("Add", name, math.pi / 2), result=result)


def tangent(graph: Rewriting, name: str, result: str | None = None) -> str:
    return graph.emit("Div", graph.emit("Sin", name), cosine(graph, name), result=result)


def not_a_number(graph: Rewriting, name: str, result: str | None = None) -> str:
    return graph.emit("Not", graph.emit("Equal", name, name), result=result)


def added(graph: Rewriting, node: Any) -> None:
    total(graph, list(node.input), node.output[0])


def total(graph: Rewriting, names: list[str], result: str | None = None) -> str:
    """From the first to the last."""
    if len(names) == 1:
        return graph.emit("Identity", names[0], result=result)
    so_far = names[0]
    for name in names[1:-1]:
        so_far = graph.emit("Add", so_far, name)
    return graph.emit("Add", so_far, names[-1], result=result)


def mean(graph: Rewriting, node: Any) -> None:
    graph.emit("Div", total(graph, list(node.input)), float(len(node.input)), result=node.output[0])


def least_place(graph: Rewriting, node: Any) -> None:
    graph.emit("ArgMax", graph.emit("Neg", node.input[0]), result=node.output[0], **attributes_of(node))


def gemm(graph: Rewriting, node: Any) -> None:
    given = {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0, **attributes_of(node)}
    left, right = node.input[:2]
    left = graph.emit("Transpose", left, perm=[1, 0]) if given["transA"] else left
    right = graph.emit("Transpose", right, perm=[1, 0]) if given["transB"] else right
    left = left if given["alpha"] == 1.0 else graph.emit("Mul", left, float(given["alpha"]))
    if len(node.input) < 3:
        graph.emit("MatMul", left, right, result=node.output[0])
        return
    bias = node.input[2] if given["beta"] == 1.0 else graph.emit("Mul", node.input[2], float(given["beta"]))
    graph.emit("Add", graph.emit("MatMul", left, right), bias, result=node.output[0])


def either(graph: Rewriting, node: Any) -> None:
    """Where: c · yesᶜ + (1 − c) · no¹⁻ᶜ, for the power 0 of all is 1, of NaN and infinity too, and the power 1 is the number itself."""
    flags, yes, no = node.input
    wanted = graph.double(flags)
    parts = [graph.chosen(yes, flags, wanted), graph.chosen(no, graph.emit("Not", flags), graph.emit("Sub", 1.0, wanted))]
    graph.emit("Add", *parts, result=node.output[0])


def extreme(graph: Rewriting, node: Any, sign: float = 1.0) -> None:
    """The largest of a row, or with −1 the smallest: the value at its place."""
    axis, keep = reduced_axis(node)
    signed = node.input[0] if sign == 1.0 else graph.emit("Neg", node.input[0])
    place = graph.emit("ArgMax", signed, axis=axis, keepdims=1)
    delivered(graph, graph.emit("GatherElements", node.input[0], place, axis=axis), axis, keep, node.output[0])


def log_sum_exp(graph: Rewriting, node: Any) -> None:
    axis, keep = reduced_axis(node)
    top = graph.emit("GatherElements", node.input[0], graph.emit("ArgMax", node.input[0], axis=axis, keepdims=1), axis=axis)
    grown = graph.emit("Exp", graph.emit("Sub", node.input[0], top))
    summed = graph.emit("ReduceSum", grown, axes=[axis], keepdims=1)
    delivered(graph, graph.emit("Add", logarithm(graph, summed), top), axis, keep, node.output[0])


def row_mean(graph: Rewriting, node: Any) -> None:
    axis, keep = reduced_axis(node)
    length = graph.double(graph.emit("Gather", graph.emit("Shape", node.input[0]), np.array([axis]), axis=0))
    summed = graph.emit("ReduceSum", node.input[0], axes=[axis], keepdims=keep)
    graph.emit("Div", summed, length, result=node.output[0])


def normalized(graph: Rewriting, node: Any) -> None:
    """LpNormalization; of a row of zeros, zeros."""
    given = {"axis": -1, "p": 2, **attributes_of(node)}
    absolute = graph.emit("Abs", node.input[0])
    powers = absolute if given["p"] == 1 else graph.emit("Mul", absolute, absolute)
    norm = graph.emit("ReduceSum", powers, axes=[given["axis"]], keepdims=1)
    norm = norm if given["p"] == 1 else graph.emit("Sqrt", norm)
    norm = graph.emit("Add", norm, graph.double(graph.emit("Equal", norm, 0.0)))
    graph.emit("Div", node.input[0], norm, result=node.output[0])


def reduced_axis(node: Any) -> tuple[int, int]:
    """The one axis, and whether it stays; opsets before 13 keep axes as an attribute, and no newer target needs these forms."""
    given = attributes_of(node)
    (axis,) = given["axes"]
    return axis, given.get("keepdims", 1)


def delivered(graph: Rewriting, name: str, axis: int, keep: int, result: str) -> None:
    if keep:
        graph.emit("Identity", name, result=result)
    else:
        graph.emit("Squeeze", name, axes=[axis], result=result)


def attributes_of(node: Any) -> dict[str, Any]:
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


FORMS: dict[str, Form] = {
    "ArgMin": least_place,
    "Ceil": of_one(ceil),
    "Cos": of_one(cosine),
    "Floor": of_one(floor),
    "Gemm": gemm,
    "IsNaN": of_one(not_a_number),
    "Log": of_one(logarithm),
    "LpNormalization": normalized,
    "Mean": mean,
    "Reciprocal": of_one(lambda graph, name, result: graph.emit("Div", 1.0, name, result=result)),
    "ReduceLogSumExp": log_sum_exp,
    "ReduceMax": extreme,
    "ReduceMean": row_mean,
    "ReduceMin": lambda graph, node: extreme(graph, node, -1.0),
    "Relu": of_one(lambda graph, name, result: graph.emit("Max", name, 0.0, result=result)),
    "Sigmoid": of_one(sigmoid),
    "Sum": added,
    "Tan": of_one(tangent),
    "Tanh": of_one(tanh),
    "Where": either,
}
