"""What of a pipeline is needed for its prediction, and which columns it begins with."""

from __future__ import annotations

import math
from dataclasses import dataclass

from predictable_bridge.errors import ConverterError
from predictable_facts.columns import Column, unique
from predictable_facts.request import Request
from predictable_facts.sample import column_names

from data import Data
from folder import Stage

PREDICTORS = ("regression", "classification", "clustering")


@dataclass
class Flow:
    """`needed`: the stages that the outputs depend on. `last`: the predictor, or None; `names`: its labels as texts.

    `vector`: the name of a column of vectors, which is all that the pipeline begins with; else None.
    """

    needed: list[Stage]
    last: Stage | None
    named: Stage | None
    columns: list[Column]
    vector: str | None

    @property
    def shown(self) -> list[Stage]:
        return self.needed if self.named is None else [*self.needed, self.named]

    @property
    def outputs(self) -> list[str]:
        """Of a pipeline without a predictor."""
        return self.needed[-1].outputs


def plan(stages: list[Stage], data: Data, request: Request) -> Flow:
    predictors = [stage for stage in stages if stage.group in PREDICTORS]
    last = predictors[-1] if predictors else None
    named = None
    if last is not None:
        behind = stages[stages.index(last) + 1 :]
        named = next((stage for stage in behind if stage.kind == "IndexToString" and stage.inputs == [last.params["predictionCol"]]), None)
    needed = needed_for(stages, last or stages[-1])
    made = {name for stage in needed for name in stage.outputs}
    names = list(dict.fromkeys(name for stage in needed for name in stage.inputs if name not in made))
    precision = "double" if request["precision"] == "double" else "float"
    vectors = [name for name in names if any(takes_vector(stage) and name in stage.inputs for stage in needed)]
    if vectors:
        if len(names) > 1:
            message = f"The pipeline begins with vectors ({', '.join(vectors)}) beside other columns ({', '.join(names)})."
            raise ConverterError("UNSUPPORTED_MODEL", message, "Put the VectorAssembler into the pipeline.")
        width = data.width(next(stage for stage in needed if names[0] in stage.inputs))
        own = column_names("The pipeline begins with a vector. It", request, count=width)
        columns = [Column(name, at, "number", precision, False) for at, name in enumerate(own)]
        return Flow(needed, last, named, columns, names[0])
    given = column_names("The pipeline", request, own=unique(names))
    columns = [column(name, at, old, needed, data, precision) for at, (name, old) in enumerate(zip(given, names))]
    return Flow(needed, last, named, columns, None)


def needed_for(stages: list[Stage], last: Stage) -> list[Stage]:
    """Backwards from the last: a stage that indexes the label is none of them."""
    wanted, found = set(last.inputs), [last]
    for stage in reversed(stages[: stages.index(last)]):
        if wanted & set(stage.outputs):
            wanted |= set(stage.inputs)
            found.insert(0, stage)
    return found


def takes_vector(stage: Stage) -> bool:
    return stage.kind not in (
        "StringIndexerModel",
        "VectorAssembler",
        "ImputerModel",
        "Bucketizer",
        "OneHotEncoderModel",
        "Binarizer",
        "IndexToString",
    )


def column(name: str, at: int, old: str, needed: list[Stage], data: Data, precision: str) -> Column:
    """What the stages that read it allow; the strictest counts."""
    readers = [stage for stage in needed if old in stage.inputs]
    missing = all(takes_missing(stage) for stage in readers)
    texts = [stage for stage in readers if stage.kind == "StringIndexerModel"]
    if texts:
        if len(texts) < len(readers):
            message = f"Column {name} is text for one stage and a number for another."
            raise ConverterError("UNSUPPORTED_MODEL", message, "Give each stage a column of its own.")
        labels = list(dict.fromkeys(label for stage in texts for label in data.labels(stage)[stage.inputs.index(old)]))
        kept = all(stage.params["handleInvalid"] == "keep" for stage in texts)
        return Column(name, at, "category", "int64", missing, labels, "zeros" if kept else "error")
    within = None
    for stage in readers:
        low, high = bounds(stage, old, data)
        within = (low, high) if within is None else (max(low, within[0]), min(high, within[1]))
    whole = any(stage.kind == "OneHotEncoderModel" for stage in readers)
    unbounded = within is None or within == (-math.inf, math.inf)
    kind = "int64" if whole else precision
    return Column(name, at, "number", kind, missing and not whole, within=None if unbounded else within)


def takes_missing(stage: Stage) -> bool:
    if stage.kind == "ImputerModel":
        # Numbers that stand for missing values, as null does; NaN would stay.
        return math.isnan(float(stage.params["missingValue"]))
    return stage.params.get("handleInvalid") == "keep" and stage.kind != "OneHotEncoderModel"


def bounds(stage: Stage, name: str, data: Data) -> tuple[float, float]:
    at = stage.inputs.index(name)
    if stage.kind == "Bucketizer":
        splits = bucket_splits(stage)[at]
        return splits[0], splits[-1]
    if stage.kind == "OneHotEncoderModel":
        kept = stage.params["handleInvalid"] == "keep"
        return 0.0, math.inf if kept else float(data.sizes(stage)[at] - 1)
    return -math.inf, math.inf


def bucket_splits(stage: Stage) -> list[list[float]]:
    """JSON has no infinity, so Spark writes it as text."""
    found = stage.params.get("splitsArray") or [stage.params["splits"]]
    return [[float(str(split).replace("Infinity", "inf")) for split in splits] for splits in found]
