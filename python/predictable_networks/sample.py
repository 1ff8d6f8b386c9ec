"""The rows on which a network is compared: the sample's, or made-up ones."""

from __future__ import annotations

from typing import Any, Callable, Tuple, Type

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.columns import Column
from predictable_facts.frames import read_columns
from predictable_facts.request import Request
from predictable_facts.rows import SEED, Rows
from predictable_facts.sample import sample_rows
from predictable_networks.inputs import Input
from predictable_networks.names import good_name, indexed
from predictable_networks.pictures import reduced

# Codes whose range no file tells: networks look them up in tables of at least two lines, mostly of more.
CODE_RANGES = (10, 4, 2, 1)
# What frameworks raise for a code that their tables have no line for; TensorFlow has an error of its own besides.
NO_SUCH_LINE: Tuple[Type[Exception], ...] = (IndexError, RuntimeError, ValueError)


def header(request: Request) -> list[str] | None:
    return None if request["sample"] is None else list(read_columns(request["sample"]))


def full_pictures(tensor: Input, request: Request) -> np.ndarray | None:
    """The sample's pictures [N, *shape] where it has them in the size that the network wants; None otherwise."""
    if request["sample"] is None:
        return None
    sample = read_columns(request["sample"])
    names = indexed(good_name(tensor.name, "input"), tensor.shape)
    if not all(name in sample for name in names):
        if len(sample) != len(names) or request["columns"] is not None:
            return None
        names = list(sample)
    return np.stack([np.asarray(sample[name], dtype=np.float64) for name in names], axis=1).reshape(-1, *tensor.shape)


def small_pictures(tensor: Input, full: np.ndarray) -> Rows:
    values = reduced(tensor, full).reshape(len(full), -1)
    return {column.name: values[:, at] for at, column in enumerate(tensor.columns)}


def rows_of(inputs: list[Input], request: Request) -> tuple[Rows, list[dict[str, str]]]:
    """Raises COLUMN_MISMATCH or NULL_VALUE."""
    columns = [column for tensor in inputs for column in tensor.columns]
    rows, warnings = sample_rows(columns, request)
    return {column.name: whole(column, rows[column.name]) for column in columns}, warnings


def whole(column: Column, values: np.ndarray) -> np.ndarray:
    """Raises COLUMN_MISMATCH for a fraction or a number beyond int32 in a column of whole numbers."""
    if column.type not in ("int32", "int64"):
        return values
    if column.type == "int32" and len(values) and np.abs(values).max() > 2**31 - 1 or np.any(values != np.floor(values)):
        message = f"Column {column.name} is {column.type}, but the sample has numbers there that are not."
        raise ConverterError("COLUMN_MISMATCH", message, "Correct the sample: rows as the model was trained on them.")
    return values.astype(np.int32 if column.type == "int32" else np.int64)


def made_up_rows(
    inputs: list[Input], count: int, runs: Callable[[Rows], Any], no_such_line: Tuple[Type[Exception], ...] = NO_SUCH_LINE
) -> Rows:
    """The same rows every time. Codes of unknown range are of the widest range with which the network `runs`.

    `no_such_line`: what the network raises for a code that is too high; in the narrowest range it is raised to the caller.
    """
    unknown_range = any(each.within is None and is_whole(each) for each in inputs)
    if not unknown_range:
        return random_rows(inputs, count, 0)
    for highest in CODE_RANGES[:-1]:
        rows = random_rows(inputs, count, highest)
        try:
            runs(rows)
            return rows
        except no_such_line:
            continue
    rows = random_rows(inputs, count, CODE_RANGES[-1])
    runs(rows)
    return rows


def random_rows(inputs: list[Input], count: int, highest: int) -> Rows:
    """`highest`: code of an input that does not say its range."""
    random = np.random.default_rng(SEED)
    return {column.name: values(each, column, random, count, highest) for each in inputs for column in each.columns}


def is_whole(tensor: Input) -> bool:
    return not tensor.dtype.startswith(("float", "bfloat"))


def values(tensor: Input, column: Column, random: np.random.Generator, count: int, highest: int) -> np.ndarray:
    if is_whole(tensor):
        low, high = column.within or (0, highest)
        kind = np.int32 if column.type == "int32" else np.int64
        return random.integers(int(low), int(min(high, 2**31 - 1)) + 1, count).astype(kind)
    numbers = random.standard_normal(count) if column.within is None else random.uniform(*column.within, count)
    return numbers.astype(np.float32).astype(np.float64)
