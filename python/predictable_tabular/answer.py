"""A loaded model as the bridge's answer: reference rows written, ONNX written, facts gathered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from predictable_facts.answer import conversion, prediction, with_python, write_onnx
from predictable_facts.asking import Original, ask
from predictable_facts.columns import Column
from predictable_facts.knowledge import Knowledge
from predictable_facts.outputs import Output, output_facts, with_free_names
from predictable_facts.reference import write_reference
from predictable_facts.request import Request
from predictable_facts.rows import Rows, rounded
from predictable_facts.sample import sample_rows
from predictable_graph.graph import Graph


@dataclass
class Model:
    """`predict`: the original's own predictions. `build`: writes the nodes. `made_up`: rows where there is no sample.

    `wider`: whether the original works with more digits than a real column holds. `tied_rows`: a mask of the rows whose label
    the original draws between classes that are equally likely; `ties_broken_by`: how it draws. `knowledge`: where probe rows look first.
    `steady`: whether the original is known to predict each row by itself.
    """

    title: str
    columns: list[Column]
    predict: Callable[[Rows], list[Output]]
    build: Callable[[Graph, list[Column]], Any]
    made_up: Callable[[int], Rows]
    libraries: dict[str, str]
    warnings: list[dict[str, str]] = field(default_factory=list)
    wider: bool = True
    tied_rows: Callable[[list[Output]], np.ndarray] | None = None
    ties_broken_by: str = ""
    knowledge: Knowledge = field(default_factory=Knowledge)
    steady: bool = False


def conversion_of(model: Model, request: Request) -> dict[str, Any]:
    """The answer to `convert`."""
    reference, outputs = predict(model, request)
    graph = Graph(request["opsets"], request["ir"])
    inputs, tensors = model.build(graph, model.columns)
    for name, kind in tensors:
        graph.output(name, kind)
    return conversion(
        title=model.title,
        libraries=with_python(model.libraries),
        onnx=write_onnx(graph.model(), request),
        columns=model.columns,
        inputs=inputs,
        outputs=[output_facts(output, name) for output, (name, _) in zip(outputs, tensors, strict=True)],
        reference=reference,
        warnings=model.warnings,
    )


def prediction_of(model: Model, request: Request) -> dict[str, Any]:
    """The answer to `predict`."""
    reference, _ = predict(model, request)
    return prediction(reference, model.warnings)


def predict(model: Model, request: Request) -> tuple[dict[str, Any], list[Output]]:
    """The reference, and the outputs as the original gives them on rounded rows."""
    if request["sample"] is None:
        rows = model.made_up(request["syntheticRows"])
    else:
        rows, warnings = sample_rows(model.columns, request)
        model.warnings += warnings
    outputs = model.predict(rounded(model.columns, rows)[0])
    if model.tied_rows is not None:
        rows, outputs = without_rows(model, rows, outputs, model.tied_rows(outputs))
    asked = ask(request, model.columns, rows, outputs, original(model), model.knowledge)
    model.warnings += asked.warnings + with_free_names(asked.outputs, [column.name for column in model.columns])
    changed = rounded(model.columns, asked.rows)[1]
    unrounded = model.predict(asked.rows) if changed and model.wider else None
    return write_reference(request, asked.rows, asked.outputs, unrounded, **asked.facts), asked.outputs


def original(model: Model) -> Original[Output]:
    tied = model.tied_rows
    drawn = None if tied is None else lambda rows, outputs: tied(outputs)
    return Original(model.predict, model.made_up, drawn, model.steady)


def without_rows(model: Model, rows: Rows, outputs: list[Output], tied: np.ndarray) -> tuple[Rows, list[Output]]:
    """Leaves out the rows that the original decides by a draw, which no graph repeats; none where all rows are such."""
    if not tied.any() or tied.all():
        return rows, outputs
    message = (
        f"{int(tied.sum())} of {len(tied)} rows are left out: two classes are equally likely there, between which "
        f"{model.ties_broken_by}; the ONNX model takes the first"
    )
    model.warnings.append({"code": "LABEL_TIES", "message": message})
    for output in outputs:
        output.values = output.values[~tied]
    return {name: values[~tied] for name, values in rows.items()}, outputs
