"""skl2onnx's converter of IsolationForest, replaced: one tree ensemble whose leaves hold path lengths, instead of forty nodes a tree."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.replaced.trees import add_tree


class DepthTree:
    """A scikit-learn tree, with the path length to each leaf in place of its value."""

    def __init__(self, tree: Any, features: np.ndarray, lengths: np.ndarray) -> None:
        self.node_count, self.threshold = tree.node_count, tree.threshold
        self.children_left, self.children_right = tree.children_left, tree.children_right
        if hasattr(tree, "missing_go_to_left"):
            self.missing_go_to_left = tree.missing_go_to_left
        self.feature = np.where(tree.feature >= 0, features[np.maximum(tree.feature, 0)], 0)
        self.value = np.asarray(lengths, dtype=np.float64).reshape(-1, 1, 1)


def register() -> None:
    from skl2onnx import update_registered_converter
    from sklearn.ensemble import IsolationForest

    options = {"score_samples": [True, False]}
    update_registered_converter(IsolationForest, "SklearnIsolationForest", shapes, convert, overwrite=True, options=options)


def shapes(operator: Any) -> None:
    from skl2onnx.common.data_types import Int64TensorType

    source = operator.inputs[0].type
    operator.outputs[0].type = Int64TensorType([source.shape[0], 1])
    operator.outputs[1].type = source.__class__([source.shape[0], 1])


def convert(scope: Any, operator: Any, container: Any) -> None:
    """decision = −2^(−sum of lengths / (trees · c)) − offset; the label is −1 below 0."""
    from skl2onnx.common.data_types import DoubleTensorType
    from skl2onnx.common.tree_ensemble import get_default_tree_regressor_attribute_pairs
    from skl2onnx.proto import onnx_proto
    from sklearn.ensemble._iforest import _average_path_length

    if isinstance(operator.inputs[0].type, DoubleTensorType):
        raise NotImplementedError("a tree ensemble compares in float32, as scikit-learn does: leave out --precision double")
    forest, number = operator.raw_operator, onnx_proto.TensorProto.FLOAT
    attributes = get_default_tree_regressor_attribute_pairs()
    attributes["name"] = scope.get_unique_operator_name("TreeEnsembleRegressor")
    attributes["n_targets"] = 1
    for at, (member, features) in enumerate(zip(forest.estimators_, forest.estimators_features_)):
        tree = member.tree_
        lengths = node_depths(tree) + _average_path_length(tree.n_node_samples) - 1.0
        add_tree(attributes, False, DepthTree(tree, features, lengths), at, 1.0, 0, False, True, np.float32)

    def emit(name: str, inputs: list[str], result: str | None = None, version: int = 7, **more: Any) -> str:
        output = result or scope.get_unique_variable_name(name.lower())
        container.add_node(name, inputs, output, name=scope.get_unique_operator_name(name), op_version=version, **more)
        return output

    def constant(value: float, element: int = number) -> str:
        name = scope.get_unique_variable_name("constant")
        container.add_initializer(name, element, [1], [value])
        return name

    total = scope.get_unique_variable_name("lengths")
    container.add_node("TreeEnsembleRegressor", operator.inputs[0].full_name, total, op_domain="ai.onnx.ml", op_version=1, **attributes)
    count = len(forest.estimators_) * float(_average_path_length([forest._max_samples])[0])
    exponent = emit("Mul", [total, constant(-np.log(2.0) / count)])
    anomaly = emit("Exp", [exponent], version=6)
    decision = emit("Sub", [constant(-float(forest.offset_)), anomaly], operator.outputs[1].full_name)
    below = emit("Less", [decision, constant(0.0)], version=9)
    outlier = emit("Cast", [below], to=onnx_proto.TensorProto.INT64, version=9)
    twice = emit("Add", [outlier, outlier])
    emit("Sub", [constant(1, onnx_proto.TensorProto.INT64), twice], operator.outputs[0].full_name)


def node_depths(tree: Any) -> np.ndarray:
    """The root's is 1. From 1.3 on scikit-learn keeps them itself; children come after their parent."""
    depths = np.ones(tree.node_count)
    for node, (left, right) in enumerate(zip(tree.children_left, tree.children_right)):
        if left > node:
            depths[[left, right]] = depths[node] + 1.0
    return depths
