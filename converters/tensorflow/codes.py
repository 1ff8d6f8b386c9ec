"""Integer inputs that are codes: the rows of a table that a graph looks them up in say which are allowed."""

from __future__ import annotations

from typing import Any

# A code through these is still itself.
PASSED = {"Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten"}


def allowed_codes(model: Any) -> dict[str, tuple[int, int]]:
    """By input tensor of an onnx.ModelProto; of several tables the smallest."""
    rows = {each.name: each.dims[0] for each in model.graph.initializer if each.dims}
    makers = {output: node for node in model.graph.node for output in node.output}
    inputs = {each.name for each in model.graph.input}
    found: dict[str, tuple[int, int]] = {}
    for node in model.graph.node:
        if node.op_type != "Gather" or node.input[0] not in rows or any(each.name == "axis" and each.i for each in node.attribute):
            continue
        name = node.input[1]
        while name in makers and makers[name].op_type in PASSED:
            name = makers[name].input[0]
        if name in inputs:
            last = rows[node.input[0]] - 1
            found[name] = (0, min(last, found[name][1]) if name in found else last)
    return found
