"""Pairwise probabilities to one a class, by libsvm's own iteration, step by step: its result depends on where it stops.

`multiclass_probability` in libsvm's svm.cpp (method 2 of Wu, Lin and Weng, 2004). It ends when a row's error is below
0.005/k, so a closed solution would differ by that much. The loop here runs until every row has ended; a row that has
ended keeps its values, whatever the batch.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from onnx import GraphProto, TensorProto, helper
from predictable_graph.graph import Graph

# From svm.cpp: eps = 0.005/k, max_iter = max(100, k).
ERROR_PER_CLASS = 0.005
LEAST_ITERATIONS = 100


def coupled(graph: Graph, k: int, shares: str) -> str:
    """[N, k] of the shares [N, pairs] of each pair's first class, pairs in the order 0·1, 0·2 … 1·2 …"""
    matrix, diagonal = pair_matrix(graph, k, shares)
    first = graph.emit("Mul", [graph.column(shares, 0), graph.constant([0.0])])
    start = graph.emit("Add", [first, graph.constant(np.full((1, k), 1 / k))])
    going = graph.constant(True, np.bool_)
    iterations = graph.constant(max(LEAST_ITERATIONS, k), np.int64)
    return graph.emit("Loop", [iterations, going, start], body=body(graph, k, matrix, diagonal))


def pair_matrix(graph: Graph, k: int, shares: str) -> tuple[str, list[str]]:
    """Q as [N, k, k], and its diagonal as k tensors [N, 1]: Q_tt = Σ r_jt², Q_tj = −r_jt·r_tj."""
    pairs = list(combinations(range(k), 2))
    others = graph.emit("Sub", [graph.constant([1.0]), shares])
    products = graph.emit("Neg", [graph.emit("Mul", [shares, others])])
    squares = graph.join([graph.emit("Mul", [shares, shares]), graph.emit("Mul", [others, others])])
    # r_jt: the share of j against t, so of each pair the first's square counts for the second.
    place = np.zeros((2 * len(pairs), k))
    spread = np.zeros((len(pairs), k * k))
    for at, (first, second) in enumerate(pairs):
        place[at, second], place[len(pairs) + at, first] = 1, 1
        spread[at, first * k + second] = spread[at, second * k + first] = 1
    sums = graph.emit("MatMul", [squares, graph.constant(place)])
    on_diagonal = np.zeros((k, k * k))
    on_diagonal[np.arange(k), np.arange(k) * (k + 1)] = 1
    flat = graph.emit(
        "Add",
        [graph.emit("MatMul", [products, graph.constant(spread)]), graph.emit("MatMul", [sums, graph.constant(on_diagonal)])],
    )
    matrix = graph.emit("Reshape", [flat, graph.whole(-1, k, k)])
    return matrix, [graph.column(sums, t) for t in range(k)]


def body(graph: Graph, k: int, matrix: str, diagonal: list[str]) -> GraphProto:
    """One iteration; the lines follow svm.cpp."""
    inner = graph.inner()
    step, before, p = inner.fresh(), inner.fresh(), inner.fresh()
    tall = inner.emit("Unsqueeze", [p, inner.whole(2)]) if graph.opsets[""] >= 13 else inner.emit("Unsqueeze", [p], axes=[2])
    qp = inner.emit("Reshape", [inner.emit("MatMul", [matrix, tall]), inner.whole(-1, k)])
    pqp = inner.total(inner.emit("Mul", [p, qp]))
    error = inner.most(inner.emit("Abs", [inner.emit("Sub", [qp, pqp])]), k)
    on = inner.emit("Not", [inner.emit("Less", [error, inner.constant([ERROR_PER_CLASS / k])])])
    going, one, two = inner.cast(on, "double"), inner.constant([1.0]), inner.constant([2.0])
    for t in range(k):
        own = inner.column(qp, t)
        change = inner.emit("Div", [inner.emit("Sub", [pqp, own]), diagonal[t]])
        change = inner.emit("Mul", [change, going])
        scale = inner.emit("Add", [one, change])
        p = inner.emit("Add", [p, inner.emit("Mul", [change, inner.constant(np.eye(k)[t : t + 1])])])
        p = inner.emit("Div", [p, scale])
        grown = inner.emit("Add", [inner.emit("Mul", [change, diagonal[t]]), inner.emit("Mul", [two, own])])
        pqp = inner.emit("Add", [pqp, inner.emit("Mul", [change, grown])])
        pqp = inner.emit("Div", [inner.emit("Div", [pqp, scale]), scale])
        row = inner.emit("Reshape", [inner.emit("Gather", [matrix, inner.whole(t)], axis=1), inner.whole(-1, k)])
        qp = inner.emit("Div", [inner.emit("Add", [qp, inner.emit("Mul", [change, row])]), scale])
    some = inner.emit("ReduceMax", [inner.cast(on, "float")], axes=[0, 1], keepdims=0)
    after = inner.emit("Cast", [some], to=TensorProto.BOOL)
    inputs = [
        helper.make_tensor_value_info(step, TensorProto.INT64, []),
        helper.make_tensor_value_info(before, TensorProto.BOOL, []),
        helper.make_tensor_value_info(inner.graph.node[0].input[0], TensorProto.DOUBLE, [None, k]),
    ]
    results = [
        helper.make_tensor_value_info(after, TensorProto.BOOL, []),
        helper.make_tensor_value_info(p, TensorProto.DOUBLE, [None, k]),
    ]
    return helper.make_graph(inner.graph.node, "coupling", inputs, results)
