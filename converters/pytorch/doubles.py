"""Linear layers in float64 as MatMul and Add: ONNX Runtime fuses a Gemm with its activation, and has no such kernel for doubles."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper


def without_double_gemm(graph: Any) -> None:
    """Exact: the same sum of the same products."""
    weights = {tensor.name: tensor for tensor in graph.initializer if tensor.data_type == TensorProto.DOUBLE}
    for at, node in reversed(list(enumerate(graph.node))):
        if node.op_type != "Gemm" or node.input[1] not in weights:
            continue
        options = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        if options.get("transA", 0) or options.get("alpha", 1.0) != 1.0 or options.get("beta", 1.0) != 1.0:
            continue
        name, output = node.input[1], node.output[0]
        if options.get("transB", 0):
            name = f"{node.input[1]}_transposed"
            if all(tensor.name != name for tensor in graph.initializer):
                matrix = np.ascontiguousarray(numpy_helper.to_array(weights[node.input[1]]).T)
                graph.initializer.append(numpy_helper.from_array(matrix, name))
        has_bias = len(node.input) > 2 and node.input[2] != ""
        product = f"{output}_product" if has_bias else output
        made = [helper.make_node("MatMul", [node.input[0], name], [product], name=f"{node.name}_product")]
        if has_bias:
            made.append(helper.make_node("Add", [product, node.input[2]], [output], name=f"{node.name}_sum"))
        del graph.node[at]
        for offset, each in enumerate(made):
            graph.node.insert(at + offset, each)
    drop_unused(graph, weights)


def drop_unused(graph: Any, weights: dict[str, Any]) -> None:
    read = {name for node in graph.node for name in node.input} | {output.name for output in graph.output}
    for name in [name for name in weights if name not in read]:
        graph.initializer.remove(weights[name])
