"""The H2O converter: a MOJO, read by ourselves, to raw ONNX; H2O's own scorer, in Java, predicts the reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.columns import Column
from predictable_facts.knowledge import Knowledge
from predictable_facts.outputs import Output
from predictable_facts.reading import reading
from predictable_facts.request import Request
from predictable_facts.sample import column_names
from predictable_tabular.answer import Model, conversion_of, prediction_of

from forest import Forest, read_forest
from linear import Linear, read_linear
from mojo import Mojo, corrupt, read_mojo
from native import Native
from predictions import build
from synthetic import synthetic_rows, thresholds

READERS: dict[str, Callable[[Mojo], Forest | Linear]] = {"gbm": read_forest, "drf": read_forest, "glm": read_linear}


def convert(request: Request) -> dict[str, Any]:
    """The answer is `convertedSchema` of src/converters/answer.ts."""
    return conversion_of(model_of(request), request)


def predict(request: Request) -> dict[str, Any]:
    """The answer is `predictedSchema` of src/converters/answer.ts."""
    return prediction_of(model_of(request), request)


def model_of(request: Request) -> Model:
    mojo = read_mojo(request["path"])
    if request["precision"] == "double":
        message = f"{mojo.text('algorithm')} has no double precision in ONNX: H2O's splits are float32."
        raise ConverterError("UNSUPPORTED_TYPE", message, "Use --precision float.")
    inside = understood(mojo)
    names = column_names(mojo.text("algorithm"), request, own=mojo.columns[: mojo.features])
    missing = inside.accepts_missing
    columns = [make_column(name, at, mojo.domains.get(at), missing) for at, name in enumerate(names)]
    native = Native(request, mojo, columns)
    return Model(
        title=f"H2O {mojo.text('algorithm')}({inside.family})",
        columns=columns,
        predict=native.outputs,
        build=lambda graph, given: build(graph, mojo, inside, given),
        made_up=lambda count: synthetic_rows(inside, columns, count),
        libraries={"h2o": native.version, "java": native.java},
        tied_rows=ties if mojo.classes > 2 and inside.kind != "glm" else None,
        ties_broken_by="H2O chooses by a hash of the row",
        knowledge=Knowledge({column.name: thresholds(inside, at) for at, column in enumerate(columns)}),
        steady=True,
    )


def understood(mojo: Mojo) -> Forest | Linear:
    """Raises UNSUPPORTED_MODEL for what is not read exactly, and CORRUPT_MODEL."""
    read = READERS.get(mojo.text("algo"))
    if read is None:
        message = f"{mojo.name} is an H2O {mojo.text('algorithm', mojo.text('algo'))}, which is not converted."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Train a GBM, a Distributed Random Forest or a GLM.")
    for key, what in REFUSED.items():
        if mojo.text(key, "null") not in ("null", "", "false"):
            message = f"{mojo.name} {what}, which is not converted."
            raise ConverterError("UNSUPPORTED_MODEL", message, "Train without it.")
    if mojo.text("_genmodel_encoding", "AUTO") not in ("AUTO", "Enum"):
        message = f"{mojo.name} encodes its categories as {mojo.text('_genmodel_encoding')}, which is not converted."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Train with categorical_encoding AUTO.")
    with reading(mojo.name, corrupt):
        return read(mojo)


def make_column(name: str, at: int, levels: list[str] | None, missing: bool) -> Column:
    if levels is None:
        return Column(name, at, "number", "float", missing)
    return Column(name, at, "category", "int64", missing, levels, "zeros" if missing else "error")


def ties(outputs: list[Output]) -> np.ndarray:
    """Rows on which no class is likelier than all others (GenModel.getPredictionMultinomial)."""
    shares = np.sort(outputs[1].values, axis=1)
    return shares[:, -1] == shares[:, -2]


REFUSED = {"offset_column": "has an offset column", "fold_column_used": "uses a fold column"}
