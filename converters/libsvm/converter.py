"""The LibSVM converter: a .model file, read by ourselves, to raw ONNX; libsvm itself predicts the reference."""

from __future__ import annotations

from typing import Any

from predictable_facts.columns import Column
from predictable_facts.request import Request
from predictable_facts.rows import Rows, matrix
from predictable_facts.sample import column_names
from predictable_tabular.answer import Model, conversion_of, prediction_of
from predictable_tabular.made_up import made_up

from graph import build
from machine import Machine
from native import Native
from parse import parse


def convert(request: Request) -> dict[str, Any]:
    """The answer is `convertedSchema` of src/converters/answer.ts."""
    return conversion_of(model_of(request), request)


def predict(request: Request) -> dict[str, Any]:
    """The answer is `predictedSchema` of src/converters/answer.ts."""
    return prediction_of(model_of(request), request)


def warm() -> None:
    """Imports what a conversion otherwise imports late, so that a new environment has it compiled."""
    import libsvm.svm  # noqa: F401


def model_of(request: Request) -> Model:
    machine = parse(request["path"])
    # Columns behind the last index of the file are 0 in every support vector; only the user knows that they are there.
    names = column_names(machine.title, request, count=machine.width, more=True)
    precision = "double" if request["precision"] == "double" else "float"
    columns = [Column(name, at, "number", precision, False) for at, name in enumerate(names)]
    native = Native(request["path"], machine)
    return Model(
        title=machine.title,
        columns=columns,
        predict=lambda rows: native.outputs(matrix(columns, rows)),
        build=lambda graph, given: build(graph, machine.widened(len(given)), given),
        made_up=lambda count: near_vectors(machine.widened(len(columns)), columns, count),
        libraries={"libsvm": native.version},
    )


def near_vectors(machine: Machine, columns: list[Column], count: int) -> Rows:
    """Each value from some support vector, moved by a part of the column's spread: both sides of every boundary."""
    at = {column.name: index for index, column in enumerate(columns)}

    def number(column: Column, random: Any) -> Any:
        found = machine.vectors[:, at[column.name]]
        return random.choice(found, count) + random.standard_normal(count) * (0.3 * found.std() + 1e-3)

    return made_up(columns, count, number)
