"""A network's inputs: tensors of any shape, each made of as many columns as a row of it has values."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.columns import Column

# What a column is to hold for each element type of a tensor; the graph casts where they differ.
COLUMN_TYPES = {
    "float32": "float",
    "float64": "double",
    "float16": "float",
    "bfloat16": "float",
    "int64": "int64",
    "uint32": "int64",
    "int32": "int32",
    "int16": "int32",
    "int8": "int32",
    "uint16": "int32",
    "uint8": "int32",
    "bool": "int32",
}
# Beyond the numbers of a narrow type a cast would wrap around without a word.
NARROW = {
    "int16": (-(2**15), 2**15 - 1),
    "int8": (-(2**7), 2**7 - 1),
    "uint16": (0, 2**16 - 1),
    "uint8": (0, 2**8 - 1),
    "uint32": (0, 2**32 - 1),
    "bool": (0, 1),
}


@dataclass
class Input:
    """An input tensor of a network.

    `name`: as the framework calls it. `tensor`: its name in the raw graph. `dtype`: its element type, as numpy calls it. `shape`: of
    one row, e.g. (), (4,) or (8, 8, 1). `within`: the lowest and the highest value that it takes, e.g. of an embedding's codes.
    `picture`: height and width of the smaller picture that its columns hold, once that is known.
    """

    name: str
    tensor: str
    dtype: str
    shape: tuple[int, ...]
    within: tuple[float, float] | None = None
    picture: tuple[int, int] | None = None
    columns: list[Column] = field(default_factory=list)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The shape of what one row's columns hold."""
        if self.picture is None:
            return self.shape
        height, width = axes_of_picture(self.shape)
        return tuple(self.picture[0] if at == height else self.picture[1] if at == width else size for at, size in enumerate(self.shape))

    @property
    def width(self) -> int:
        return math.prod(self.sizes)

    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = {"tensor": self.tensor, "columns": [column.name for column in self.columns], "source": self.name}
        if self.picture is not None:
            facts["image"] = {"axes": [axis + 1 for axis in axes_of_picture(self.shape)], "size": list(self.picture)}
        return facts

    def set_columns(self, names: list[str]) -> None:
        within = self.within or NARROW.get(self.dtype)
        kind = column_type(self)
        self.columns = [Column(name, at, "number", kind, False, within=within) for at, name in enumerate(names)]

    def array(self, rows: dict[str, np.ndarray]) -> np.ndarray:
        """[N, *sizes], of the tensor's own type but for pictures, which are resized first."""
        values = np.stack([rows[column.name] for column in self.columns], axis=1)
        # numpy has no bfloat16: whoever wants it casts once more.
        dtype = "float32" if self.dtype == "bfloat16" else self.dtype
        return values.reshape(len(values), *self.sizes).astype(np.float32 if self.picture else dtype)


def column_type(tensor: Input) -> str:
    """What the columns of an input hold. Raises UNSUPPORTED_TYPE."""
    if tensor.dtype in COLUMN_TYPES:
        return COLUMN_TYPES[tensor.dtype]
    what = "text" if tensor.dtype in ("str", "string", "object") else tensor.dtype
    message = f"Input {tensor.name} takes {what}, which no column of numbers holds."
    hint = "Use a network of float, double, int32, int64 or bool inputs: prepare text before it."
    raise ConverterError("UNSUPPORTED_TYPE", message, hint)


def picture_axes(shape: tuple[int, ...]) -> tuple[int, int] | None:
    """The axes of height and width in a row [H, W, C] or [C, H, W]: the end that has 1, 3 or 4 entries is the channels.

    None where neither end has so many, or both have.
    """
    if len(shape) != 3 or (shape[0] in (1, 3, 4)) == (shape[2] in (1, 3, 4)):
        return None
    return (1, 2) if shape[0] in (1, 3, 4) else (0, 1)


def axes_of_picture(shape: tuple[int, ...]) -> tuple[int, int]:
    """`picture_axes` of a shape that is known to be a picture's."""
    axes = picture_axes(shape)
    assert axes is not None
    return axes
