"""Rows in the form that the model was fitted on."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_facts.columns import Column
from predictable_facts.frames import text_array
from predictable_facts.rows import Rows
from sklearn.compose import ColumnTransformer

from describing.anatomy import every
from describing.columns import Plan
from describing.traits import traits_of


def native_input(model: Any, plan: Plan, rows: Rows) -> Any:
    """A DataFrame where names or text matter, else the matrix that scikit-learn would make of it."""
    count = len(next(iter(rows.values())))
    if not needs_frame(model, plan):
        single = all(column.single for column in plan.columns)
        matrix = np.full((count, plan.width), np.nan, dtype=np.float32 if single else np.float64)
        for column in plan.columns:
            matrix[:, column.at] = rows[column.name]
        return matrix
    # Columns that the model never looks at are there and empty.
    arrays = [np.full(count, np.nan) for _ in range(plan.width)]
    for column in plan.columns:
        arrays[column.at] = native_values(column, rows[column.name])
    if plan.model_names is None:
        matrix = np.empty((count, plan.width), dtype=object)
        for at, values in enumerate(arrays):
            matrix[:, at] = values
        return matrix
    import pandas

    return pandas.DataFrame({name: pandas.Series(values, dtype=values.dtype) for name, values in zip(plan.model_names, arrays)})


def native_values(column: Column, values: np.ndarray) -> np.ndarray:
    missing = None if column.none else np.nan
    if column.boxed:
        return text_array([missing if np.isnan(value) else value for value in values.tolist()])
    if column.kind == "number":
        return values.astype(np.float32) if column.single else values
    return text_array([missing if value is None else value for value in values])


def needs_frame(model: Any, plan: Plan) -> bool:
    if any(column.kind == "category" or column.boxed for column in plan.columns):
        return True
    if plan.model_names is None:
        return False
    if plan.by_name is None:
        plan.by_name = any(wants_names(step) for step in every(model))
    return plan.by_name


def wants_names(step: Any) -> bool:
    """Whether it may look at the names of its columns: ColumnTransformers pick by name, and a user's own code may do anything."""
    if isinstance(step, ColumnTransformer) or traits_of(step).takes_frame:
        return True
    return not type(step).__module__.startswith("sklearn.")
