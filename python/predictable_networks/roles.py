"""What an output is, told by the operator that makes it."""

from __future__ import annotations

from typing import Any

# Operators that only hand on what another one made.
HANDED_ON = {"Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Transpose"}
ROLES = {"Softmax": "probability", "Sigmoid": "probability", "ArgMax": "label", "ArgMin": "label"}


def roles_of(graph: Any, tensors: list[str]) -> list[str]:
    """A role for each of the tensors."""
    makers = {name: node for node in graph.node for name in node.output}
    roles = []
    for name in tensors:
        node = makers.get(name)
        while node is not None and node.op_type in HANDED_ON:
            node = makers.get(node.input[0])
        roles.append("value" if node is None else ROLES.get(node.op_type, "value"))
    return roles
