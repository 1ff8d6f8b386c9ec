"""Whether the graph that is being written computes in double: what skl2onnx cannot see from the type of columns that are text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

DOUBLE: ContextVar[bool] = ContextVar("double", default=False)


@contextmanager
def arithmetic(double: bool) -> Iterator[None]:
    token = DOUBLE.set(double)
    try:
        yield
    finally:
        DOUBLE.reset(token)


def float_type(source: Any) -> type:
    """Of what is computed from a variable of the type `source`."""
    from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType

    return DoubleTensorType if DOUBLE.get() or isinstance(source, DoubleTensorType) else FloatTensorType


def register() -> None:
    """skl2onnx declares results before it knows what they are computed from."""
    from skl2onnx import _parse
    from skl2onnx.common.data_types import guess_tensor_type

    if _parse.guess_tensor_type is guess_tensor_type:
        _parse.guess_tensor_type = lambda source: float_type(source)() if DOUBLE.get() else guess_tensor_type(source)
