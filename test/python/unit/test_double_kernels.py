"""The forms that stand for operators without a double kernel give what those would."""

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from predictable_graph.kernels import with_double_kernels

BEFORE = {"": 12, "ai.onnx.ml": 2}
VALUES = np.array([[0.3, -1.7, 2.5, 2.5], [-0.0, 8.0, 1e-3, -3.0], [710.0, -710.0, 2.0, 1.0]])
POSITIVE = np.array([[1e-300, 1.0, np.nextafter(1, 2), 0.0], [1e300, 3.0, 3e-308, 0.7]])


def model(operator, *constants, inputs=("x",), kind=TensorProto.DOUBLE, **attributes):
    names = [f"c{at}" for at in range(len(constants))]
    node = helper.make_node(operator, [*inputs, *names], ["y"], **attributes)
    given = [helper.make_tensor_value_info("x", TensorProto.DOUBLE, [None, None])]
    tensors = [numpy_helper.from_array(np.asarray(value), name) for name, value in zip(names, constants)]
    graph = helper.make_graph([node], "g", given, [helper.make_tensor_value_info("y", kind, None)], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)], ir_version=7)


def rewritten(made, values):
    assert with_double_kernels(made, BEFORE) == []
    return ReferenceEvaluator(made).run(None, {"x": values})[0]


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("Sigmoid", lambda x: 1 / (1 + np.exp(-x))),
        ("Tanh", np.tanh),
        ("Relu", lambda x: np.maximum(x, 0)),
        ("Reciprocal", lambda x: 1 / x),
        ("Floor", np.floor),
        ("Ceil", np.ceil),
        ("Cos", np.cos),
    ],
)
def test_of_one(operator, expected):
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(rewritten(model(operator), VALUES), expected(VALUES), rtol=1e-13, atol=1e-15)


def test_logarithm_is_exact_over_all_doubles():
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(rewritten(model("Log"), POSITIVE), np.log(POSITIVE), rtol=1e-15)


@pytest.mark.parametrize("keepdims", [0, 1])
@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("ReduceMax", np.max),
        ("ReduceMin", np.min),
        ("ReduceMean", np.mean),
        ("ReduceLogSumExp", lambda x, axis, keepdims: np.logaddexp.reduce(x, axis=axis, keepdims=keepdims)),
        ("ArgMin", np.argmin),
    ],
)
def test_of_rows(operator, expected, keepdims):
    axes = {"axis": 1} if operator == "ArgMin" else {"axes": [1]}
    kind = TensorProto.INT64 if operator == "ArgMin" else TensorProto.DOUBLE
    found = rewritten(model(operator, kind=kind, keepdims=keepdims, **axes), VALUES)
    np.testing.assert_allclose(found, expected(VALUES, axis=1, keepdims=bool(keepdims)), rtol=1e-13)


def test_products_and_sums():
    weights, bias = np.arange(8.0).reshape(2, 4), np.array([1.0, 2.0])
    found = rewritten(model("Gemm", weights, bias, transB=1, alpha=0.5, beta=2.0), VALUES)
    np.testing.assert_allclose(found, 0.5 * VALUES @ weights.T + 2 * bias)
    np.testing.assert_array_equal(rewritten(model("Sum", VALUES, VALUES), VALUES), 3 * VALUES)
    np.testing.assert_array_equal(rewritten(model("Mean", VALUES), VALUES), VALUES)


def test_one_of_two_where_nan_is_a_value():
    flags = np.array([[True], [False], [True]])
    made = model("Where", flags, np.array([[np.nan, 1.0, np.inf, 2.0]]), inputs=())
    made.graph.node[0].input.append("x")
    np.testing.assert_array_equal(rewritten(made, VALUES), np.where(flags, [[np.nan, 1.0, np.inf, 2.0]], VALUES))


def test_one_of_two_where_doubles_were_floats():
    made = model("Where", np.array([[True], [False], [True]]), np.array([[np.nan, 1.0, np.inf, 2.0]]), inputs=())
    made.graph.input[0].type.tensor_type.elem_type = TensorProto.FLOAT
    made.graph.node[0].input.append("wide")
    made.graph.node.insert(0, helper.make_node("Cast", ["x"], ["wide"], to=TensorProto.DOUBLE))
    floats = VALUES.astype(np.float32)
    found = rewritten(made, floats)
    np.testing.assert_array_equal(found, np.where([[True], [False], [True]], [[np.nan, 1.0, np.inf, 2.0]], floats))
    assert [node.op_type for node in made.graph.node].count("Where") == 1


def test_rows_of_length_one():
    np.testing.assert_allclose(
        rewritten(model("LpNormalization", p=1, axis=1), np.array([[1.0, -3.0], [0.0, 0.0]])), [[0.25, -0.75], [0, 0]]
    )


def test_what_has_no_other_form_is_named():
    made = model("TopK", np.array([1]), axis=1)
    made.graph.node[0].output.append("places")
    assert with_double_kernels(made, BEFORE) == ["TopK"]
    assert [node.op_type for node in made.graph.node] == ["TopK"]


def test_a_newer_runtime_keeps_its_own():
    made = model("Sigmoid")
    assert with_double_kernels(made, {"": 17, "ai.onnx.ml": 3}) == []
    assert [node.op_type for node in made.graph.node] == ["Sigmoid"]
