"""A loaded model: its inputs and outputs in its own order, and what it predicts."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_bridge.networks.inputs import Input
from predictable_bridge.networks.keras_files import KerasFile

from codes import allowed_codes
from frameworks import import_keras
from quiet import unsupported

# Rows that one call predicts: enough to be quick, few enough for the activations of images.
CHUNK = 512
# The newest that tf2onnx writes.
NEWEST_OPSET = 18
EXPORT_HINT = "Export it with Keras, model.export('folder'), where its inputs are known, and convert that folder."


class Original:
    """`tensors`: how the outputs are called in every raw graph; inputs are called by `Input.tensor`."""

    def __init__(self, model: Any, file: KerasFile, request: dict[str, Any]) -> None:
        self.model, self.file = model, file
        self.inputs = inputs_of(model, file, request)
        self.outputs = output_names(model, file)
        self.tensors = [f"predicted_{at:04d}" for at in range(len(self.outputs))]
        self.title = title_of(model)
        # Models of a fixed number of rows take just that.
        self.rows = model.inputs[0].shape[0]

    def opset(self, request: dict[str, Any]) -> int:
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


def inputs_of(model: Any, file: KerasFile, request: dict[str, Any]) -> list[Input]:
    """Raises UNSUPPORTED_MODEL or MISSING_SIGNATURE."""
    if not getattr(model, "inputs", None):
        raise unsupported(file, "is a subclassed model, and does not say what its inputs are.", EXPORT_HINT)
    stateful = [layer.name for layer in model._flatten_layers() if getattr(layer, "stateful", False) and recurrent(layer)]
    if stateful:
        why = f"keeps a state from row to row in layer {stateful[0]}, so a row's prediction depends on the rows before it."
        raise unsupported(file, why, "Build it again with stateful=False and copy the weights: copy.set_weights(model.get_weights()).")
    within = allowed_codes(model)
    told = {each["name"]: each["shape"] for each in request.get("inputs") or []}
    return [
        Input(name, f"given_{at:04d}", dtype_of(tensor), shape_of(name, tensor, told, file), within.get(name))
        for at, (name, tensor) in enumerate(zip(input_names(model), model.inputs))
    ]


def recurrent(layer: Any) -> bool:
    return hasattr(layer, "return_sequences") or hasattr(layer, "reset_states")


def input_names(model: Any) -> list[str]:
    """Of Keras 3 a tensor has its layer's name; of Keras 2 only the model tells them."""
    return [str(name) for name in getattr(model, "input_names", None) or [tensor.name for tensor in model.inputs]]


def output_names(model: Any, file: KerasFile) -> list[str]:
    """The names of the layers that make them; a layer that makes several gives its name to each."""
    functional = getattr(model, "_functional", None) or model
    names = list(getattr(functional, "output_names", None) or [model.layers[-1].name])
    if len(names) != len(model.outputs):
        names = [f"output_{at}" for at in range(len(model.outputs))]
    counts: dict[str, int] = {}
    found = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        found.append(name if counts[name] == 1 else f"{name}_{counts[name]}")
    return found


def dtype_of(tensor: Any) -> str:
    return str(getattr(tensor.dtype, "name", tensor.dtype))


def shape_of(name: str, tensor: Any, told: dict[str, list[int]], file: KerasFile) -> tuple[int, ...]:
    """Of one row."""
    shape = tuple(told[name][1:]) if name in told else tuple(tensor.shape[1:])
    if any(size is None or size < 0 for size in shape):
        spelled = ",".join("?" if size is None else str(size) for size in shape)
        message = f"Input {name} of {file.name} takes rows of any length ({spelled}); a table has as many columns as it has."
        example = ",".join("20" if size is None else str(size) for size in shape)
        raise ConverterError("MISSING_SIGNATURE", message, f"Say how many: --input {name}:{dtype_of(tensor)}:N,{example}", input=name)
    return tuple(int(size) for size in shape)


def title_of(model: Any) -> str:
    """As `Keras Sequential(Dense, LSTM, Dense)`."""
    kinds = [type(layer).__name__ for layer in model.layers if type(layer).__name__ != "InputLayer"]
    shown = kinds if len(kinds) <= 6 else [*kinds[:3], "…", *kinds[-2:]]
    return f"Keras {type(model).__name__}" + (f"({', '.join(shown)})" if shown else "")


def tree_of(generation: int) -> Any:
    if generation == 3:
        return import_keras(3).tree
    import tensorflow as tf

    return tf.nest
