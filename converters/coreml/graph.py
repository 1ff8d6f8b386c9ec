"""The raw graph by onnxmltools, with what is wrong in it for batches taken out."""

from __future__ import annotations

import os
import warnings
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request

DOMAINS = ("", "ai.onnx.ml")
HINT = "Convert the model that it was made from (PyTorch, TensorFlow, scikit-learn) instead."


def make_graph(spec: Any, types: list[tuple[str, Any]], request: Request) -> Any:
    """Raises UNSUPPORTED_MODEL or UNSUPPORTED_OPERATOR."""
    import onnxmltools

    name = os.path.basename(request["path"])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            onnx_model = onnxmltools.convert_coreml(
                without_label(spec), name="predictable", initial_types=types, target_opset=min(request["opsets"][""], 15)
            )
    except MemoryError:
        raise
    except Exception as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ConverterError("UNSUPPORTED_MODEL", f"{name} cannot be converted: {reason[:300]}", HINT) from error
    foreign = sorted({node.op_type for node in onnx_model.graph.node if node.domain not in DOMAINS})
    if foreign:
        message = f"{name} needs {', '.join(foreign)}, which no SQL engine has."
        raise ConverterError("UNSUPPORTED_OPERATOR", message, HINT, operators=foreign)
    without_maps(onnx_model.graph)
    onnx_model.ir_version = min(onnx_model.ir_version, request["ir"])
    return onnx_model


def without_label(spec: Any) -> Any:
    """A network that classifies, as one that gives its last layer: onnxmltools labels one row only."""
    if spec.WhichOneof("Type") != "neuralNetworkClassifier":
        return spec
    plain = type(spec)()
    plain.specificationVersion = spec.specificationVersion
    plain.description.input.extend(spec.description.input)
    classifier = spec.neuralNetworkClassifier
    plain.neuralNetwork.layers.extend(classifier.layers)
    plain.neuralNetwork.preprocessing.extend(classifier.preprocessing)
    shares = plain.description.output.add()
    shares.name = classifier.labelProbabilityLayerName or classifier.layers[-1].output[0]
    shares.type.multiArrayType.shape.append(max(1, len(classifier.stringClassLabels.vector) + len(classifier.int64ClassLabels.vector)))
    shares.type.multiArrayType.dataType = shares.type.multiArrayType.DOUBLE
    return plain


def without_maps(graph: Any) -> None:
    """The tensor of probabilities in place of one map a row."""
    for node in [node for node in graph.node if node.op_type == "ZipMap"]:
        graph.node.remove(node)
        for output in graph.output:
            if output.name == node.output[0]:
                output.name = node.input[0]
                output.type.Clear()
                output.type.tensor_type.elem_type = 1
                output.type.tensor_type.shape.dim.add()
                output.type.tensor_type.shape.dim.add()
