"""Which operators ONNX Runtime has for float only, and the same in operators that it has for double too.

As measured: in 1.12.1, which loads opset 13 and newer, and in 1.5.2 before.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from onnx import AttributeProto, GraphProto, TensorProto, helper, shape_inference
from predictable_graph.double_forms import FORMS, Rewriting
from predictable_graph.graph import ML, WITH_MORE_KERNELS

FLOAT_ONLY = frozenset(
    ("Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Floor Ceil IsNaN Erf Softplus Softsign Elu Selu LeakyRelu PRelu HardSigmoid "
     "Hardmax Mean ReduceL1 ReduceL2 ReduceLogSum ReduceProd NonZero OneHot Split").split()
)  # fmt: skip
FLOAT_ONLY_BEFORE = FLOAT_ONLY | frozenset(
    ("Log Tanh Sigmoid Relu Reciprocal Sum ReduceMax ReduceMin ReduceMean ReduceLogSumExp ArgMin Gemm Where TopK "
     "LpNormalization").split()
)  # fmt: skip
# Those of ai.onnx.ml that compute. Tree ensembles compare doubles and add them up; what they give is float.
FLOAT_ONLY_ML = frozenset("Scaler Normalizer Imputer LinearClassifier LinearRegressor SVMClassifier SVMRegressor".split())

# More numbers than any shape or list of axes has, which the shapes of other tensors follow from.
LARGE = 1000


def with_double_kernels(model: Any, opsets: Mapping[str, int]) -> list[str]:
    """Rewrites what would compute with doubles without a kernel for them, in place.

    Returns the operators for which there is no other way. Raises InferenceError where types do not fit.
    """
    float_only = FLOAT_ONLY if opsets[""] >= WITH_MORE_KERNELS else FLOAT_ONLY_BEFORE
    if not uses_double(model.graph):
        return []
    doubles = double_tensors(model)
    if all(is_fine(node, float_only) for node in nodes_of(model.graph)):
        return []
    rewriting = Rewriting(model.graph)
    left: set[str] = set()
    for node in list(model.graph.node):
        # A node's body belongs to it: what is inside has no other form.
        inside = [inner for inner in nodes_of_bodies(node) if not is_fine(inner, float_only)]
        left.update(inner.op_type for inner in inside if not doubles.isdisjoint([*inner.input, *inner.output]))
        if is_fine(node, float_only) or doubles.isdisjoint([*node.input, *node.output]):
            rewriting.keep(node)
        elif node.op_type in FORMS and node.domain != ML:
            FORMS[node.op_type](rewriting, node)
        else:
            left.add(node.op_type)
            rewriting.keep(node)
    rewriting.finish()
    return sorted(left)


def uses_double(graph: Any) -> bool:
    """Whether anything of a graph is double: an input, a constant, or what a Cast makes."""
    kinds = [value.type.tensor_type.elem_type for value in graph.input] + [tensor.data_type for tensor in graph.initializer]
    casts = (attribute.i for node in graph.node if node.op_type == "Cast" for attribute in node.attribute if attribute.name == "to")
    return TensorProto.DOUBLE in kinds or TensorProto.DOUBLE in casts


def is_fine(node: Any, float_only: frozenset[str]) -> bool:
    return node.op_type not in (FLOAT_ONLY_ML if node.domain == ML else float_only)


def double_tensors(model: Any) -> set[str]:
    graph = model.graph
    typed = shape_inference.infer_shapes(outline(model), check_type=True, strict_mode=True).graph
    values = [value for part in (typed, *bodies(typed)) for value in (*part.input, *part.output, *part.value_info)]
    constants = [tensor.name for part in (graph, *bodies(graph)) for tensor in part.initializer if tensor.data_type == TensorProto.DOUBLE]
    return {*constants, *(value.name for value in values if value.type.tensor_type.elem_type == TensorProto.DOUBLE)}


def outline(model: Any) -> Any:
    """The model with large constants as inputs, which need not be copied, and without the shapes that outputs are said to have."""
    graph, result = model.graph, helper.make_model(GraphProto(name="outline"), opset_imports=model.opset_import)
    result.graph.node.extend(graph.node)
    result.graph.input.extend(graph.input)
    for tensor in graph.initializer:
        if math.prod(tensor.dims) > LARGE:
            result.graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))
        else:
            result.graph.initializer.append(tensor)
    for value in graph.output:
        result.graph.output.append(helper.make_tensor_value_info(value.name, value.type.tensor_type.elem_type, None))
    return result


def nodes_of(graph: Any) -> Iterator[Any]:
    for node in graph.node:
        yield node
        yield from nodes_of_bodies(node)


def nodes_of_bodies(node: Any) -> Iterator[Any]:
    for attribute in node.attribute:
        if attribute.type == AttributeProto.GRAPH:
            yield from nodes_of(attribute.g)


def bodies(graph: Any) -> Iterator[Any]:
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                yield attribute.g
                yield from bodies(attribute.g)
