"""What a network returns, taken apart: tensors in their order, how each is called, and where it lies in the structure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from predictable_bridge.errors import ConverterError

# What a lone tensor is called, and the parts of a tuple without names.
ANONYMOUS = "output"


def leaves(value: Any) -> list[tuple[str, str, torch.Tensor]]:
    """(name, path in Python, tensor) of each. Raises UNSUPPORTED_MODEL for what is no tensor."""
    found = list(parts(value, "", ""))
    if not found:
        raise ConverterError("UNSUPPORTED_MODEL", "The network returns no tensor.", "Let its forward return its predictions.")
    return unique(found)


def tensors(value: Any) -> list[torch.Tensor]:
    return [tensor for _, _, tensor in parts(value, "", "")]


def parts(value: Any, name: str, path: str) -> Iterator[tuple[str, str, torch.Tensor]]:
    if isinstance(value, torch.Tensor):
        yield name or ANONYMOUS, path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from parts(inner, joined(name, str(key)), f"{path}[{key!r}]")
    elif isinstance(value, (tuple, list)):
        fields = getattr(value, "_fields", None)
        for at, inner in enumerate(value):
            own = fields[at] if fields else "" if len(value) == 1 else str(at + 1)
            yield from parts(inner, joined(name or ("" if fields else ANONYMOUS), own), f"{path}[{at}]")
    elif hasattr(value, "__dataclass_fields__"):
        for key in value.__dataclass_fields__:
            yield from parts(getattr(value, key), joined(name, key), f"{path}.{key}")
    elif value is not None:
        message = f"The network returns a {type(value).__name__} as {name or ANONYMOUS}, where tensors are predictions."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Let its forward return tensors, or a tuple or a dict of them.")


def joined(before: str, name: str) -> str:
    return "_".join(part for part in (before, name) if part)


def unique(found: list[tuple[str, str, torch.Tensor]]) -> list[tuple[str, str, torch.Tensor]]:
    taken: set[str] = set()
    result = []
    for name, path, tensor in found:
        free, number = name, 2
        while free in taken:
            free, number = f"{name}_{number}", number + 1
        taken.add(free)
        result.append((free, path, tensor))
    return result
