"""Gaps in a column: what the model learnt of None and NaN, which are two values to it and one NULL in SQL."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_facts.rows import is_missing

from describing.column_uses import ColumnUse


def learnt_none(use: ColumnUse) -> bool:
    """Whether None is a category of the column, or what an imputer fills."""
    return any(value is None for value in categories(use)) or any(mark is None for mark in imputer_marks(use))


def learnt_nan(use: ColumnUse) -> bool:
    return any(is_nan(value) for value in [*categories(use), *imputer_marks(use)])


def null_is_none(use: ColumnUse) -> bool:
    """Whether NULL is None: where that was learnt, and where an imputer of a word refuses NaN and lets None pass."""
    return learnt_none(use) or not learnt_nan(use) and any(isinstance(mark, str) for mark in imputer_marks(use))


def learnt_gaps(use: ColumnUse) -> bool:
    """Whether something is known of a missing value, whatever it is; to an imputer of pandas.NA all are one."""
    return learnt_none(use) or learnt_nan(use) or any(is_pandas_na(mark) for mark in imputer_marks(use))


def warnings_of(name: str, use: ColumnUse) -> list[dict[str, str]]:
    """Where training held None and NaN, SQL can have one of them only."""
    if not (learnt_none(use) and learnt_nan(use)):
        return []
    message = f"in column {name} NULL means None, which the model tells from NaN; a row with NaN cannot be had from SQL"
    return [{"code": "NULL_MEANS", "message": message}]


def known_values(use: ColumnUse) -> list[Any]:
    """What a column must be able to hold: the categories of its encoders, and what its imputers take for missing."""
    marks = [mark for mark in imputer_marks(use) if isinstance(mark, (str, int, float, np.number))]
    return [value for value in [*categories(use), *marks] if not is_missing(value)]


def categories(use: ColumnUse) -> list[Any]:
    return [value for encoder, place in use.encoders for value in encoder.categories_[place]]


def imputer_marks(use: ColumnUse) -> list[Any]:
    return [imputer.missing_values for imputer, _ in use.imputers]


def is_nan(value: Any) -> bool:
    return value is not None and is_missing(value)


def is_pandas_na(value: Any) -> bool:
    return type(value).__name__ == "NAType"
