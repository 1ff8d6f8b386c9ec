"""Nodes behind the graph that skl2onnx made: the labels of estimators that it does not know, and one tensor `[N,k]` for each output."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from predictable_bridge.errors import ConverterError

from describing.anatomy import describe, final
from describing.outputs import Output
from describing.traits import traits_of


class Extension:
    """A graph, extended behind its outputs: every added name begins with `p_`, which skl2onnx never uses."""

    def __init__(self, graph: Any, double: bool) -> None:
        self.graph, self.count = graph, 0
        self.type = TensorProto.DOUBLE if double else TensorProto.FLOAT
        self.number = np.float64 if double else np.float32

    def emit(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        self.count += 1
        result = f"p_{self.count}"
        node = helper.make_node(operator, inputs, [result], name=f"{result}_{operator}", **attributes)
        self.graph.node.append(node)
        return result

    def constant(self, values: Any) -> str:
        self.count += 1
        name = f"p_{self.count}"
        array = values if isinstance(values, np.ndarray) else np.array([values], dtype=self.number)
        self.graph.initializer.append(numpy_helper.from_array(array, name))
        return name


def separate(model: Any, onnx_model: Any, outputs: list[Output], double: bool) -> list[str]:
    """The tensor of each output; the graph keeps no other outputs. Raises UNSUPPORTED_MODEL."""
    extension = Extension(onnx_model.graph, double)
    raw = [value.name for value in extension.graph.output]
    infos = {value.name: value for value in extension.graph.output}
    if max(output.raw for output in outputs) >= len(raw):
        message = f"{describe(model)} cannot be converted: its graph has {len(raw)} outputs, fewer than the model."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Use another estimator as the last step.")
    tensors, declared = [], []
    for output in outputs:
        tensor = output_tensor(extension, model, output, raw)
        tensors.append(tensor)
        element = extension.type
        if output.role == "label":
            traits = traits_of(final(model))
            coded_here = traits.coded_labels or traits.thresholded
            element = TensorProto.INT64 if coded_here else infos[raw[output.raw]].type.tensor_type.elem_type
        declared.append(infos[tensor] if tensor in infos else helper.make_tensor_value_info(tensor, element, [None, None]))
    del extension.graph.output[:]
    extension.graph.output.extend(declared)
    for node in [node for node in extension.graph.node if node.op_type == "SequenceConstruct" and node.output[0] in raw]:
        extension.graph.node.remove(node)
    return tensors


def output_tensor(extension: Extension, model: Any, output: Output, raw: list[str]) -> str:
    last, name = final(model), raw[output.raw]
    traits = traits_of(last)
    if output.role == "label" and traits.thresholded:
        return label_by_threshold(extension, last, output, raw[1])
    if output.role == "label" and traits.coded_labels:
        return label_of_code(extension, last, output, name)
    if output.member is not None:
        return member_tensor(extension, name, output)
    if output.pick is not None:
        return extension.emit("Gather", [name, extension.constant(np.array([output.pick], dtype=np.int64))], axis=1)
    return name


def member_tensor(extension: Extension, name: str, output: Output) -> str:
    """One target of several; its classes come first where another target has more."""
    sequences = {node.output[0]: node for node in extension.graph.node if node.op_type == "SequenceConstruct"}
    if name in sequences:
        return sequences[name].input[output.member]
    target = extension.emit("Gather", [name, extension.constant(np.array(output.member, dtype=np.int64))], axis=0)
    return extension.emit("Gather", [target, extension.constant(np.arange(len(output.names), dtype=np.int64))], axis=1)


def label_of_code(extension: Extension, last: Any, output: Output, name: str) -> str:
    """Of a graph that gives places in `classes_`: text labels stay such codes, numbers are looked up."""
    if output.labels is not None:
        return name
    return extension.emit("Gather", [extension.constant(np.asarray(last.classes_).astype(np.int64)), name], axis=0)


def label_by_threshold(extension: Extension, last: Any, output: Output, shares: str) -> str:
    """[N,1]: the positive class where its share, a column of `shares` [N,2], reaches the threshold, and else the other class."""
    positive = last.pos_label if getattr(last, "pos_label", None) is not None else last.classes_[1]
    if not hasattr(last.estimator_, "predict_proba") or last.response_method == "decision_function":
        message = f"{type(last).__name__} that decides by decision_function is not converted."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Use an estimator with predict_proba inside.")
    threshold = getattr(last, "best_threshold_", None)
    threshold = last.threshold if threshold is None else threshold
    threshold = 0.5 if threshold == "auto" else float(threshold)
    second = int(last.classes_[1] == positive)
    share = extension.emit("Gather", [shares, extension.constant(np.array([second], dtype=np.int64))], axis=1)
    above = extension.emit("Not", [extension.emit("Less", [share, extension.constant(threshold)])])
    code = extension.emit("Cast", [above], to=TensorProto.INT64)
    if second == 0:
        code = extension.emit("Sub", [extension.constant(np.array([1], dtype=np.int64)), code])
    return label_of_code(extension, last, output, code)
