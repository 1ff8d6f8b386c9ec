"""Stages that make columns of columns, as nodes; the arithmetic is that of Spark's own transform."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_facts.columns import MISSING_TEXT
from predictable_graph.graph import ML

from context import Context
from flow import bucket_splits
from folder import Stage


def assembled(context: Context, stage: Stage) -> None:
    context.values[stage.outputs[0]] = context.graph.join([context.values[name] for name in stage.inputs])


def indexed(context: Context, stage: Stage) -> None:
    """A text's place among the labels; behind the last for what is missing or unknown, where that is kept."""
    for at, (name, output) in enumerate(zip(stage.inputs, stage.outputs)):
        labels = context.data.labels(stage)[at]
        codes = context.graph.emit(
            "LabelEncoder",
            [context.values[name]],
            ML,
            keys_strings=[*labels, MISSING_TEXT],
            values_int64s=[*range(len(labels)), len(labels)],
            default_int64=len(labels),
        )
        context.values[output] = context.graph.cast(codes, "double")


def one_hot(context: Context, stage: Stage) -> None:
    """As OneHotEncoderModel does: an invalid one is a category of its own where it is kept, and the last is dropped."""
    graph, kept, dropped = context.graph, stage.params["handleInvalid"] == "keep", bool(stage.params["dropLast"])
    for size, name, output in zip(context.data.sizes(stage), stage.inputs, stage.outputs):
        width = size + int(kept) - int(dropped)
        codes = graph.emit("Min", [context.values[name], graph.constant([float(size)])])
        same = graph.emit("Equal", [graph.cast(codes, "int64"), graph.constant([list(range(width))], np.int64)])
        context.values[output] = graph.cast(same, "double")


def buckets(context: Context, stage: Stage) -> None:
    """The number of inner splits at or below a value; one bucket more for what is missing, where that is kept."""
    graph = context.graph
    for splits, name, output in zip(bucket_splits(stage), stage.inputs, stage.outputs):
        value = context.values[name]
        inner = graph.constant([splits[1:-1]])
        reached = graph.cast(graph.emit("Not", [graph.emit("Less", [value, inner])]), "float")
        bucket = graph.cast(graph.total(reached), "double")
        if stage.params["handleInvalid"] == "keep":
            bucket = graph.either(missing(context, value), graph.constant([float(len(splits) - 1)]), bucket, 1)
        context.values[output] = bucket
        if np.isfinite(splits[0]):
            context.stopped.append(graph.emit("Less", [value, graph.constant([splits[0]])]))
        if np.isfinite(splits[-1]):
            context.stopped.append(graph.emit("Greater", [value, graph.constant([splits[-1]])]))


def imputed(context: Context, stage: Stage) -> None:
    graph, surrogates = context.graph, context.data.row(stage)
    placeholder = float(stage.params["missingValue"])
    for name, output in zip(stage.inputs, stage.outputs):
        value = context.values[name]
        gone = missing(context, value) if np.isnan(placeholder) else graph.emit("Equal", [value, graph.constant([placeholder])])
        context.values[output] = graph.either(gone, graph.constant([float(surrogates[name])]), value, 1)


def missing(context: Context, value: str) -> str:
    """ONNX Runtime has IsNaN for float alone; only NaN differs from itself."""
    return context.graph.emit("Not", [context.graph.emit("Equal", [value, value])])


def binarized(context: Context, stage: Stage) -> None:
    thresholds = stage.params.get("thresholds") or [stage.params["threshold"]] * len(stage.inputs)
    for threshold, name, output in zip(thresholds, stage.inputs, stage.outputs):
        above = context.graph.emit("Greater", [context.values[name], context.graph.constant([float(threshold)])])
        context.values[output] = context.graph.cast(above, "double")


