"""The outputs of the raw graph under the names that all converters use, and what onnx's own evaluator makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.outputs import Output
from predictable_facts.rows import Rows

from columns import Input, numbered
from spec import labels_of, parts

# What float32 leaves of a sum of shares.
ROUNDING = 1e-3


@dataclass
class Found:
    """`classes`: of probabilities. `labels`: texts that a label's codes stand for."""

    tensor: str
    role: str
    name: str
    classes: list[str] | None = None
    labels: list[str] | None = None


def find_outputs(spec: Any, onnx_model: Any) -> list[Found]:
    whole, texts = labels_of(spec)
    names = [output.name for output in onnx_model.graph.output]
    if whole is None and texts is None:
        return [Found(name, "value", name) for name in names]
    classes = texts if texts is not None else [str(label) for label in whole or []]
    if spec.WhichOneof("Type") == "neuralNetworkClassifier":
        return [label_of(onnx_model, names[0], whole, texts), Found(names[0], "probability", "probability", classes)]
    predicted = spec.description.predictedFeatureName
    found = [Found(name, "label", "label", labels=texts) for name in names if name == predicted]
    return found + [Found(name, "probability", "probability", classes) for name in names if name != predicted]


def label_of(onnx_model: Any, shares: str, whole: list[int] | None, texts: list[str] | None) -> Found:
    """The likeliest class of a network: its code, or the whole number that it is called."""
    from onnx import TensorProto, helper, numpy_helper

    graph = onnx_model.graph
    graph.node.append(helper.make_node("ArgMax", [shares], ["p_code"], name="p_code", axis=1, keepdims=0))
    name = "p_code"
    if whole is not None:
        graph.initializer.append(numpy_helper.from_array(np.array(whole, dtype=np.int64), "p_classes"))
        graph.node.append(helper.make_node("Gather", ["p_classes", "p_code"], ["p_label"], name="p_label"))
        name = "p_label"
    graph.output.insert(0, helper.make_tensor_value_info(name, TensorProto.INT64, [None]))
    return Found(name, "label", "label", labels=texts)


def evaluate(onnx_model: Any, inputs: list[Input], rows: Rows, outputs: list[Found]) -> list[Output]:
    """Raises UNSUPPORTED_MODEL where the evaluator cannot run the graph."""
    from onnx.reference import ReferenceEvaluator

    feeds = {given.tensor: feed(given, rows) for given in inputs}
    try:
        results = ReferenceEvaluator(onnx_model).run([found.tensor for found in outputs], feeds)
    except MemoryError:
        raise
    except Exception as error:
        message = f"The graph that onnxmltools makes of this model does not run: {type(error).__name__}: {str(error)[:300]}"
        raise ConverterError("UNSUPPORTED_MODEL", message, "Convert the model that it was made from instead.") from error
    return [output(found, np.asarray(values), len(next(iter(rows.values())))) for found, values in zip(outputs, results)]


def meant(spec: Any, outputs: list[Found], predicted: list[Output]) -> tuple[list[Found], list[Output], list[dict[str, str]]]:
    """Without probabilities that are none: coremltools writes forests whose shares add up to the number of trees.

    Whether CoreML divides them cannot be found out here; their label is the same either way.
    """
    # Of support vectors, onnx's evaluator itself gives shares that do not add up.
    if not any(part.WhichOneof("Type") == "treeEnsembleClassifier" for part in parts(spec)):
        return outputs, predicted, []
    odd = [at for at, given in enumerate(predicted) if given.role == "probability" and not adds_up(given.values)]
    if not odd:
        return outputs, predicted, []
    names = ", ".join(name for at in odd for name in predicted[at].names)
    message = f"{names} are left out: in this file the shares of the classes do not add up to 1"
    kept = [at for at in range(len(outputs)) if at not in odd]
    warnings = [{"code": "PROBABILITIES_LEFT_OUT", "message": message}]
    return [outputs[at] for at in kept], [predicted[at] for at in kept], warnings


def adds_up(shares: np.ndarray) -> bool:
    return bool(np.isfinite(shares).all() and (np.abs(shares.sum(axis=1) - 1) < ROUNDING).all() and (shares > -ROUNDING).all())


def feed(given: Input, rows: Rows) -> np.ndarray:
    values = np.column_stack([rows[column.name] for column in given.columns])
    return values.astype(np.int64 if given.columns[0].type == "int64" else np.float32)


def output(found: Found, values: np.ndarray, rows: int) -> Output:
    table = values.reshape(rows, -1)
    if found.role != "label":
        names = [f"probability_{name}" for name in found.classes] if found.classes else numbered(found.name, table.shape[1])
        return Output(names, found.role, table)
    if found.labels is not None and table.dtype.kind in "iu":
        table = np.array(found.labels, dtype=object)[table]
    return Output(["label"], "label", table, found.labels)
