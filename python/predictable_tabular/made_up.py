"""Rows that are made up where there is no sample: the same every time, with missing and unseen values where they are taken."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from predictable_facts.columns import Column
from predictable_facts.frames import text_array
from predictable_facts.rows import SEED, Rows

# The share of made-up rows in which a column that may be missing is.
MISSING_SHARE = 0.08


def made_up(columns: list[Column], count: int, number: Callable[[Column, np.random.Generator], np.ndarray]) -> Rows:
    """Rows by column: numbers as `number` makes them, and every category that is known, with an unknown one where the model takes it.

    Numbers are rounded to what their column holds: what rounding costs is only worth saying of real rows.
    """
    random, rows = np.random.default_rng(SEED), {}
    for column in columns:
        if column.categories is not None:
            known = column.categories + (["\u0001never seen"] if column.unknown == "zeros" else [])
            values = text_array([known[at % len(known)] for at in random.permutation(count)]) if known else text_array([None] * count)
        else:
            values = number(column, random)
            values = values if column.within is None else np.clip(values, *column.within)
            values = values.astype(np.float32) if column.type == "float" else values
            values = values.astype(np.int64 if column.type == "int64" else np.float64)
        if column.accepts_missing:
            values[random.random(count) < MISSING_SHARE] = None if column.text else np.nan
        rows[column.name] = values
    return rows
