import numpy as np
import pytest
from onnx import TensorProto
from predictable_graph.graph import Graph
from predictable_trees import links
from running import OPSETS, results

ROWS = np.random.default_rng(6).normal(0, 3, (50, 2)).astype(np.float32)


def linked(write, rows=ROWS, kind=TensorProto.FLOAT):
    graph = Graph(OPSETS, 8, np.float32)
    graph.input("X", TensorProto.FLOAT, rows.shape[1])
    return results(graph, [write(graph, "X")], [kind], X=rows)[0]


def softmax(rows):
    grown = np.exp(rows - rows.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True)


FORMULAS = {
    "identity": lambda rows: rows,
    "exp": np.exp,
    "sigmoid": lambda rows: 1 / (1 + np.exp(-rows)),
    "softmax": softmax,
    "softplus": lambda rows: np.log1p(np.exp(rows)),
    "uncertainty": lambda rows: np.column_stack([rows[:, 0], np.exp(2 * rows[:, 1])]),
}


@pytest.mark.parametrize("name", sorted(FORMULAS))
def test_a_link_is_its_formula(name):
    assert linked(links.LINKS[name]) == pytest.approx(FORMULAS[name](ROWS.astype(np.float64)), rel=1e-5, abs=1e-6)


def test_every_link_is_tried():
    assert set(links.LINKS) == {*FORMULAS, "largest"}


def test_of_several_largest_it_is_the_first():
    rows = np.array([[1.0, 1.0], [0.0, 2.0], [3.0, -1.0]], dtype=np.float32)
    assert linked(links.largest, rows, TensorProto.INT64).tolist() == [0, 1, 0]


@pytest.mark.parametrize(("factor", "nodes"), [(1.0, 0), (0.5, 1)])
def test_a_factor(factor, nodes):
    graph = Graph(OPSETS, 8, np.float32)
    links.scaled(graph, "X", factor)
    assert len(graph.graph.node) == nodes


def test_a_shift():
    assert linked(lambda graph, scores: links.shifted(graph, scores, [0.0, 1.5])).tolist() == (ROWS + np.float32([0, 1.5])).tolist()
    assert links.shifted(Graph(OPSETS, 8), "X", 0.0) == "X"


def test_signed_squares():
    assert linked(links.signed_square) == pytest.approx(np.sign(ROWS) * ROWS**2)


def test_above_a_threshold():
    rows = np.array([[0.5], [0.50001], [np.nan]], dtype=np.float32)
    assert linked(lambda graph, scores: links.above(graph, scores, 0.5), rows, TensorProto.INT64).tolist() == [[0], [1], [0]]


def test_both_classes():
    rows = np.array([[0.25], [1.0]], dtype=np.float32)
    assert linked(links.both_classes, rows).tolist() == [[0.75, 0.25], [0.0, 1.0]]


@pytest.mark.parametrize(("classes", "expected"), [([0, 1], [1, 0]), ([3, 7], [7, 3]), (["b", "a"], [1, 0]), ([-1.0, 1.0], [1, -1])])
def test_labels_of_codes(classes, expected):
    graph = Graph(OPSETS, 8, np.float32)
    graph.input("X", TensorProto.FLOAT, 2)
    codes = links.largest(graph, "X")
    rows = np.array([[0.0, 1.0], [1.0, 0.0]], dtype=np.float32)
    assert results(graph, [links.labelled(graph, codes, classes)], [TensorProto.INT64], X=rows)[0].tolist() == expected
