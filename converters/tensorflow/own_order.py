"""A SavedModel's signature sorts what goes in and comes out by name; the call inside of it still has the model's own order."""

from __future__ import annotations

from typing import Any

CALLS = ("StatefulPartitionedCall", "PartitionedCall")


def input_order(function: Any, tensors: dict[str, Any]) -> list[str]:
    """`tensors`: the signature's, by name. As they are where no single call takes all of them."""
    names = {tensor.name: key for key, tensor in tensors.items()}
    call = inner_call(function)
    order = [names[tensor.name] for tensor in call.inputs if tensor.name in names] if call is not None else []
    return order if sorted(order) == sorted(tensors) else list(tensors)


def output_order(function: Any, tensors: dict[str, Any]) -> list[str]:
    call = inner_call(function)
    found = {key: place_in(call, tensor) for key, tensor in tensors.items()}
    places = {key: place for key, place in found.items() if place is not None}
    if call is None or len(places) < len(tensors):
        return list(tensors)
    return sorted(tensors, key=lambda key: places[key])


def inner_call(function: Any) -> Any:
    calls = [operation for operation in function.graph.get_operations() if operation.type in CALLS]
    return calls[0] if len(calls) == 1 else None


def place_in(call: Any, tensor: Any) -> int | None:
    while tensor.op.type == "Identity":
        (tensor,) = tensor.op.inputs
    return tensor.value_index if call is not None and tensor.op.name == call.name else None
