"""tf2onnx, asked for a graph whose tensors have names that we know, for an opset of the target."""

from __future__ import annotations

from typing import Any

from predictable_facts.request import Request
from predictable_networks.exporting import quiet
from predictable_networks.leftovers import without_leftovers
from predictable_networks.tensorflow_setup import count_anew

from frameworks import import_tf2onnx
from original import Original

# The newest that tf2onnx writes.
NEWEST_OPSET = 18


def given(at: int) -> str:
    return f"given_{at:04d}"


def predicted(at: int) -> str:
    return f"predicted_{at:04d}"


def to_onnx(original: Original, request: Request, graph_def: Any = None, **options: Any) -> Any:
    """Raises UNSUPPORTED_OPERATOR, or UNSUPPORTED_MODEL with the first line of what tf2onnx said."""
    convert = import_tf2onnx().convert
    renamed = {each.tensor: given(at) for at, each in enumerate(original.inputs)}
    renamed.update({each.tensor: predicted(at) for at, each in enumerate(original.outputs)})
    with quiet(f"{original.title} can't be exported"):
        count_anew()
        model, _ = convert._convert_common(
            graph_def,
            name=original.title,
            opset=min(request["opsets"][""], NEWEST_OPSET),
            input_names=[each.tensor for each in original.inputs],
            output_names=[each.tensor for each in original.outputs],
            tensors_to_rename=renamed,
            **options,
        )
    without_leftovers(model, original.title)
    model.ir_version = min(model.ir_version, request["ir"])
    return model
