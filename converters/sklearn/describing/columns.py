"""The columns that a model takes: names, kinds, types, and what it does with missing and unknown values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

import numpy as np
from predictable_bridge.columns import Column, check_sample, column_names
from predictable_bridge.errors import ConverterError
from predictable_bridge.rows import is_missing
from sklearn.compose import ColumnTransformer

from describing import boosters
from describing.anatomy import describe, entries
from describing.column_uses import Knowledge, column_knowledge, takes_unknown
from describing.traits import traits_of


@dataclass
class Plan:
    """`columns`: those that the model looks at, of the `width` that its rows have; `own`: all names, as the model has them.

    `per_column`: the graph gets one `[None,1]` input a column, instead of one `[None,F]`.
    """

    columns: list[Column]
    per_column: bool
    width: int
    own: list[str] | None


def plan_columns(model: Any, request: Mapping[str, Any], sample: Mapping[str, np.ndarray] | None) -> Plan:
    """Raises MISSING_COLUMNS, COLUMN_MISMATCH, MISSING_SAMPLE or UNSUPPORTED_MODEL."""
    own = own_names(model)
    count = len(own) if own else feature_count(model)
    names = column_names(describe(model), own, count, request["columns"], sample)
    known = column_knowledge(model, len(names))
    used = [name for name, knowledge in zip(names, known) if knowledge.used]
    if sample is not None:
        check_sample(used, list(sample))
    precision = "double" if request["precision"] == "double" else "float"
    columns = []
    for at, (name, knowledge) in enumerate(zip(names, known)):
        if knowledge.used:
            given = None if sample is None else sample[name]
            columns.append(make_column(name, at, knowledge, given, precision))
    special = any(column.kind == "category" or column.type == "int64" for column in columns)
    per_column = special or any(isinstance(entry, ColumnTransformer) for entry in entries(model))
    return Plan(columns, per_column, len(names), own)


def own_names(model: Any) -> list[str] | None:
    for candidate in [model, *entries(model)]:
        names = boosters.boosted(candidate).own if boosters.is_booster(candidate) else getattr(candidate, "feature_names_in_", None)
        if names is not None and not is_invented(names):
            return [str(name) for name in names]
    return None


def is_invented(names: Any) -> bool:
    """LightGBM's names of columns that had none, which what holds it takes over."""
    return all(str(name) == f"Column_{at}" for at, name in enumerate(names))


def feature_count(model: Any) -> int | None:
    for candidate in [model, *entries(model)]:
        count = boosters.boosted(candidate).width if boosters.is_booster(candidate) else getattr(candidate, "n_features_in_", None)
        # CatBoost says 0, and so does what holds it.
        if count:
            return int(count)
    return None


def make_column(name: str, at: int, known: Knowledge, given: np.ndarray | None, precision: str) -> Column:
    if known.free_text is not None:
        hint = "Train on columns that the text was made into beforehand."
        message = f"Column {name} is free text, read by {known.free_text}: SQL columns are numbers and categories."
        raise ConverterError("UNSUPPORTED_MODEL", message, hint)
    values = [encoder.categories_[place] for encoder, place in known.encoders]
    texts = [value for found in values for value in found if isinstance(value, str)]
    fillers = [imputer.statistics_[place] for imputer, place in known.imputers]
    if texts or any(isinstance(filler, str) for filler in fillers):
        if known.numeric:
            message = f"Column {name} is text for one step of the model and a number for another."
            raise ConverterError("UNSUPPORTED_MODEL", message, "Give each step a column of its own.")
        return category_column(name, at, known, texts or [str(filler) for filler in fillers])
    if given is not None and given.dtype == object:
        message = f"Column {name} holds text in the sample, where the model takes a number."
        raise ConverterError("COLUMN_MISMATCH", message, "Correct the sample: rows as the model was trained on them.")
    if values and whole_numbers(values):
        return Column(name, at, "number", "int64", False)
    return Column(name, at, "number", precision, known.accepts_missing)


def category_column(name: str, at: int, known: Knowledge, texts: list[str]) -> Column:
    unknown = "zeros" if known.encoders and all(map(exact_zeros, known.encoders)) else "error"
    none = any(value is None for encoder, place in known.encoders for value in encoder.categories_[place])
    none = none or any(imputer.missing_values is None for imputer, _ in known.imputers)
    categories = [str(text) for text in dict.fromkeys(texts)]
    return Column(name, at, "category", "int64", known.accepts_missing, categories, unknown, none)


def exact_zeros(use: tuple[Any, int]) -> bool:
    """Whether the graph does with an unknown value just what the encoder does."""
    encoder, at = use
    unknown = traits_of(encoder).unknown
    if unknown == "mean":
        return True
    if unknown is None or not takes_unknown(encoder):
        return False
    infrequent = getattr(encoder, "infrequent_categories_", None) if getattr(encoder, "_infrequent_enabled", False) else None
    return infrequent is None or infrequent[at] is None or unknown == "code"


def whole_numbers(categories: list[np.ndarray]) -> bool:
    """Categories that are numbers go as int64, or 1.5 would pass for 1 in the graph."""
    return all(
        not is_missing(value) and float(value) == int(value) for found in categories for value in found if not isinstance(value, str)
    )
