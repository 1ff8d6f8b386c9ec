"""A network that a file gave, ready to run, and what the file itself says of its inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch


@dataclass
class Known:
    """Of one input: its type, and the shape of one row; None where nobody has said it. `within`: the values it takes."""

    dtype: torch.dtype | None = None
    shape: tuple[int | None, ...] | None = None
    within: tuple[int, int] | None = None

    @property
    def complete(self) -> bool:
        return self.dtype is not None and self.shape is not None and None not in self.shape

    @property
    def sizes(self) -> tuple[int, ...]:
        """The shape, of one whose sizes are all known."""
        assert self.shape is not None
        return tuple(size for size in self.shape if size is not None)


@dataclass
class Loaded:
    """`call`: its tensors, by name → whatever structure it returns. `names`: of the inputs that it needs; `optional`: may get.

    `told`: what the file says outright; `guess`: what its first layers' weights let conclude. `batch`: the only number of rows
    that it takes. `module`: what the exporter takes; `program`: of torch.export.
    """

    title: str
    names: list[str]
    call: Callable[[dict[str, torch.Tensor]], Any]
    module: Any
    optional: list[str] = field(default_factory=list)
    told: dict[str, Known] = field(default_factory=dict)
    guess: Callable[[], dict[str, Known]] = dict
    batch: int | None = None
    program: Any = None
    warnings: list[dict[str, str]] = field(default_factory=list)

    @cached_property
    def guessed(self) -> dict[str, Known]:
        return self.guess()


def described(name: str, known: Known) -> str:
    return f"{name} {type_name(known.dtype)} {dims(known.shape, 'N')}"


def type_name(dtype: Any) -> str:
    return str(dtype).removeprefix("torch.")


def dims(shape: Any, *first: str) -> str:
    return f"[{','.join([*first, *('?' if size is None else str(size) for size in shape)])}]"
