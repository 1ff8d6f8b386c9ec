"""TensorFlow's own files to raw ONNX with tf2onnx: SavedModels, graphs, checkpoints of TensorFlow 1, and TensorFlow Lite.

Each is looked through before TensorFlow runs any of it; the reference is what TensorFlow itself predicts.
"""

from __future__ import annotations

import os
from typing import Any

from frameworks import import_tensorflow, import_tf2onnx, versions

import_tensorflow()

from predictable_bridge.errors import ConverterError  # noqa: E402
from predictable_facts.reading import reading  # noqa: E402
from predictable_facts.request import Request  # noqa: E402
from predictable_networks.answer import NamedOutput, Network, conversion_of, prediction_of  # noqa: E402
from predictable_networks.inputs import Input  # noqa: E402
from predictable_networks.tensorflow_setup import no_such_line  # noqa: E402

from checkpoint import open_checkpoint  # noqa: E402
from codes import allowed_codes  # noqa: E402
from exporting import given, predicted  # noqa: E402
from graph_file import open_graph  # noqa: E402
from lite import open_lite  # noqa: E402
from original import Original  # noqa: E402
from saved_model import open_saved_model  # noqa: E402

OPENED = {
    "tensorflow-savedmodel": open_saved_model,
    "tensorflow-graphdef": open_graph,
    "tensorflow-checkpoint": open_checkpoint,
    "tflite": open_lite,
}


def warm() -> None:
    import_tf2onnx()


def convert(request: Request) -> dict[str, Any]:
    """The answer is `convertedSchema` of src/converters/answer.ts."""
    original = load(request)
    model = original.export(request)
    return conversion_of(network_of(original, model), model, request)


def predict(request: Request) -> dict[str, Any]:
    """The answer is `predictedSchema` of src/converters/answer.ts. Rows that are made up need the codes that are in the graph."""
    original = load(request)
    return prediction_of(network_of(original, original.export(request)), request)


def load(request: Request) -> Original:
    """Raises CORRUPT_MODEL, and what the reader of its format does."""
    with reading(os.path.basename(request["path"]), corrupt):
        return OPENED[request["format"]](request)


def corrupt(name: str, reason: str) -> ConverterError:
    hint = "Check that all of it was copied whole, or save the model again."
    return ConverterError("CORRUPT_MODEL", f"{name} can't be read: {reason}.", hint)


def network_of(original: Original, model: Any) -> Network:
    within = allowed_codes(model)
    return Network(
        title=original.title,
        inputs=[Input(each.name, given(at), each.dtype, each.shape, within.get(given(at))) for at, each in enumerate(original.inputs)],
        outputs=[NamedOutput(each.name, predicted(at)) for at, each in enumerate(original.outputs)],
        predict=original.predict,
        libraries=versions(),
        warnings=original.warnings,
        no_such_line=no_such_line(),
    )
