"""A loaded model: its inputs and outputs in its own order, and what it predicts."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_facts.request import Request
from predictable_keras.files import KerasFile
from predictable_keras.signature import inputs_of, output_names, title_of

from frameworks import import_keras

# Rows that one call predicts: enough to be quick, few enough for the activations of images.
CHUNK = 512
# The newest that tf2onnx writes.
NEWEST_OPSET = 18


class Original:
    """`tensors`: how the outputs are called in every raw graph; inputs are called by `Input.tensor`."""

    def __init__(self, model: Any, file: KerasFile, request: Request) -> None:
        self.model, self.file = model, file
        self.inputs = inputs_of(model, file, request)
        self.outputs = output_names(model)
        self.tensors = [f"predicted_{at:04d}" for at in range(len(self.outputs))]
        self.title = title_of(model)
        # Models of a fixed number of rows take just that.
        self.rows = model.inputs[0].shape[0]

    def opset(self, request: Request) -> int:
        return min(request["opsets"][""], NEWEST_OPSET)

    def call(self, tensors: list[Any]) -> list[Any]:
        """In the structure that the model was built with: a list, a dictionary, or a single tensor."""
        tree = tree_of(self.file.generation)
        return tree.flatten(self.model(tree.pack_sequence_as(structure(self.model), tensors), training=False))

    def predict(self, arrays: dict[str, np.ndarray]) -> list[np.ndarray]:
        columns = [arrays[given.name] for given in self.inputs]
        count, size = len(columns[0]), self.rows or CHUNK
        parts = [self.predict_chunk([values[at : at + size] for values in columns]) for at in range(0, count, size)]
        return [np.concatenate(pieces) for pieces in zip(*parts)] if parts else self.predict_chunk(self.zeros(0))

    def predict_chunk(self, columns: list[np.ndarray]) -> list[np.ndarray]:
        import tensorflow as tf

        count = len(columns[0])
        short = (self.rows or count) - count
        padded = [np.concatenate([values, np.repeat(values[-1:], short, axis=0)]) for values in columns] if short else columns
        return [np.asarray(values)[:count] for values in self.call([tf.constant(values) for values in padded])]

    def zeros(self, count: int) -> list[np.ndarray]:
        return [np.zeros((count, *given.shape), given.dtype) for given in self.inputs]


def structure(model: Any) -> Any:
    # A Sequential of Keras 3 hides the functional model that it is.
    functional = getattr(model, "_functional", None)
    return model.input if functional is None else functional.input


def tree_of(generation: int) -> Any:
    if generation == 3:
        return import_keras(3).tree
    import tensorflow as tf

    return tf.nest
