"""A PipelineModel folder: the metadata of its stages as JSON, checked before Spark reads any of it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.reading import reading

PACKAGE = "org.apache.spark.ml."
# As plain text: of a compressed one Spark would read something else.
METADATA = re.compile(r"part-[0-9]+(?:-[A-Za-z0-9_-]+)?(?:\.txt)?")
# Spark reads a stage's path as a pattern: of `0_B[x]` it loads `0_Bx`.
PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
LONGEST_SHOWN = 120
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


def read_stages(name: str, folder: Path) -> list[Stage]:
    """The stages in order, pipelines inside unfolded; `name` is the user's. Raises CORRUPT_MODEL or UNSUPPORTED_MODEL."""
    with reading(name, corrupt):
        return unfolded(name, folder)


def unfolded(name: str, folder: Path) -> list[Stage]:
    metadata = read_metadata(name, folder)
    if metadata["class"] != "org.apache.spark.ml.PipelineModel":
        if (folder / "stages").exists():
            raise corrupt(name, f"{shown(metadata['class'])} has stages, and is no pipeline")
        return [read_stage(name, folder, metadata)]
    uids = metadata["paramMap"]["stageUids"]
    for at, uid in enumerate(uids):
        if not isinstance(uid, str) or not PLAIN.fullmatch(uid):
            raise corrupt(name, f"the uid {shown(uid)} of stage {at} holds more than letters, digits, dots, hyphens and underscores")
    # The same form as Pipeline.SharedReadWrite.getStagePath.
    names = [f"{at:0{len(str(len(uids)))}d}_{uid}" for at, uid in enumerate(uids)]
    there = {each.name for each in (folder / "stages").iterdir()}
    for at, each in enumerate(names):
        if each not in there:
            raise corrupt(name, f"it has no stage {at} ({shown(uids[at])})")
    if there != set(names):
        raise corrupt(name, f"its metadata know nothing of the stage {shown(min(there - set(names)))}")
    if not names:
        raise corrupt(name, "it has no stages")
    return [stage for each in names for stage in unfolded(name, folder / "stages" / each)]


def read_metadata(name: str, folder: Path) -> dict[str, Any]:
    """Spark reads the first line of all files that are not hidden: there must be one of each, or another one than this might count."""
    files = [file for file in (folder / "metadata").iterdir() if not file.name.startswith((".", "_"))]
    if len(files) != 1 or not METADATA.fullmatch(files[0].name):
        raise corrupt(name, f"{folder.name} has no metadata, or more than its own")
    lines = [line for line in re.split(r"[\r\n]+", files[0].read_text("utf-8")) if line.strip()]
    if len(lines) != 1:
        raise corrupt(name, f"the metadata of {folder.name} are not one line")
    metadata = json.loads(lines[0], object_pairs_hook=once)
    if not isinstance(metadata["class"], str):
        raise corrupt(name, f"the class {shown(metadata['class'])} of {folder.name} is no name")
    if metadata["paramMap"].get("language", "Java") != "Java":
        message = f"{name} is a pipeline in {shown(metadata['paramMap']['language'])}, whose stages' modules would be imported by name."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Build it of Spark's own stages, and save it again.")
    return metadata


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a name that is there twice Python takes the last, and others the first."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


def read_stage(name: str, folder: Path, metadata: dict[str, Any]) -> Stage:
    package, _, kind = metadata["class"].rpartition(".")
    own, group = package[: len(PACKAGE)] == PACKAGE, package[len(PACKAGE) :]
    if not own or kind not in SUPPORTED.get(group, ()):
        message = f"{name} has the stage {shown(metadata['class'])}, which is not converted."
        hint = "Stages that are: " + ", ".join(sorted(kind for kinds in SUPPORTED.values() for kind in kinds)) + "."
        raise ConverterError("UNSUPPORTED_MODEL", message, hint, stage=kind)
    params = {**metadata.get("defaultParamMap", {}), **metadata["paramMap"]}
    return Stage(kind, group, folder, params, metadata)


def corrupt(name: str, why: str) -> ConverterError:
    return ConverterError("CORRUPT_MODEL", f"{name} is no whole PipelineModel: {why}.", INTACT_HINT)


def shown(value: Any) -> str:
    """For a message: the beginning of what a file says, in one line."""
    text = "".join(each if each.isprintable() else " " for each in str(value)[:LONGEST_SHOWN])
    return text if len(str(value)) <= LONGEST_SHOWN else f"{text}…"
