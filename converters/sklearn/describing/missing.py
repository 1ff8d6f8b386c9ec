"""Missing values that a model takes though an estimator around others does not say so: found by asking it."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_facts.rows import Rows, rounded, typed

from describing.anatomy import every, inner_estimators
from describing.columns import Plan
from describing.outputs import predict_outputs
from describing.rows import native_input

# Ensembles that say themselves whether they take missing values.
SAYING = ("sklearn.ensemble._forest", "sklearn.ensemble._gb")


def ask_for_missing(model: Any, plan: Plan, sample: Rows) -> None:
    """Lets columns accept missing values where the model predicts a row of the sample without one. Only wrappers are asked."""
    if not any(inner_estimators(step) for step in every(model) if not type(step).__module__.startswith(SAYING)):
        return
    asked = [column for column in plan.columns if not column.accepts_missing and (column.text or column.type != "int64")]
    row = complete_row(plan, sample) if asked else None
    if row is None:
        return
    for column in asked:
        gap = np.array([None], dtype=object) if column.text else np.array([np.nan])
        column.accepts_missing = is_taken(model, plan, {**row, column.name: gap})


def is_taken(model: Any, plan: Plan, row: Rows) -> bool:
    try:
        predict_outputs(model, native_input(model, plan, row), [])
    except Exception:  # noqa: BLE001 - each estimator refuses missing values in its own way
        return False
    return True


def complete_row(plan: Plan, sample: Rows) -> Rows | None:
    """The first row that the model takes as it is: with a value in each column, and texts that it knows."""
    rows = {column.name: typed(column, sample[column.name][:1000]) for column in plan.columns}
    count = len(next(iter(rows.values())))
    good = np.ones(count, dtype=bool)
    for column in plan.columns:
        values = rows[column.name]
        good &= np.array([value in (column.categories or []) for value in values]) if column.text else ~np.isnan(values)
    if not good.any():
        return None
    at = int(np.flatnonzero(good)[0])
    row = {name: values[at : at + 1] for name, values in rows.items()}
    for column in plan.columns:
        if column.type == "int64" and not column.text:
            row[column.name] = row[column.name].astype(np.int64)
    return rounded(plan.columns, row)[0]
