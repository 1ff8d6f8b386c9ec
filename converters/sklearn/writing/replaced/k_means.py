"""skl2onnx's converter of KMeans, replaced: its squared differences cancel in float32, and near a centre little is left."""

from __future__ import annotations

from typing import Any

import numpy as np


def register() -> None:
    from skl2onnx import update_registered_converter
    from sklearn.cluster import KMeans, MiniBatchKMeans

    for cls in (KMeans, MiniBatchKMeans):
        update_registered_converter(cls, f"Sklearn{cls.__name__}", shapes, convert, overwrite=True)


def shapes(operator: Any) -> None:
    from skl2onnx.common.data_types import Int64TensorType

    source = operator.inputs[0].type
    count = len(operator.raw_operator.cluster_centers_)
    operator.outputs[0].type = Int64TensorType([source.shape[0]])
    operator.outputs[1].type = source.__class__([source.shape[0], count])


def convert(scope: Any, operator: Any, container: Any) -> None:
    """[N,1,F] − [K,F] → squares summed over F → the nearest, and the root."""
    from skl2onnx.common.data_types import guess_proto_type
    from skl2onnx.proto import onnx_proto

    centers = np.asarray(operator.raw_operator.cluster_centers_)
    element = guess_proto_type(operator.inputs[0].type)

    def emit(name: str, inputs: list[str], result: str | None = None, **attributes: Any) -> str:
        output = result or scope.get_unique_variable_name(name.lower())
        container.add_node(name, inputs, output, name=scope.get_unique_operator_name(name), **attributes)
        return output

    shape, centers_name = scope.get_unique_variable_name("shape"), scope.get_unique_variable_name("centers")
    container.add_initializer(shape, onnx_proto.TensorProto.INT64, [3], [-1, 1, centers.shape[1]])
    container.add_initializer(centers_name, element, list(centers.shape), centers.ravel().tolist())
    rows = emit("Reshape", [operator.inputs[0].full_name, shape], op_version=5)
    differences = emit("Sub", [rows, centers_name], op_version=7)
    squares = emit("ReduceSumSquare", [differences], axes=[2], keepdims=0, op_version=min(11, container.target_opset))
    emit("ArgMin", [squares], operator.outputs[0].full_name, axis=1, keepdims=0, op_version=min(11, container.target_opset))
    emit("Sqrt", [squares], operator.outputs[1].full_name, op_version=6)
