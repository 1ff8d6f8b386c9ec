"""One way through a conversion for every booster: columns, rows, the original's predictions, the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.answer import Warnings, conversion, prediction, with_python, write_onnx
from predictable_facts.asking import Original, ask
from predictable_facts.columns import Column, check_sample, column_names
from predictable_facts.frames import read_columns
from predictable_facts.knowledge import Knowledge
from predictable_facts.outputs import Output, output_facts, with_free_names
from predictable_facts.reference import same_values, write_reference
from predictable_facts.request import Request
from predictable_facts.rows import Rows, rounded, sample_rows
from predictable_facts.widths import number_type
from predictable_graph.graph import TYPES
from predictable_trees.boosted import Boosted, Trait
from predictable_trees.ensemble import INPUT, EnsembleGraph
from predictable_trees.synthetic import synthetic_rows

Read = Callable[[Request], tuple[Boosted, Warnings]]


def convert(request: Request, read: Read) -> dict[str, Any]:
    """The answer to `convert`."""
    model, warnings = read(request)
    columns, reference, outputs = predicted(model, request, warnings)
    graph = EnsembleGraph(model.width, request, {column.at for column in columns if column.type == "double"})
    tensors = model.write(graph)
    for output, tensor in zip(outputs, tensors, strict=True):
        graph.output(tensor, TYPES["int64" if output.role == "label" else "float"])
    return conversion(
        title=model.title,
        libraries=with_python({**model.libraries(), "onnx": version("onnx")}),
        onnx=write_onnx(graph.model(), request),
        columns=columns,
        inputs=[{"tensor": INPUT, "columns": [column.name for column in columns]}],
        outputs=[output_facts(output, tensor) for output, tensor in zip(outputs, tensors)],
        reference=reference,
        warnings=warnings,
    )


def predict(request: Request, read: Read) -> dict[str, Any]:
    """The answer to `predict`."""
    model, warnings = read(request)
    _, reference, _ = predicted(model, request, warnings)
    return prediction(reference, warnings)


def predicted(model: Boosted, request: Request, warnings: Warnings) -> tuple[list[Column], dict[str, Any], list[Output]]:
    """The columns, the reference, and the outputs as the original gives them on rounded rows."""
    sample = None if request["sample"] is None else read_columns(request["sample"])
    columns, traits = plan_columns(model, request, sample)
    warnings += model.notes
    if sample is None:
        rows = synthetic_rows(model, columns, traits, request["syntheticRows"])
    else:
        rows, of_sample = sample_rows(columns, sample)
        warnings += of_sample

    def predict_rows(asked: Rows) -> list[Output]:
        return original(model, columns, asked)

    outputs = predict_rows(rounded(columns, rows)[0])
    library = Original(predict_rows, partial(synthetic_rows, model, columns, traits))
    asked = ask(request, columns, rows, outputs, library, knowledge_of(model, columns, traits))
    warnings += asked.warnings + with_free_names(asked.outputs, [column.name for column in columns])
    changed = rounded(columns, asked.rows)[1]
    unrounded = predict_rows(asked.rows) if changed and not model.rounds else None
    if unrounded is not None and same_values(unrounded, asked.outputs):
        unrounded = None
    return columns, write_reference(request, asked.rows, asked.outputs, unrounded, float32=model.float32, **asked.facts), asked.outputs


def knowledge_of(model: Boosted, columns: list[Column], traits: list[Trait]) -> Knowledge:
    empty = (np.zeros(0, dtype=np.int64), np.zeros(0))
    features, thresholds = (np.concatenate(parts) for parts in zip(empty, *model.thresholds(), *bounds_of_regions(model)))
    numbers = [column for column in columns if not column.text]
    return Knowledge(
        thresholds={column.name: thresholds[features == column.at] for column in numbers},
        codes={column.name: [float(code) for code in traits[column.at].codes or []] for column in numbers},
    )


def bounds_of_regions(model: Boosted) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(feature, bound) of the nodes that split by regions, as where zero is missing."""
    for tree in model.trees:
        for node, split in tree.regions.items():
            yield np.full(len(split.bounds), tree.feature[node]), np.array(split.bounds, dtype=np.float64)


def plan_columns(model: Boosted, request: Request, sample: Rows | None) -> tuple[list[Column], list[Trait]]:
    names = column_names(model.title, model.own, model.width, request["columns"], sample)
    if sample is not None:
        check_sample(names, list(sample))
    sampled = None if sample is None else [sample[name] for name in names]
    traits = model.traits(sampled)
    columns = []
    for at, (name, trait) in enumerate(zip(names, traits, strict=True)):
        own = None if sampled is None else sampled[at]
        columns.append(make_column(name, at, trait, own, number_type(request, name, own, not model.rounds)))
    return columns, traits


def make_column(name: str, at: int, trait: Trait, sampled: np.ndarray | None, number: str) -> Column:
    if trait.categories is not None:
        return Column(name, at, "category", "int64", trait.accepts_missing, trait.categories, trait.unknown)
    if sampled is not None and sampled.dtype == object and any(value is not None for value in sampled):
        message = f"Column {name} holds text in the sample, where the model takes a number."
        raise ConverterError("COLUMN_MISMATCH", message, "Correct the sample: rows as the model was trained on them.")
    if trait.exact:
        return Column(name, at, "number", "int64", False)
    return Column(name, at, "number", number, trait.accepts_missing)


def original(model: Boosted, columns: list[Column], rows: Rows) -> list[Output]:
    try:
        return model.predict([rows[column.name] for column in columns])
    except (ConverterError, MemoryError):
        raise
    except Exception as error:
        message = f"{model.title} itself fails on these rows: {type(error).__name__}: {str(error).splitlines()[0]}"
        hint = "Give a sample with rows like those that the model was trained on: --sample."
        raise ConverterError("COLUMN_MISMATCH", message, hint) from error
