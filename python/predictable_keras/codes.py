"""Which values an input may have, where it holds codes that a layer looks up: others end in an error."""

from __future__ import annotations

from typing import Any, Iterator

# Layers through which a code comes out as it went in.
MOVING = ("Concatenate", "Dropout", "Flatten", "Identity", "Permute", "RepeatVector", "Reshape", "ExpandDims", "Squeeze", "GetItem")


def allowed_codes(model: Any) -> dict[str, tuple[float, float]]:
    """By the input's name: from 0 to the last code of the smallest table that it is looked up in."""
    ranges: dict[str, tuple[float, float]] = {}
    for layer in model.layers:
        size = table_size(layer)
        if size is None:
            continue
        for source in sources(layer):
            low, high = ranges.get(source, (0.0, float("inf")))
            ranges[source] = (low, min(high, size - 1.0))
    return ranges


def table_size(layer: Any) -> int | None:
    kind = type(layer).__name__
    if kind == "Embedding":
        return int(layer.input_dim)
    return int(layer.num_tokens) if kind == "CategoryEncoding" else None


def sources(layer: Any) -> Iterator[str]:
    """The names of the inputs whose values come to this layer as they are."""
    for tensor in tensors_into(layer):
        history = getattr(tensor, "_keras_history", None)
        before = getattr(history, "operation", None) or getattr(history, "layer", None)
        if before is None:
            continue
        if type(before).__name__ == "InputLayer":
            yield str(before.name)
        elif type(before).__name__ in MOVING:
            yield from sources(before)


def tensors_into(layer: Any) -> Iterator[Any]:
    for node in layer._inbound_nodes:
        # Keras 2, then 3; of Keras 2 the other attribute is one tensor, which may not be asked whether it is empty.
        yield from node.keras_inputs if hasattr(node, "keras_inputs") else node.input_tensors
