"""What a request's sample gives to a model that keeps little of its table: names of columns, and rows."""

from __future__ import annotations

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts import columns, rows
from predictable_facts.columns import Column, check_sample
from predictable_facts.frames import read_columns
from predictable_facts.request import Request
from predictable_facts.rows import Rows


def column_names(title: str, request: Request, own: list[str] | None = None, count: int | None = None, more: bool = False) -> list[str]:
    """`columns.column_names` with the names and the sample of the request; the model's `own` names say their `count`."""
    count = len(own) if own is not None else count
    sample = None if request["sample"] is None else read_columns(request["sample"])
    nameless = "keeps no column names"
    return columns.column_names(title, own, count, request["columns"], sample, more=more, taker=title, nameless=nameless)


def sample_rows(planned: list[Column], request: Request) -> tuple[Rows, list[dict[str, str]]]:
    """All rows of the request's sample that the original can predict. Raises COLUMN_MISMATCH or NULL_VALUE."""
    if request["sample"] is None:
        raise ValueError("the request has no sample")
    sample = read_columns(request["sample"])
    check_sample([column.name for column in planned], list(sample))
    for column in planned:
        check_number(column, sample[column.name])
    return rows.sample_rows(planned, sample, limit=None)


def check_number(column: Column, values: np.ndarray) -> None:
    if not column.text and values.dtype == object:
        message = f"Column {column.name} holds text in the sample, where the model takes a number."
        raise ConverterError("COLUMN_MISMATCH", message, "Correct the sample: rows as the model was trained on them.")
