import numpy as np
import onnx
import pytest
from onnx import TensorProto
from predictable_facts.columns import Column
from predictable_graph.forest import Tree, leaf_rows, leaves
from predictable_graph.graph import Graph, column_inputs, matrix_input
from running import OPSETS, results

OLD = {"": 12, "ai.onnx.ml": 2}
DOUBLE, FLOAT, INT64 = TensorProto.DOUBLE, TensorProto.FLOAT, TensorProto.INT64
ROWS = np.array([[-2.0, 0.5, 700.0], [0.0, -0.25, -700.0]])


def graph_of(opsets=OPSETS):
    graph = Graph(opsets, 8)
    graph.input("X", DOUBLE, 3)
    return graph


def one(graph, tensor, kind=DOUBLE, **given):
    return results(graph, [tensor], [kind], **given)[0]


def test_constants_of_equal_value_are_shared():
    graph = graph_of()
    assert graph.constant([1.0]) == graph.constant([1.0])
    names = {
        graph.constant([1.0]),
        graph.constant([1.0], np.float32),
        graph.constant(1.0),
        graph.constant([[1.0]]),
        graph.constant([-0.0]),
        graph.constant([0.0]),
    }
    assert len(names) == len(graph.graph.initializer) == 6


def test_a_constant_keeps_its_shape_and_type():
    graph = Graph(OPSETS, 8, np.float32)
    graph.constant(np.zeros((2, 0)))
    graph.whole(1, 2)
    assert [(list(each.dims), each.data_type) for each in graph.graph.initializer] == [([2, 0], FLOAT), ([2], INT64)]


def test_a_model_whose_shapes_follow():
    graph = graph_of()
    graph.output(graph.emit("Abs", ["X"]), DOUBLE)
    model = graph.model()
    (found,) = onnx.shape_inference.infer_shapes(model, strict_mode=True).graph.output
    assert [each.dim_param or each.dim_value for each in found.type.tensor_type.shape.dim] == ["N", 3]
    assert model.ir_version == 8
    assert [(each.domain, each.version) for each in model.opset_import] == [("", 21), ("ai.onnx.ml", 3)]


def test_the_same_graph_gives_the_same_bytes():
    one, other = (graph_of() for _ in range(2))
    for graph in (one, other):
        graph.output(graph.total("X"), DOUBLE)
    assert one.model().SerializeToString(deterministic=True) == other.model().SerializeToString(deterministic=True)


def test_columns_are_taken_out_and_joined():
    graph = graph_of()
    joined = graph.join([graph.column("X", 2), graph.column("X", 0)])
    assert graph.join([joined]) == joined
    assert one(graph, joined, X=ROWS).tolist() == [[700.0, -2.0], [-700.0, 0.0]]


@pytest.mark.parametrize("opsets", [OPSETS, OLD], ids=["new", "old"])
class TestOfAnyOpset:
    def test_sums(self, opsets):
        graph = graph_of(opsets)
        assert one(graph, graph.total("X"), X=ROWS).tolist() == [[698.5], [-700.25]]

    def test_the_largest_of_each_row(self, opsets):
        graph = graph_of(opsets)
        assert one(graph, graph.most("X", 3), X=ROWS).tolist() == [[700.0], [0.0]]

    def test_one_or_the_other(self, opsets):
        graph = graph_of(opsets)
        mask = graph.emit("Greater", ["X", graph.constant([0.0])])
        chosen = graph.either(mask, "X", graph.constant([[np.nan, 1.0, 2.0]]), 3)
        assert np.array_equal(one(graph, chosen, X=ROWS), [[np.nan, 0.5, 700.0], [np.nan, 1.0, 2.0]], equal_nan=True)

    def test_tanh(self, opsets):
        graph = graph_of(opsets)
        small = np.array([[-20.0, -1e-3, 3.0]])
        assert np.abs(one(graph, graph.tanh("X"), X=small) - np.tanh(small)).max() < 1e-15


def test_sigmoid_of_numbers_however_large():
    graph = graph_of()
    with np.errstate(over="ignore"):
        found = one(graph, graph.sigmoid("X"), X=np.array([[0.0, 2.0, -710.0]]))
    assert found[0] == pytest.approx([0.5, 1 / (1 + np.exp(-2.0)), 0.0])


def test_a_graph_inside_another_shares_names_and_constants():
    graph = graph_of()
    shared = graph.constant([1.0])
    inner = graph.inner()
    assert inner.constant([1.0]) == shared
    new = inner.constant([2.0])
    assert [each.name for each in graph.graph.initializer] == [shared, new] and not inner.graph.initializer
    assert len({graph.fresh(), inner.fresh(), graph.fresh()}) == 3


def test_an_input_a_column():
    graph = Graph(OPSETS, 8)
    columns = [
        Column("a", 0, "number", "double", True),
        Column("b", 1, "category", "int64", True, ["x"]),
        Column("c", 2, "number", "int64", False),
    ]
    tensors, facts = column_inputs(graph, columns)
    assert tensors == {"a": "c0", "b": "c1", "c": "c2"}
    assert facts[1] == {"tensor": "c1", "columns": ["b"]}
    assert [each.type.tensor_type.elem_type for each in graph.graph.input] == [DOUBLE, TensorProto.STRING, INT64]


def test_one_input_of_all_columns():
    graph = Graph(OPSETS, 8)
    tensor, facts = matrix_input(graph, [Column(name, at, "number", "float", True) for at, name in enumerate("ab")])
    assert facts == [{"tensor": tensor, "columns": ["a", "b"]}]
    assert graph.graph.input[0].type.tensor_type.shape.dim[1].dim_value == 2


def stump(feature, threshold, mode, missing_left, left, right):
    tree = Tree()
    root = tree.add_split(feature, threshold, mode, missing_left)
    tree.left[root], tree.right[root] = tree.add_leaf(left), tree.add_leaf(right)
    return tree


def test_leaves_of_trees():
    graph = Graph(OPSETS, 8)
    graph.input("X", FLOAT, 2)
    trees = [stump(0, 1.0, "BRANCH_LEQ", True, 10.0, 20.0), stump(1, 1.0, "BRANCH_LT", False, -1.0, -2.0)]
    rows = np.array([[1.0, 1.0], [2.0, 0.5], [np.nan, np.nan]], dtype=np.float32)
    assert one(graph, leaves(graph, "X", trees), X=rows).tolist() == [[10.0, -2.0], [20.0, -1.0], [10.0, -2.0]]


def test_features_may_stand_elsewhere():
    graph = Graph(OPSETS, 8)
    graph.input("X", FLOAT, 2)
    found = leaves(graph, "X", [stump(7, 1.0, "BRANCH_LEQ", True, 1.0, 2.0)], {7: 1})
    assert one(graph, found, X=np.array([[5.0, 0.0]], dtype=np.float32)).tolist() == [[1.0]]


def test_rows_of_leaves_in_double():
    graph = Graph(OPSETS, 8)
    graph.input("X", FLOAT, 1)
    trees = [stump(0, 1.0, "BRANCH_LEQ", True, 0.0, 1.0), stump(0, 2.0, "BRANCH_LEQ", True, 1.0, 0.0)]
    tables = [np.array([[0.1, 0.9], [0.2, 0.8]]), np.array([[1 / 3, 2 / 3], [0.3, 0.7]])]
    found = one(graph, leaf_rows(graph, "X", trees, tables), X=np.array([[0.0], [5.0]], dtype=np.float32))
    assert found.tolist() == [[[0.1, 0.9], [0.3, 0.7]], [[0.2, 0.8], [1 / 3, 2 / 3]]]
