"""The columns that a model takes: names, kinds, types, and what it does with missing and unknown values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.columns import Column, check_sample, column_names
from predictable_facts.request import Request
from predictable_facts.widths import number_type
from sklearn.compose import ColumnTransformer

from describing import boosters
from describing.anatomy import describe, entries, every
from describing.column_uses import ColumnUse, column_uses, takes_unknown
from describing.gaps import known_values, learnt_gaps, null_is_none, warnings_of
from describing.traits import traits_of


@dataclass
class Plan:
    """`columns`: those that the model looks at, of the `width` that its rows have; `model_names`: of all, if it has them.

    `per_column`: the graph gets one `[None,1]` input a column, instead of one `[None,F]`. `warnings`: what SQL cannot say of them.
    `by_name`: whether a step may look at the names of its columns, once that was asked.
    """

    columns: list[Column]
    per_column: bool
    width: int
    model_names: list[str] | None
    warnings: list[dict[str, str]]
    by_name: bool | None = None


def plan_columns(model: Any, request: Request, sample: Mapping[str, np.ndarray] | None) -> Plan:
    """Raises MISSING_COLUMNS, COLUMN_MISMATCH, MISSING_SAMPLE or UNSUPPORTED_MODEL."""
    model_names = names_in_model(model)
    count = len(model_names) if model_names else feature_count(model)
    names = column_names(describe(model), model_names, count, request["columns"], sample)
    uses = column_uses(model, len(names))
    used = [name for name, use in zip(names, uses) if use.used]
    if sample is not None:
        check_sample(used, list(sample))
    doubles = compares_doubles(model)
    columns, warnings = [], []
    for at, (name, use) in enumerate(zip(names, uses)):
        if use.used:
            sampled = None if sample is None else sample[name]
            columns.append(make_column(name, at, use, sampled, number_type(request, name, sampled, doubles and not use.encoders)))
            warnings += warnings_of(name, use)
    special = any(column.kind == "category" or column.type != request["precision"] for column in columns)
    per_column = special or any(isinstance(entry, ColumnTransformer) for entry in entries(model))
    return Plan(columns, per_column, len(names), model_names, warnings)


def names_in_model(model: Any) -> list[str] | None:
    for candidate in [model, *entries(model)]:
        names = boosters.boosted(candidate).own if boosters.is_booster(candidate) else getattr(candidate, "feature_names_in_", None)
        if names is not None and not is_invented(names):
            return [str(name) for name in names]
    return None


def is_invented(names: Any) -> bool:
    """Names that LightGBM gives to columns without one, and that a meta-estimator around it takes over."""
    return all(str(name) == f"Column_{at}" for at, name in enumerate(names))


def feature_count(model: Any) -> int | None:
    for candidate in [model, *entries(model)]:
        count = boosters.boosted(candidate).width if boosters.is_booster(candidate) else getattr(candidate, "n_features_in_", None)
        # CatBoost says 0, and so does a meta-estimator around it.
        if count:
            return int(count)
    return None


def compares_doubles(model: Any) -> bool:
    """Whether some step compares its rows as doubles: scikit-learn's other trees, XGBoost and CatBoost round them to float32."""
    steps = list(every(model))
    boosted = [boosters.boosted(step) for step in steps if boosters.is_booster(step)]
    return any(traits_of(step).histogram_boosting for step in steps) or not all(booster.rounds for booster in boosted)


def make_column(name: str, at: int, use: ColumnUse, sampled: np.ndarray | None, number: str) -> Column:
    """`sampled`: the column's values in the sample, if there is one; `number`: its type where nothing speaks against it."""
    if use.free_text is not None:
        hint = "Train on columns that the text was made into beforehand."
        message = f"Column {name} is free text, read by {use.free_text}: SQL columns are numbers and categories."
        raise ConverterError("UNSUPPORTED_MODEL", message, hint)
    known = known_values(use)
    fillers = [] if use.encoders else [imputer.statistics_[place] for imputer, place in use.imputers]
    texts = [value for value in [*known, *fillers] if isinstance(value, str)]
    if texts:
        if use.numeric:
            message = f"Column {name} is text for one step of the model and a number for another."
            raise ConverterError("UNSUPPORTED_MODEL", message, "Give each step a column of its own.")
        return category_column(name, at, use, texts)
    if sampled is not None and sampled.dtype == object and any(value is not None for value in sampled):
        message = f"Column {name} holds text in the sample, where the model takes a number."
        raise ConverterError("COLUMN_MISMATCH", message, "Correct the sample: rows as the model was trained on them.")
    boxed = any(encoder.categories_[place].dtype == object for encoder, place in use.encoders)
    if use.encoders and not learnt_gaps(use) and all(float(value).is_integer() for value in known):
        # As a real number 1.5 would be none of the categories, and a large one would be its neighbour.
        return Column(name, at, "number", "int64", False, boxed=boxed)
    held = all(float(np.float32(value)) == float(value) for value in known)
    column = Column(name, at, "number", number if held else "double", use.accepts_missing, none=null_is_none(use), boxed=boxed)
    column.single = column.type == "float" and not boxed and sampled is not None and sampled.dtype == np.float32
    return column


def category_column(name: str, at: int, use: ColumnUse, texts: list[str]) -> Column:
    unknown = "zeros" if use.encoders and all(takes_unknown(encoder) for encoder, _ in use.encoders) else "error"
    categories = [str(text) for text in dict.fromkeys(texts)]
    return Column(name, at, "category", "int64", use.accepts_missing, categories, unknown, null_is_none(use))
