"""The inputs and outputs of a Keras model that is loaded, of either generation: names, types, shapes, and codes that are allowed."""

from __future__ import annotations

from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_facts.shell import for_shell
from predictable_keras.codes import allowed_codes
from predictable_keras.files import KerasFile, unsupported
from predictable_networks.inputs import Input

EXPORT_HINT = "Export it with Keras, model.export('folder'), where its inputs are known, and convert that folder."
STATE_HINT = "Build it again with stateful=False and copy the weights: copy.set_weights(model.get_weights())."
# Names of layers that a title shows in full.
SHOWN = 6


def inputs_of(model: Any, file: KerasFile, request: Request) -> list[Input]:
    """Raises UNSUPPORTED_MODEL or MISSING_SIGNATURE."""
    if not getattr(model, "inputs", None):
        raise unsupported(file, "is a subclassed model, and does not say what its inputs are.", EXPORT_HINT, next="nothing")
    stateful = [layer.name for layer in model._flatten_layers() if getattr(layer, "stateful", False) and recurrent(layer)]
    if stateful:
        why = f"keeps a state from row to row in layer {stateful[0]}, so a row's prediction depends on the rows before it."
        raise unsupported(file, why, STATE_HINT, next="nothing")
    within = allowed_codes(model)
    told = {each["name"]: each["shape"] for each in request["inputs"]}
    return [
        Input(name, f"given_{at:04d}", dtype_of(tensor), shape_of(name, tensor, told, file), within.get(name))
        for at, (name, tensor) in enumerate(zip(input_names(model), model.inputs))
    ]


def recurrent(layer: Any) -> bool:
    return hasattr(layer, "return_sequences") or hasattr(layer, "reset_states")


def input_names(model: Any) -> list[str]:
    """Of Keras 3 a tensor has its layer's name; of Keras 2 only the model tells them."""
    return [str(name) for name in getattr(model, "input_names", None) or [tensor.name for tensor in model.inputs]]


def output_names(model: Any) -> list[str]:
    """The outputs are called as the layers that make them; of a layer that makes several, all but the first get a number."""
    functional = getattr(model, "_functional", None) or model
    names = list(getattr(functional, "output_names", None) or [model.layers[-1].name])
    if len(names) != len(model.outputs):
        names = [f"output_{at}" for at in range(len(model.outputs))]
    counts: dict[str, int] = {}
    numbered = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        numbered.append(name if counts[name] == 1 else f"{name}_{counts[name]}")
    return numbered


def dtype_of(tensor: Any) -> str:
    return str(getattr(tensor.dtype, "name", tensor.dtype))


def shape_of(name: str, tensor: Any, told: dict[str, list[int]], file: KerasFile) -> tuple[int, ...]:
    """The shape of one row, as the user says it or the model does. Raises MISSING_SIGNATURE."""
    shape = tuple(told[name][1:]) if name in told else tuple(tensor.shape[1:])
    if any(size is None or size < 0 for size in shape):
        spelled = ",".join("?" if size is None else str(size) for size in shape)
        message = f"Input {name} of {file.name} takes rows of any length ({spelled}); a table has as many columns as it has."
        example = ",".join("20" if size is None else str(size) for size in shape)
        raise ConverterError(
            "MISSING_SIGNATURE", message, "Say how many: --input %s" % for_shell(f"{name}:{dtype_of(tensor)}:N,{example}"), input=name
        )
    return tuple(int(size) for size in shape)


def title_of(model: Any) -> str:
    """As `Keras Sequential(Dense, LSTM, Dense)`."""
    kinds = [type(layer).__name__ for layer in model.layers if type(layer).__name__ != "InputLayer"]
    shown = kinds if len(kinds) <= SHOWN else [*kinds[:3], "…", *kinds[-2:]]
    return f"Keras {type(model).__name__}" + (f"({', '.join(shown)})" if shown else "")
