import math

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator
from predictable_bridge.errors import ConverterError
from predictable_networks.inputs import Input, picture_axes
from predictable_networks.leftovers import without_leftovers
from predictable_networks.names import good_name, indexed, name_columns
from predictable_networks.pictures import choose_picture, covering, enlarged, linear, reduced, resized
from predictable_networks.tensor_names import rename_tensors


def tensor(name="x", shape=(), dtype="float32"):
    return Input(name, name, dtype, shape)


@pytest.mark.parametrize(
    ("raw", "edge", "expected"),
    [
        ("x:0", "input", "x"),
        ("serving_default_x:0", "input", "x"),
        ("model/dense/BiasAdd:0", "output", "BiasAdd"),
        ("StatefulPartitionedCall/net", "input", "net"),
        ("a/b", "input", "a/b"),
        ("a/b", "output", "b"),
        ("12", "output", "output_12"),
        ("x.1", "input", "x_1"),
        ("pixel", "input", "pixel"),
    ],
)
def test_names_without_what_frameworks_add(raw, edge, expected):
    assert good_name(raw, edge) == expected


def test_a_name_a_value():
    assert indexed("x", (1, 1)) == ["x"]
    assert indexed("x", (2, 2)) == ["x_0_0", "x_0_1", "x_1_0", "x_1_1"]


def named(inputs, asked=None, header=None):
    name_columns("The network", inputs, asked, header)
    return [[column.name for column in each.columns] for each in inputs]


def test_columns_are_named_as_asked_or_by_the_header_or_the_inputs():
    assert named([tensor("a"), tensor("b", (2,))], ["x", "y", "z"]) == [["x"], ["y", "z"]]
    assert named([tensor("a"), tensor("b", (2, 2))]) == [["a"], ["b_0_0", "b_0_1", "b_1_0", "b_1_1"]]
    assert named([tensor("row", (2,)), tensor("a")], header=["A", "left", "right"]) == [["left", "right"], ["A"]]


@pytest.mark.parametrize(
    ("asked", "header", "code"),
    [
        (None, None, "MISSING_COLUMNS"),
        (["x"], None, "COLUMN_MISMATCH"),
        (None, ["x", "y", "z"], "COLUMN_MISMATCH"),
        (["x", "X"], None, "NAME_COLLISION"),
    ],
)
def test_columns_that_cannot_be_named(asked, header, code):
    with pytest.raises(ConverterError) as raised:
        named([tensor("row", (2,))], asked, header)
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("dtype", "kind", "within"),
    [
        ("float32", "float", None),
        ("float64", "double", None),
        ("bfloat16", "float", None),
        ("int64", "int64", None),
        ("uint8", "int32", (0, 255)),
        ("bool", "int32", (0, 1)),
    ],
)
def test_columns_by_the_type_of_their_tensor(dtype, kind, within):
    each = tensor(dtype=dtype)
    each.set_columns(["a"])
    assert (each.columns[0].type, each.columns[0].within) == (kind, within)


def test_text_is_no_column_of_numbers():
    with pytest.raises(ConverterError, match="Input x takes text"):
        tensor(dtype="string").set_columns(["a"])


def test_columns_become_a_tensor():
    each = tensor("x", (2, 2), "int32")
    each.set_columns(list("abcd"))
    array = each.array({name: np.array([at, 10.0 + at]) for at, name in enumerate("abcd")})
    assert array.tolist() == [[[0, 1], [2, 3]], [[10, 11], [12, 13]]] and array.dtype == np.int32


@pytest.mark.parametrize(("shape", "axes"), [((8, 9, 3), (0, 1)), ((3, 8, 9), (1, 2)), ((8, 9), None), ((8, 9, 7), None)])
def test_which_axes_are_a_pictures(shape, axes):
    assert picture_axes(shape) == axes


@pytest.mark.parametrize(("small", "large"), [(1, 4), (2, 4), (3, 8), (5, 5)])
def test_enlarging_is_what_resize_of_onnx_does(small, large):
    values = np.random.default_rng(small).normal(0, 1, (1, small))
    sizes = helper.make_tensor("sizes", TensorProto.INT64, [2], [1, large])
    node = helper.make_node("Resize", ["x", "", "", "sizes"], ["y"], mode="linear", coordinate_transformation_mode="half_pixel")
    value = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, None) for name in "xy"]
    model = helper.make_model(
        helper.make_graph([node], "resize", value[:1], value[1:], [sizes]), opset_imports=[helper.make_opsetid("", 19)]
    )
    (expected,) = ReferenceEvaluator(model).run(None, {"x": values})
    assert resized(values, {1: large}) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("large", "small"), [(4, 2), (5, 3), (7, 1), (3, 3)])
