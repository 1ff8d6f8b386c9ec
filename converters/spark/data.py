"""The tables of a PipelineModel's stages (parquet), read by Spark once for each that is asked for."""

from __future__ import annotations

from typing import Any

from folder import Stage, corrupt


class Data:
    def __init__(self, spark: Any, name: str) -> None:
        self.spark, self.name = spark, name
        self.tables: dict[tuple[str, str], list[Any]] = {}

    def rows(self, stage: Stage, table: str = "data") -> list[Any]:
        """Raises CORRUPT_MODEL."""
        key = (str(stage.folder), table)
        if key not in self.tables:
            try:
                self.tables[key] = self.spark.read.parquet(str(stage.folder / table)).collect()
            except Exception as error:
                reason = str(error).strip().splitlines()[0][:200]
                raise corrupt(self.name, f"{stage.kind}'s {table} cannot be read ({reason})") from error
            if not self.tables[key]:
                raise corrupt(self.name, f"{stage.kind}'s {table} is empty")
        return self.tables[key]

    def row(self, stage: Stage) -> Any:
        return self.rows(stage)[0]

    def labels(self, stage: Stage) -> list[list[str]]:
        row = self.row(stage)
        return [list(labels) for labels in (row["labelsArray"] if "labelsArray" in row else [row["labels"]])]

    def sizes(self, stage: Stage) -> list[int]:
        return [int(size) for size in self.row(stage)["categorySizes"]]

    def width(self, stage: Stage) -> int:
        """Of the vectors that a stage takes."""
        if "numFeatures" in stage.more:
            return int(stage.more["numFeatures"])
        row = self.row(stage)
        for name in ("coefficients", "clusterCenter", "mean", "originalMin", "maxAbs", "median"):
            if name in row:
                return len(row[name])
        if "pc" in row:
            return row["pc"].numRows
        if "coefficientMatrix" in row:
            return row["coefficientMatrix"].numCols
        raise corrupt(self.name, f"{stage.kind} does not say how long its vectors are")