def scaled(context: Context, stage: Stage, factor: np.ndarray, shift: np.ndarray | None = None) -> None:
    """(x − shift) · factor."""
    graph, value = context.graph, context.values[stage.inputs[0]]
    if shift is not None:
        value = graph.emit("Sub", [value, graph.constant(shift.reshape(1, -1))])
    context.values[stage.outputs[0]] = graph.emit("Mul", [value, graph.constant(factor.reshape(1, -1))])


def standard(context: Context, stage: Stage) -> None:
    row = context.data.row(stage)
    mean = row["mean"].toArray() if stage.params["withMean"] else None
    factor = inverse(row["std"].toArray()) if stage.params["withStd"] else np.ones(len(row["mean"]))
    scaled(context, stage, factor, mean)


def robust(context: Context, stage: Stage) -> None:
    row = context.data.row(stage)
    median = row["median"].toArray() if stage.params["withCentering"] else None
    factor = inverse(row["range"].toArray()) if stage.params["withScaling"] else np.ones(len(row["median"]))
    scaled(context, stage, factor, median)


def max_abs(context: Context, stage: Stage) -> None:
    most = context.data.row(stage)["maxAbs"].toArray()
    scaled(context, stage, 1 / np.where(most == 0, 1.0, most))


def inverse(values: np.ndarray) -> np.ndarray:
    """A column that never varied becomes 0."""
    return np.where(values == 0, 0.0, 1 / np.where(values == 0, 1.0, values))


def min_max(context: Context, stage: Stage) -> None:
    """(x − low) / (high − low) · (max − min) + min; a column that never varied is in the middle."""
    row, graph = context.data.row(stage), context.graph
    low, high = row["originalMin"].toArray(), row["originalMax"].toArray()
    least, most = float(stage.params["min"]), float(stage.params["max"])
    varies = high != low
    factor = np.where(varies, 1 / np.where(varies, high - low, 1.0), 0.0)
    scaled(context, stage, factor * (most - least), low)
    offset = np.where(varies, least, 0.5 * (most - least) + least)
    context.values[stage.outputs[0]] = graph.emit("Add", [context.values[stage.outputs[0]], graph.constant(offset.reshape(1, -1))])


def normalized(context: Context, stage: Stage) -> None:
    """Divided by its norm."""
    graph, value, p = context.graph, context.values[stage.inputs[0]], float(str(stage.params["p"]).replace("Infinity", "inf"))
    size = graph.emit("Abs", [value])
    if np.isinf(p):
        norm = graph.emit("ReduceMax", [size], axes=[1], keepdims=1)
    else:
        powers = size if p == 1 else graph.emit("Pow", [size, graph.constant([p])])
        norm = graph.total(powers)
        norm = norm if p == 1 else graph.emit("Pow", [norm, graph.constant([1 / p])])
    # A row of zeros has no length, and is divided by 1.
    norm = graph.emit("Add", [norm, graph.cast(graph.emit("Equal", [norm, graph.constant([0.0])]), "double")])
    context.values[stage.outputs[0]] = graph.emit("Div", [value, norm])


def product(context: Context, stage: Stage) -> None:
    values: Any = stage.params["scalingVec"]
    scaled(context, stage, np.array(values["values"], dtype=np.float64))


def components(context: Context, stage: Stage) -> None:
    matrix = context.data.row(stage)["pc"].toArray()
    context.values[stage.outputs[0]] = context.graph.emit("MatMul", [context.values[stage.inputs[0]], context.graph.constant(matrix)])


FEATURES = {
    "Binarizer": binarized,
    "Bucketizer": buckets,
    "ElementwiseProduct": product,
    "ImputerModel": imputed,
    "MaxAbsScalerModel": max_abs,
    "MinMaxScalerModel": min_max,
    "Normalizer": normalized,
    "OneHotEncoderModel": one_hot,
    "PCAModel": components,
    "RobustScalerModel": robust,
    "StandardScalerModel": standard,
    "StringIndexerModel": indexed,
    "VectorAssembler": assembled,
}