def test_shares_of_pixels_add_up(large, small):
    assert covering(large, small).sum(axis=1) == pytest.approx(np.ones(small))
    assert linear(small, large).sum(axis=1) == pytest.approx(np.ones(large))


def test_pictures_of_another_size():
    each = tensor("image", (6, 8, 1))
    assert choose_picture([tensor(), each], [3, 2], {"path": "net.h5"}) is each
    assert each.sizes == (3, 2, 1) and each.width == 6
    assert each.facts()["image"] == {"axes": [1, 2], "size": [3, 2]}
    large = np.arange(48.0).reshape(1, 6, 8, 1)
    assert reduced(each, large)[0, 0, 0, 0] == np.mean([0, 1, 2, 3, 8, 9, 10, 11])
    assert enlarged(each, reduced(each, large)).shape == (1, 6, 8, 1)


@pytest.mark.parametrize(
    ("inputs", "size", "code"),
    [
        ([tensor()], [2, 2], "USAGE"),
        ([tensor("a", (8, 8, 1)), tensor("b", (8, 8, 1))], [2, 2], "USAGE"),
        ([tensor("a", (8, 8, 1))], [9, 2], "USAGE"),
        ([tensor("a", (8, 8, 1), "uint8")], [2, 2], "UNSUPPORTED_TYPE"),
    ],
)
def test_pictures_that_cannot_be_of_another_size(inputs, size, code):
    with pytest.raises(ConverterError) as raised:
        choose_picture(inputs, size, {"path": "net.h5"})
    assert raised.value.code == code
    assert choose_picture(inputs, None, {"path": "net.h5"}) is None


def model_of(*nodes):
    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", 2]) for name in ("in:0", "out:0")]
    return helper.make_model(helper.make_graph(list(nodes), "net", value[:1], value[1:]), opset_imports=[helper.make_opsetid("", 18)])


def test_tensors_get_names_that_are_known():
    model = model_of(helper.make_node("Neg", ["in:0"], ["out:0"]))
    rename_tensors(model.graph, ["a"], ["b"])
    onnx.checker.check_model(model)
    assert [each.name for each in (*model.graph.input, *model.graph.output)] == ["a", "b"]
    assert ReferenceEvaluator(model).run(["b"], {"a": np.ones((1, 2), dtype=np.float32)})[0].tolist() == [[-1, -1]]


REWRITTEN = {
    "Erfc": np.vectorize(math.erfc),
    "Expm1": np.expm1,
    "Log1p": np.log1p,
    "Bucketize": lambda values: np.searchsorted([-0.5, 0.25, 3.0], values, side="right"),
}


@pytest.mark.parametrize("opset", [12, 18])
@pytest.mark.parametrize("kind", sorted(REWRITTEN))
def test_operators_of_a_framework_are_rewritten_where_that_is_exact(kind, opset):
    options = {"boundaries": [-0.5, 0.25, 3.0]} if kind == "Bucketize" else {}
    model = model_of(helper.make_node(kind, ["in:0"], ["out:0"], **options))
    model.opset_import[0].version = opset
    values = np.array([[-0.5, 0.25], [0.24, 5.0], [-0.75, 0.0]], dtype=np.float32)
    (found,) = ReferenceEvaluator(without_leftovers(model, "net")).run(None, {"in:0": values})
    assert found == pytest.approx(REWRITTEN[kind](values.astype(np.float64)), rel=1e-6, abs=1e-6)


def test_operators_of_a_framework_are_refused_by_name():
    fine = model_of(helper.make_node("Neg", ["in:0"], ["out:0"]))
    assert without_leftovers(fine, "net") is fine
    with pytest.raises(ConverterError, match=r"net needs FancyOp, which ONNX does not have \(odd\)") as raised:
        without_leftovers(model_of(helper.make_node("FancyOp", ["in:0"], ["out:0"], name="odd")), "net")
    assert raised.value.code == "UNSUPPORTED_OPERATOR" and raised.value.details == {"operators": ["FancyOp"]}
