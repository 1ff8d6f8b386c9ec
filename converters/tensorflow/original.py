"""A model that is opened: what goes in, what comes out, how the original predicts, and how it becomes ONNX."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from predictable_facts.request import Request

# Rows that one call predicts: enough to be quick, few enough for the activations of images.
CHUNK = 512


@dataclass
class Tensor:
    """`name`: as the model's users know it; `tensor`: in TensorFlow's graph; `shape`: of one row."""

    name: str
    tensor: str
    dtype: str = "float32"
    shape: tuple[int, ...] = ()


@dataclass
class Original:
    """`call`: arrays by input name, at most `batch` rows (any number when None), to an array per output, in `outputs`' order."""

    title: str
    inputs: list[Tensor]
    outputs: list[Tensor]
    call: Callable[[dict[str, np.ndarray]], list[np.ndarray]]
    export: Callable[[Request], Any]
    batch: int | None = None
    warnings: list[dict[str, str]] = field(default_factory=list)

    def predict(self, rows: dict[str, np.ndarray]) -> list[np.ndarray]:
        """In pieces; the last one of a model with a fixed number of rows is filled up with its last row."""
        count = len(next(iter(rows.values())))
        size = self.batch or CHUNK
        found = [self.piece(rows, start, min(size, count - start)) for start in range(0, max(count, 1), size)]
        return [np.concatenate(parts) for parts in zip(*found)]

    def piece(self, rows: dict[str, np.ndarray], start: int, taken: int) -> list[np.ndarray]:
        piece = {name: values[start : start + taken] for name, values in rows.items()}
        if self.batch and 0 < taken < self.batch:
            piece = {name: np.concatenate([values, np.repeat(values[-1:], self.batch - taken, axis=0)]) for name, values in piece.items()}
        return [np.asarray(values)[:taken] for values in self.call(piece)]
