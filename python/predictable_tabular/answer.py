"""A loaded model as the bridge's answer: reference rows written, ONNX written, facts gathered."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

import numpy as np

from predictable_facts.columns import Column
from predictable_facts.frames import write_frame
from predictable_facts.outputs import Output, output_columns, output_facts, with_free_names
from predictable_facts.rows import Rows, rounded
from predictable_facts.sample import sample_rows
from predictable_graph.graph import Graph


@dataclass
class Model:
    """`predict`: the original's own predictions. `build`: writes the nodes. `made_up`: rows where there is no sample.

    `wider`: whether the original works with more digits than a real column holds. `undecided`: rows whose label the
    original draws between classes that are equally likely, as a mask; `undecided_by` says how.
    """

    title: str
    columns: list[Column]
    predict: Callable[[Rows], list[Output]]
    build: Callable[[Graph, list[Column]], Any]
    made_up: Callable[[int], Rows]
    libraries: dict[str, str]
    warnings: list[dict[str, str]] = field(default_factory=list)
    wider: bool = True
    undecided: Callable[[list[Output]], np.ndarray] | None = None
    undecided_by: str = ""


def converted(model: Model, request: dict[str, Any]) -> dict[str, Any]:
    """`convertedSchema` of src/convert/envelope.ts."""
    reference, outputs = predicted(model, request)
    graph = Graph(request["opsets"], request["ir"])
    inputs, tensors = model.build(graph, model.columns)
    for name, kind in tensors:
        graph.output(name, kind)
    return {
        "model": model.title,
        "libraries": {"python": platform.python_version(), **model.libraries, "numpy": np.__version__},
        "onnx": graph.write(Path(request["work"]) / "raw.onnx"),
        "columns": [column.facts() for column in model.columns],
        "inputs": inputs,
        "outputs": [output_facts(output, name) for output, (name, _) in zip(outputs, tensors, strict=True)],
        "reference": reference,
        "warnings": model.warnings,
    }


def referred(model: Model, request: dict[str, Any]) -> dict[str, Any]:
    """`predictedSchema` of src/convert/envelope.ts."""
    reference, _ = predicted(model, request)
    return {"reference": reference, "warnings": model.warnings}


def predicted(model: Model, request: dict[str, Any]) -> tuple[dict[str, Any], list[Output]]:
    """The reference files, and the outputs as the original gives them on rounded rows."""
    if request["sample"] is None:
        rows, source = model.made_up(request["syntheticRows"]), "synthetic"
    else:
        rows, found = sample_rows(model.columns, request)
        model.warnings += found
        source = "sample"
    seen, changed = rounded(model.columns, rows)
    outputs = model.predict(seen)
    if model.undecided is not None:
        rows, seen, outputs = decided(model, rows, seen, outputs)
    model.warnings += with_free_names(outputs, [column.name for column in model.columns])
    folder = Path(request["work"])
    write_frame(str(folder / "rows"), rows)
    write_frame(str(folder / "expected"), output_columns(outputs))
    reference = {"rows": str(folder / "rows"), "rowsSource": source, "expected": str(folder / "expected")}
    reference["expectedUnrounded"] = None
    if changed and model.wider:
        exact = model.predict(rows)
        for output, named in zip(exact, outputs, strict=True):
            output.names = named.names
        write_frame(str(folder / "unrounded"), output_columns(exact))
        reference["expectedUnrounded"] = str(folder / "unrounded")
    return reference, outputs


def decided(model: Model, rows: Rows, seen: Rows, outputs: list[Output]) -> tuple[Rows, Rows, list[Output]]:
    """Without the rows that the original decides by a draw, which no table of numbers repeats."""
    drawn = model.undecided(outputs)  # type: ignore[misc]
    if not drawn.any() or drawn.all():
        return rows, seen, outputs
    message = (
        f"{int(drawn.sum())} of {len(drawn)} rows are left out: two classes are equally likely there, between which "
        f"{model.undecided_by}; the ONNX model takes the first"
    )
    model.warnings.append({"code": "LABEL_TIES", "message": message})
    for output in outputs:
        output.values = output.values[~drawn]
    kept = ({name: values[~drawn] for name, values in table.items()} for table in (rows, seen))
    return (*kept, outputs)  # type: ignore[return-value]
