"""The Spark ML converter: a PipelineModel folder to raw ONNX, written by ourselves; Spark itself predicts the reference."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_tabular.answer import Model, conversion_of, prediction_of

from build import build
from copied import plain_copy
from data import Data
from flow import plan
from folder import Stage, read_stages
from native import Native, load
from session import session
from synthetic import knowledge, synthetic_rows


def convert(request: Request) -> dict[str, Any]:
    """The answer is `convertedSchema` of src/converters/answer.ts."""
    return conversion_of(model_of(request), request)


def predict(request: Request) -> dict[str, Any]:
    """The answer is `predictedSchema` of src/converters/answer.ts."""
    return prediction_of(model_of(request), request)


def warm() -> None:
    """Imports what a conversion otherwise imports late, so that a new environment has it compiled."""
    import pyspark.ml.functions
    import pyspark.sql  # noqa: F401


def model_of(request: Request) -> Model:
    name = os.path.basename(request["path"])
    # What Spark reads is what was looked at.
    path = plain_copy(request["path"], request["work"])
    stages = read_stages(name, path)
    check(stages)
    spark, java = session()
    model = load(name, path)
    data = Data(spark, name)
    flow = plan(stages, data, request)
    native = Native(spark, model, flow, Path(request["work"]))
    return Model(
        title=f"Spark ML Pipeline({', '.join(stage.kind.removesuffix('Model') for stage in flow.shown)})",
        columns=flow.columns,
        predict=native.outputs,
        build=lambda graph, columns: build(graph, columns, flow, data),
        made_up=lambda count: synthetic_rows(flow, data, count),
        knowledge=knowledge(flow, data),
        steady=True,
        libraries={"pyspark": version("pyspark"), "java": java},
    )


def check(stages: list[Stage]) -> None:
    """What cannot be told apart from a prediction of its own. Raises UNSUPPORTED_MODEL."""
    for stage in stages:
        if stage.kind == "IndexToString" and not stage.params.get("labels"):
            message = "IndexToString takes its labels from the training data's metadata, which the saved model does not hold."
            raise ConverterError("UNSUPPORTED_MODEL", message, "Give it the labels: IndexToString(labels=…).", stage=stage.kind)
        if stage.params.get("predictionCol") == "":
            message = f"{stage.kind} gives no prediction: its predictionCol is empty."
            raise ConverterError("UNSUPPORTED_MODEL", message, "Name a predictionCol, and save the model again.", stage=stage.kind)
