"""Shapes of tensors that begin with the rows: what is left for one row, and how many rows a model takes at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_facts.shell import for_shell


def row_shape(name: str, dtype: str, shape: Any, request: Request) -> tuple[int, ...]:
    """Of one row. `shape`: a TensorShape; what the user says with --input is taken where the model leaves it open."""
    told = {each["name"]: tuple(each["shape"][1:]) for each in request["inputs"]}
    if name in told:
        return told[name]
    if shape.rank is None:
        raise open_shape(name, dtype, "of any shape", "8", request)
    sizes = tuple(shape.as_list()[1:])
    if any(size is None for size in sizes):
        spelled = ",".join("?" if size is None else str(size) for size in sizes)
        raise open_shape(name, dtype, f"rows of any length ({spelled})", spelled.replace("?", "20"), request)
    if shape.rank == 0:
        message = f"The input {name} of {Path(request['path']).name} is a single number for all rows, which a table can't give."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Save the model with that number as a constant.", input=name)
    return sizes


def same_batch(shapes: dict[str, Any], path: str) -> int | None:
    """How many rows it takes at a time; None for any number. Raises UNSUPPORTED_MODEL where inputs differ in that."""
    sizes = {shape[0] for shape in shapes.values() if shape.rank}
    fixed = {size for size in sizes if size is not None}
    if len(fixed) > 1:
        said = ", ".join(f"{name} {shape[0]}" for name, shape in shapes.items() if shape.rank)
        message = f"{Path(path).name} takes different numbers of rows by input ({said}), so they are no rows of one table."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Save it with the rows as the first dimension of every input.")
    return fixed.pop() if fixed else None


def open_shape(name: str, dtype: str, said: str, example: str, request: Request) -> ConverterError:
    message = f"The input {name} of {Path(request['path']).name} takes {said}; a table has as many columns as it has."
    return ConverterError("MISSING_SIGNATURE", message, "Say how many: --input %s" % for_shell(f"{name}:{dtype}:N,{example}"), input=name)
