"""A model specification as coremltools reads it, and which kinds of it are converted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.reading import reading

INTACT_HINT = "Check that the file was copied whole, or save the model again with coremltools."
CONVERTED = {
    "glmClassifier": "GLM classifier",
    "glmRegressor": "GLM regressor",
    "treeEnsembleClassifier": "tree ensemble classifier",
    "treeEnsembleRegressor": "tree ensemble regressor",
    "supportVectorClassifier": "support vector classifier",
    "supportVectorRegressor": "support vector regressor",
    "neuralNetwork": "neural network",
    "neuralNetworkClassifier": "neural network classifier",
    "neuralNetworkRegressor": "neural network regressor",
    "pipeline": "pipeline",
    "pipelineClassifier": "pipeline",
    "pipelineRegressor": "pipeline",
    "scaler": "scaler",
    "normalizer": "normalizer",
    "imputer": "imputer",
    "featureVectorizer": "feature vectorizer",
}
# x ≤ t and x > t hold for the same float32 when t is rounded down; x < t and x ≥ t when it is rounded up.
ROUNDED_DOWN = (0, 3)
ROUNDED_UP = (1, 2)


def read_spec(path: str) -> Any:
    """Raises CORRUPT_MODEL or UNSUPPORTED_MODEL."""
    from coremltools.proto import Model_pb2

    spec = Model_pb2.Model()
    name = os.path.basename(path)
    with reading(name, corrupt), open(path, "rb") as file:
        spec.ParseFromString(file.read())
    kind = spec.WhichOneof("Type")
    if kind is None or not spec.description.input or not spec.description.output:
        raise ConverterError("CORRUPT_MODEL", f"{name} holds no CoreML model with inputs and outputs.", INTACT_HINT)
    for part in parts(spec):
        found = part.WhichOneof("Type")
        if found not in CONVERTED:
            what = "an ML program" if found == "mlProgram" else f"a {found}"
            inside = "is" if part is spec else "holds"
            message = f"{name} {inside} {what}, which is not converted."
            hint = "Convert the model that it was made from (PyTorch, TensorFlow, scikit-learn) instead."
            raise ConverterError("UNSUPPORTED_MODEL", message, hint)
        round_thresholds(part)
    return spec


def corrupt(name: str, reason: str) -> ConverterError:
    return ConverterError("CORRUPT_MODEL", f"{name} is no whole CoreML model: {reason}.", INTACT_HINT)


def parts(spec: Any) -> Iterator[Any]:
    """The model, and those inside a pipeline."""
    yield spec
    kind = spec.WhichOneof("Type") or ""
    if kind.startswith("pipeline"):
        inner = getattr(spec, kind)
        for model in (inner if kind == "pipeline" else inner.pipeline).models:
            yield from parts(model)


def round_thresholds(spec: Any) -> None:
    """CoreML compares doubles; in the graph both sides are float32."""
    kind = spec.WhichOneof("Type")
    if not kind.startswith("treeEnsemble"):
        return
    for node in getattr(spec, kind).treeEnsemble.nodes:
        single = np.float32(node.branchFeatureValue)
        if node.nodeBehavior in ROUNDED_DOWN and float(single) > node.branchFeatureValue:
            single = np.nextafter(single, np.float32(-np.inf))
        if node.nodeBehavior in ROUNDED_UP and float(single) < node.branchFeatureValue:
            single = np.nextafter(single, np.float32(np.inf))
        node.branchFeatureValue = float(single)


def title_of(spec: Any) -> str:
    names = [CONVERTED[part.WhichOneof("Type")] for part in parts(spec)]
    return f"CoreML {names[0]}" if len(names) == 1 else f"CoreML pipeline({', '.join(names[1:])})"


def labels_of(spec: Any) -> tuple[list[int] | None, list[str] | None]:
    """The classes of a classifier: whole numbers, or texts."""
    for part in reversed(list(parts(spec))):
        model = getattr(part, part.WhichOneof("Type"))
        if "ClassLabels" not in model.DESCRIPTOR.oneofs_by_name:
            continue
        kind = model.WhichOneof("ClassLabels")
        if kind == "int64ClassLabels":
            return [int(label) for label in model.int64ClassLabels.vector], None
        if kind == "stringClassLabels":
            return None, [str(label) for label in model.stringClassLabels.vector]
    return None, None
