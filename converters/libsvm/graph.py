"""A support vector machine as plain operators in double: votes and couplings turn on the last digits of decision values."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import TensorProto
from predictable_facts.columns import Column
from predictable_graph.coupling import coupled
from predictable_graph.graph import Graph, matrix_input

from machine import ONE_CLASS, REGRESSORS, Machine

# libsvm keeps the two-class probabilities this far from 0 and 1 (svm_predict_probability in its svm.cpp).
LEAST_SHARE = 1e-7


def build(graph: Graph, machine: Machine, columns: list[Column]) -> tuple[list[dict[str, Any]], list[tuple[str, int]]]:
    """The facts about inputs, and the tensor and type of each output, in the order in which libsvm's are given."""
    tensor, facts = matrix_input(graph, columns)
    rows = graph.cast(tensor, "double") if columns[0].type == "float" else tensor
    sums = graph.emit("MatMul", [kernel(graph, machine, rows), graph.constant(machine.pair_weights())])
    decisions = graph.emit("Sub", [sums, graph.constant(machine.rho)])
    if machine.kind in REGRESSORS:
        return facts, [(decisions, TensorProto.DOUBLE)]
    positive = graph.emit("Greater", [decisions, graph.constant(np.zeros(1))])
    if machine.kind == ONE_CLASS:
        labels = graph.emit("Where", [positive, graph.whole(1), graph.whole(-1)])
        scores = density(graph, machine, decisions) if machine.has_probabilities else decisions
        return facts, [(labels, TensorProto.INT64), (scores, TensorProto.DOUBLE)]
    scores = probability(graph, machine, decisions) if machine.has_probabilities else decisions
    return facts, [(voted(graph, machine, positive), TensorProto.INT64), (scores, TensorProto.DOUBLE)]


def kernel(graph: Graph, machine: Machine, rows: str) -> str:
    """[N, L]."""
    if machine.kernel == "rbf":
        return radial(graph, machine, rows)
    products = graph.emit("MatMul", [rows, graph.constant(machine.vectors.T)])
    if machine.kernel == "linear":
        return products
    scaled = graph.emit("Mul", [products, graph.constant([machine.gamma])])
    shifted = graph.emit("Add", [scaled, graph.constant([machine.coef0])])
    if machine.kernel == "sigmoid":
        return graph.tanh(shifted)
    return graph.emit("Pow", [shifted, graph.constant([float(machine.degree)])])


def radial(graph: Graph, machine: Machine, rows: str) -> str:
    """exp(−γ‖x − s‖²), multiplied out around the vectors' centre, where the least digits are lost."""
    centre = machine.vectors.mean(axis=0)
    vectors = machine.vectors - centre
    moved = graph.emit("Sub", [rows, graph.constant(centre)])
    own = graph.total(graph.emit("Mul", [moved, moved]))
    products = graph.emit("MatMul", [moved, graph.constant(-2.0 * vectors.T)])
    distances = graph.emit("Add", [graph.emit("Add", [products, own]), graph.constant((vectors**2).sum(axis=1))])
    return graph.emit("Exp", [graph.emit("Mul", [distances, graph.constant([-machine.gamma])])])


def voted(graph: Graph, machine: Machine, positive: str) -> str:
    """The first class of those with the most votes, as the file orders them."""
    for_first = np.zeros((len(machine.pairs), machine.classes), dtype=np.float32)
    for_second = np.zeros_like(for_first)
    for at, (first, second) in enumerate(machine.pairs):
        for_first[at, first], for_second[at, second] = 1, 1
    yes = graph.cast(positive, "float")
    votes = graph.emit("MatMul", [yes, graph.constant(for_first - for_second, np.float32)])
    votes = graph.emit("Add", [votes, graph.constant(for_second.sum(axis=0), np.float32)])
    best = graph.emit("ArgMax", [votes], axis=1, keepdims=0)
    return graph.emit("Gather", [graph.constant(machine.labels, np.int64), best], axis=0)


def probability(graph: Graph, machine: Machine, decisions: str) -> str:
    """Platt's sigmoid 1/(1 + exp(A·d + B)) for each pair, coupled when there are more than two classes."""
    assert machine.prob_a is not None
    scaled = graph.emit("Mul", [decisions, graph.constant(-machine.prob_a)])
    shares = graph.sigmoid(graph.emit("Sub", [scaled, graph.constant(machine.prob_b)]))
    # Clip has double kernels in every runtime only since 1.6; Min and Max have them all along.
    shares = graph.emit("Max", [shares, graph.constant([LEAST_SHARE])])
    shares = graph.emit("Min", [shares, graph.constant([1 - LEAST_SHARE])])
    if machine.classes > 2:
        return coupled(graph, machine.classes, shares)
    return graph.join([shares, graph.emit("Sub", [graph.constant([1.0]), shares])])


def density(graph: Graph, machine: Machine, decisions: str) -> str:
    """How many of the ten marks lie below: predict_one_class_probability in libsvm's svm.cpp."""
    assert machine.marks is not None
    below = graph.emit("Not", [graph.emit("Less", [decisions, graph.constant(machine.marks)])])
    count = graph.cast(graph.total(graph.cast(below, "float")), "int64")
    last = len(machine.marks)
    table = np.array([0.001, *(np.arange(1, last) / last), 0.999])
    share = graph.emit("Gather", [graph.constant(table), count], axis=0)
    return graph.join([share, graph.emit("Sub", [graph.constant([1.0]), share])])
