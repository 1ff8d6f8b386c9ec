"""Around a network for the exporter: tensors in, the flat tuple of its tensors out."""

from __future__ import annotations

import inspect
from typing import Any

import torch
from predictable_bridge.errors import ConverterError

from loaded import Loaded
from structure import leaves, tensors


def flat(loaded: Loaded, fed: dict[str, torch.Tensor]) -> Any:
    if isinstance(loaded.module, torch.jit.ScriptModule):
        return flat_script(loaded, fed)
    return Flat(loaded, list(fed))


class Flat(torch.nn.Module):
    def __init__(self, loaded: Loaded, names: list[str]) -> None:
        super().__init__()
        self.network = loaded.module
        self.names = names
        self.inner = [loaded.call]
        self.eval()

    def forward(self, *values: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return tuple(tensors(self.inner[0](dict(zip(self.names, values)))))


def flat_script(loaded: Loaded, fed: dict[str, torch.Tensor]) -> Any:
    """The script itself where it takes and returns plain tensors; else one around it, so that its branches stay branches."""
    with torch.no_grad():
        returned = loaded.call(fed)
    plain = isinstance(returned, torch.Tensor) or type(returned) is tuple and all(isinstance(each, torch.Tensor) for each in returned)
    arguments = [argument.name for argument in loaded.module.forward.schema.arguments[1:]]
    if plain and arguments[: len(fed)] == list(fed):
        return loaded.module
    holder = torch.nn.Module()
    holder.network = loaded.module
    script = torch.jit.script(holder)
    takes = ", ".join(f"{name}: Tensor" for name in fed)
    passes = ", ".join(f"{name}={name}" for name in fed)
    gives = "".join(f"found{path}, " for _, path, _ in leaves(returned))
    script.define(f"def forward(self, {takes}):\n    found = self.network({passes})\n    return ({gives})\n")
    return script.eval()


def arguments_of(network: torch.nn.Module, title: str) -> tuple[list[str], list[str]]:
    """Of a network in Python: the arguments that forward needs, and those that it can do without."""
    needed: list[str] = []
    optional: list[str] = []
    for name, parameter in inspect.signature(network.forward).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            if parameter.kind is parameter.VAR_POSITIONAL and not needed:
                message = f"forward of {title} takes *{name}, so its inputs have no names."
                raise ConverterError("UNSUPPORTED_MODEL", message, "Name the arguments of forward, or save torch.jit.trace(model, rows).")
        elif parameter.default is parameter.empty:
            needed.append(name)
        else:
            optional.append(name)
    return needed, optional
