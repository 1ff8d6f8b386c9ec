"""Spark's own predictions: the pipeline, loaded as Spark loads it, over the rows as one partition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.outputs import Output, label, probabilities, value
from predictable_facts.rows import Rows, matrix

from build import names_of
from flow import Flow
from folder import corrupt


def load(name: str, path: Path) -> Any:
    """`name`: the user's. Raises CORRUPT_MODEL. The classes that the folder names must have been checked: loading looks them up."""
    from pyspark.ml import PipelineModel

    try:
        return PipelineModel.load(str(path))
    except Exception as error:
        lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
        raise corrupt(name, f"Spark itself cannot load it ({lines[0][:200]})") from error


class Native:
    def __init__(self, spark: Any, model: Any, flow: Flow, work: Path) -> None:
        self.spark, self.model, self.flow, self.work = spark, model, flow, work

    def outputs(self, rows: Rows) -> list[Output]:
        last, named = self.flow.last, self.flow.named
        if last is None:
            found = self.collected(rows, self.flow.outputs)
            outputs = []
            for name, values in zip(self.flow.outputs, found):
                table = np.array([cell.toArray() if hasattr(cell, "toArray") else [cell] for cell in values], dtype=np.float64)
                names = [name] if table.shape[1] == 1 else [f"{name}_{at + 1}" for at in range(table.shape[1])]
                outputs.append(Output(names, "value", table))
            return outputs
        prediction = last.params["predictionCol"]
        if last.group == "regression":
            return [value(np.array(self.collected(rows, [prediction])[0], dtype=np.float64))]
        if last.group == "clustering":
            return [label(np.array(self.collected(rows, [prediction])[0]))]
        second: Any = last.params.get("probabilityCol") if last.kind != "LinearSVCModel" else last.params["rawPredictionCol"]
        codes, numbers = self.collected(rows, [prediction, second])
        table = np.array([cell.toArray() for cell in numbers])
        labels = None if named is None else [str(text) for text in named.params["labels"]]
        labelled = label(np.array(codes), labels)
        if last.kind == "LinearSVCModel":
            return [labelled, value(table[:, 1], "score", "score")]
        return [labelled, probabilities(table, labels or list(range(table.shape[1])))]

    def collected(self, rows: Rows, names: list[str]) -> list[list[Any]]:
        """Raises COLUMN_MISMATCH where Spark itself fails."""
        try:
            found = self.model.transform(self.frame(rows)).select(*names).collect()
        except Exception as error:
            lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
            message = f"Spark itself fails on these rows: {lines[0][:300]}"
            raise ConverterError("COLUMN_MISMATCH", message, "Give rows like those that the model was trained on: --sample.") from error
        if len(found) != len(next(iter(rows.values()))):
            message = "Spark itself leaves rows out of its predictions (handleInvalid is skip)."
            raise ConverterError("COLUMN_MISMATCH", message, "Give a sample without missing values and unknown categories.")
        return [list(column) for column in zip(*found)]

    def frame(self, rows: Rows) -> Any:
        """By way of a JSON file, which only Java reads: rows of Python would start Python workers."""
        from pyspark.ml.functions import array_to_vector
        from pyspark.sql.types import ArrayType, DoubleType, StringType, StructField, StructType

        columns, vector = self.flow.columns, self.flow.vector
        names = [vector] if vector is not None else names_of(self.flow)
        if vector is not None:
            fields = [StructField(vector, ArrayType(DoubleType()))]
            table = [[row] for row in matrix(columns, rows).tolist()]
        else:
            fields = [StructField(name, StringType() if given.text else DoubleType()) for name, given in zip(names, columns)]
            cells = [list(rows[given.name]) if given.text else rows[given.name].astype(np.float64).tolist() for given in columns]
            table = [list(row) for row in zip(*cells)]
        file = self.work / f"rows-{len(list(self.work.iterdir()))}.json"
        file.write_text("".join(json.dumps(dict(zip(names, row))) + "\n" for row in table), "utf-8")
        frame = self.spark.read.schema(StructType(fields)).json(str(file)).coalesce(1)
        return frame if vector is None else frame.withColumn(vector, array_to_vector(vector))
