"""A PipelineModel folder: the metadata of its stages as JSON, checked before Spark reads any of it."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from predictable_bridge.errors import ConverterError

PACKAGE = "org.apache.spark.ml."
# As plain text: of a compressed one Spark would read something else.
METADATA = re.compile(r"part-\d+(?:-[\w-]+)?(?:\.txt)?")
INTACT_HINT = "Check that the folder was copied whole, with its metadata and stages, or save the model again."
SUPPORTED = {
    "feature": {
        "Binarizer", "Bucketizer", "ElementwiseProduct", "ImputerModel", "IndexToString", "MaxAbsScalerModel", "MinMaxScalerModel",
        "Normalizer", "OneHotEncoderModel", "PCAModel", "RobustScalerModel", "StandardScalerModel", "StringIndexerModel",
        "VectorAssembler",
    },
    "regression": {
        "DecisionTreeRegressionModel", "GBTRegressionModel", "LinearRegressionModel", "RandomForestRegressionModel",
    },
    "classification": {
        "DecisionTreeClassificationModel", "GBTClassificationModel", "LinearSVCModel", "LogisticRegressionModel",
        "RandomForestClassificationModel",
    },
    "clustering": {"KMeansModel"},
}  # fmt: skip


@dataclass
class Stage:
    """`kind`: the class without its package; `params`: those that were set, over the defaults; `more`: what stands beside them."""

    kind: str
    group: str
    folder: Path
    params: dict[str, Any]
    more: dict[str, Any]

    @property
    def inputs(self) -> list[str]:
        if self.group != "feature":
            return [self.params["featuresCol"]]
        return self.several("inputCols", "inputCol")

    @property
    def outputs(self) -> list[str]:
        if self.group == "feature":
            return self.several("outputCols", "outputCol")
        names = ("predictionCol", "probabilityCol", "rawPredictionCol")
        return [self.params[name] for name in names if self.params.get(name)]

    def several(self, many: str, one: str) -> list[str]:
        found = self.params.get(many)
        return list(found) if found else [self.params[one]]


def read_stages(path: str) -> list[Stage]:
    """The stages in order, pipelines inside unfolded. Raises CORRUPT_MODEL or UNSUPPORTED_MODEL."""
    name = os.path.basename(path)
    try:
        return unfolded(name, Path(path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise corrupt(name, f"{type(error).__name__}: {error}") from error


def unfolded(name: str, folder: Path) -> list[Stage]:
    metadata = read_metadata(name, folder)
    if metadata["class"] != "org.apache.spark.ml.PipelineModel":
        return [read_stage(name, folder, metadata)]
    uids = metadata["paramMap"]["stageUids"]
    width = len(str(len(uids)))
    stages = []
    for at, uid in enumerate(uids):
        # The same form as Pipeline.SharedReadWrite.getStagePath.
        inside = folder / "stages" / f"{at:0{width}d}_{uid}"
        if inside.parent != folder / "stages" or not inside.is_dir():
            raise corrupt(name, f"it has no stage {at} ({uid})")
        stages += unfolded(name, inside)
    if not stages:
        raise corrupt(name, "it has no stages")
    return stages


def read_metadata(name: str, folder: Path) -> dict[str, Any]:
    """Spark reads the first line of all files that are not hidden: there must be one of each, or another one than this might count."""
    files = [file for file in (folder / "metadata").iterdir() if not file.name.startswith((".", "_"))]
    if len(files) != 1 or not METADATA.fullmatch(files[0].name):
        raise corrupt(name, f"{folder.name} has no metadata, or more than its own")
    lines = [line for line in re.split(r"[\r\n]+", files[0].read_text("utf-8")) if line.strip()]
    if len(lines) != 1:
        raise corrupt(name, f"the metadata of {folder.name} are not one line")
    metadata = json.loads(lines[0])
    if metadata["paramMap"].get("language", "Java") != "Java":
        message = f"{name} is a pipeline in {metadata['paramMap']['language']}, whose stages' modules would be imported by name."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Build it of Spark's own stages, and save it again.")
    return metadata


def read_stage(name: str, folder: Path, metadata: dict[str, Any]) -> Stage:
    package, _, kind = str(metadata["class"]).rpartition(".")
    own, group = package[: len(PACKAGE)] == PACKAGE, package[len(PACKAGE) :]
    if not own or kind not in SUPPORTED.get(group, ()):
        message = f"{name} has the stage {metadata['class']}, which is not converted."
        hint = "Stages that are: " + ", ".join(sorted(kind for kinds in SUPPORTED.values() for kind in kinds)) + "."
        raise ConverterError("UNSUPPORTED_MODEL", message, hint, stage=kind)
    params = {**metadata.get("defaultParamMap", {}), **metadata["paramMap"]}
    return Stage(kind, group, folder, params, metadata)


def corrupt(name: str, why: str) -> ConverterError:
    return ConverterError("CORRUPT_MODEL", f"{name} is no whole PipelineModel: {why}.", INTACT_HINT)
