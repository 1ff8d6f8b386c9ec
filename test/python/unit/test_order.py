"""Nodes come after what they read, inside bodies too."""

from onnx import TensorProto, helper
from predictable_graph.order import put_in_order


def graph_of(*nodes):
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [None])
    return helper.make_graph(nodes, "g", [value], [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])


def test_a_node_reads_what_its_body_reads():
    body = helper.make_graph([helper.make_node("Add", ["made", "x"], ["inner"])], "b", [], [])
    loop = helper.make_node("If", ["flag"], ["y"], then_branch=body, else_branch=body)
    graph = graph_of(helper.make_node("Cast", ["x"], ["flag"], to=TensorProto.BOOL), loop, helper.make_node("Neg", ["x"], ["made"]))
    put_in_order(graph)
    assert [node.op_type for node in graph.node] == ["Cast", "Neg", "If"]


def test_what_is_in_order_stays():
    graph = graph_of(helper.make_node("Neg", ["x"], ["a"]), helper.make_node("Abs", ["x"], ["y"]))
    put_in_order(graph)
    assert [node.op_type for node in graph.node] == ["Neg", "Abs"]
