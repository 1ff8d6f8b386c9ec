"""What the first layers of a script let conclude about its inputs: a Linear layer's weights say how many numbers a row has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch

from loaded import Known

# Element by element: what goes in has the shape of what comes out, and its type where the other side is no wider.
SAME = {"aten::sub", "aten::add", "aten::mul", "aten::div", "aten::relu", "aten::tanh", "aten::sigmoid", "aten::dropout",
        "aten::clamp", "aten::contiguous", "aten::detach", "aten::abs", "aten::log1p", "aten::log", "aten::sub_", "aten::div_"}  # fmt: skip
# The shape lives on, the type does not.
CAST = {"aten::to", "aten::float", "aten::double", "aten::type_as", "aten::_cast_Float"}
RECURRENT = {"aten::lstm", "aten::gru", "aten::rnn_tanh", "aten::rnn_relu"}
CONVOLUTIONS = {"aten::conv1d": 1, "aten::conv2d": 2, "aten::conv3d": 3, "aten::_convolution": 0}
# A chain of element-wise steps before the first layer is short.
LONGEST = 16


def guess(module: Any, names: list[str]) -> dict[str, Known]:
    """By input; of an input that no known layer takes, nothing."""
    walk = Walk(module)
    found = {}
    for value, argument in zip(list(walk.graph.inputs())[1:], module.forward.schema.arguments[1:]):
        known = merged(list(walk.follow(value, True, LONGEST))) if argument.name in names else None
        if known is not None:
            found[argument.name] = known
    return found


class Walk:
    """From an input on to the layers that take it; `left`: where a value goes that a branch gives out."""

    def __init__(self, module: Any) -> None:
        self.module, self.graph = module, module.inlined_graph
        self.left: dict[str, list[Any]] = {}
        for node in self.graph.findAllNodes("prim::If"):
            for block in node.blocks():
                for value, out in zip(block.outputs(), node.outputs()):
                    self.left.setdefault(value.debugName(), []).append(out)

    def follow(self, value: Any, typed: bool, steps: int) -> Iterator[Known]:
        if steps == 0:
            return
        for out in self.left.get(value.debugName(), []):
            yield from self.follow(out, typed, steps - 1)
        for use in value.uses():
            node, at = use.user, use.offset
            kind = node.kind()
            known = layer(node, kind, at, self.module)
            if known is not None:
                yield known if typed else replace(known, dtype=None)
            elif at == 0 and kind in SAME | CAST:
                operand = constant(node, 1, self.module) if kind in SAME else None
                if operand is not None and operand.dim() == 1 and operand.numel() > 1:
                    yield Known(operand.dtype if typed else None, (operand.numel(),))
                yield from self.follow(node.output(), typed and kind in SAME, steps - 1)


def layer(node: Any, kind: str, at: int, module: Any) -> Known | None:
    if kind == "aten::embedding" and at == 1:
        weight = constant(node, 0, module)
        return None if weight is None else Known(torch.int64, None, (0, weight.shape[0] - 1))
    if at != 0:
        return None
    if kind in ("aten::linear", "aten::batch_norm", "aten::matmul") or kind in CONVOLUTIONS:
        weight = constant(node, 1, module)
        if weight is None:
            return None
        if kind in CONVOLUTIONS:
            groups = node.inputsAt(8 if kind == "aten::_convolution" else 6).toIValue() or 1
            return Known(weight.dtype, (weight.shape[1] * groups, *[None] * (weight.dim() - 2)))
        width = weight.shape[0] if kind != "aten::linear" else weight.shape[1]
        return Known(weight.dtype, None if kind == "aten::batch_norm" else (width,))
    if kind in RECURRENT:
        # After (input, states) come the weights: a list in the module, or made on the spot.
        made = list(node.inputsAt(2).node().inputs())
        weight = attribute(node.inputsAt(2), module)
        if weight is None and made:
            weight = attribute(made[0], module)
        return None if weight is None else Known(weight.dtype, (None, weight.shape[1]))
    return None


def merged(found: list[Known]) -> Known | None:
    """What all agree on; a layer that says less adds nothing."""
    if not found:
        return None
    shapes = {known.shape for known in found if known.shape is not None}
    types = {known.dtype for known in found if known.dtype is not None}
    within = [known.within for known in found if known.within is not None]
    narrowest = (0, min(high for _, high in within)) if within else None
    return Known(types.pop() if len(types) == 1 else None, shapes.pop() if len(shapes) == 1 else None, narrowest)


def constant(node: Any, at: int, module: Any) -> torch.Tensor | None:
    inputs = list(node.inputs())
    return attribute(inputs[at], module) if at < len(inputs) else None


def attribute(value: Any, module: Any) -> torch.Tensor | None:
    """The tensor behind `self.a.b.weight`, or one that is written into the graph."""
    node = value.node()
    if node.kind() == "prim::Constant":
        found = value.toIValue()
        return found if isinstance(found, torch.Tensor) else None
    path = []
    while node.kind() == "prim::GetAttr":
        path.append(node.s("name"))
        node = node.inputsAt(0).node()
    if node.kind() != "prim::Param" or not path:
        return None
    for name in reversed(path):
        module = getattr(module, name, None)
    module = module[0] if isinstance(module, list) and module else module
    return module if isinstance(module, torch.Tensor) else None
