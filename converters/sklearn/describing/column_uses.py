"""What a fitted model knows about each of its columns: encoders and imputers that see it first, and the fate of missing values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from predictable_facts.rows import is_missing
from sklearn.compose import ColumnTransformer
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.impute._iterative import IterativeImputer  # the public name asks for an import that allows it
from sklearn.preprocessing import FunctionTransformer

from describing import boosters
from describing.anatomy import inner_estimators, is_passed, steps
from describing.sklearn_versions import allows_nan
from describing.traits import traits_of


@dataclass
class ColumnUse:
    """`encoders` and `imputers` that see it first, each with the column's place in it; `numeric`: some step takes it as a number;
    `free_text`: the class that takes it apart into words; `used`: some step looks at it.
    """

    encoders: list[tuple[Any, int]] = field(default_factory=list)
    imputers: list[tuple[Any, int]] = field(default_factory=list)
    numeric: bool = False
    free_text: str | None = None
    accepts_missing: bool = False
    used: bool = True


def column_uses(model: Any, count: int) -> list[ColumnUse]:
    uses = [ColumnUse() for _ in range(count)]
    follow(model, list(range(count)), uses)
    for use, fate in zip(uses, fates(model, count)):
        use.accepts_missing = fate != "refuses"
    used = used_columns(model, count)
    for at, use in enumerate(uses):
        use.used = at in used
    return uses


def used_columns(model: Any, count: int) -> set[int]:
    """The columns that some step looks at: a ColumnTransformer may leave out some."""
    for first in steps(model)[:1]:
        if isinstance(first, ColumnTransformer):
            parts = [name for name, step, _ in first.transformers_ if not is_dropped(step)]
            return {at for name in parts for at in column_places(first, name)}
        inner = [estimator for estimator in inner_estimators(first) if hasattr(estimator, "n_features_in_")]
        if inner and all(estimator.n_features_in_ == count for estimator in inner):
            return set().union(*(used_columns(estimator, count) for estimator in inner))
    return set(range(count))


def is_dropped(step: Any) -> bool:
    return isinstance(step, str) and step == "drop"


def follow(model: Any, columns: list[int], uses: list[ColumnUse]) -> None:
    """Follows columns through the steps for as long as they stay the same columns."""
    for step in steps(model):
        if isinstance(step, ColumnTransformer):
            for name, transformer, _ in step.transformers_:
                if not is_passed(transformer):
                    follow(transformer, [columns[at] for at in column_places(step, name)], uses)
            return
        if inner_estimators(step):
            for inner in inner_estimators(step):
                # Bagging gives each member some of the columns only; then nothing can be said by place.
                if getattr(inner, "n_features_in_", len(columns)) == len(columns):
                    follow(inner, columns, uses)
            return
        if traits_of(step).reads_text:
            for column in columns:
                uses[column].free_text = type(step).__name__
            return
        if hasattr(step, "categories_") and isinstance(step.categories_, list):
            for at, column in enumerate(columns[: len(step.categories_)]):
                uses[column].encoders.append((step, at))
            return
        if isinstance(step, SimpleImputer):
            for at, column in enumerate(columns):
                uses[column].imputers.append((step, at))
            columns = kept_columns(step, columns)
            continue
        for column in columns:
            uses[column].numeric = True
        if not traits_of(step).column_by_column:
            return


def column_places(transformer: ColumnTransformer, name: str) -> list[int]:
    """Which columns a part of a ColumnTransformer gets, by place, however they were named when it was made."""
    return [int(at) for at in transformer._transformer_to_input_indices[name]]


def kept_columns(imputer: SimpleImputer, columns: list[int]) -> list[int]:
    """An imputer drops the columns that were empty in training, unless told otherwise."""
    empty = [isinstance(value, float) and np.isnan(value) for value in imputer.statistics_]
    if getattr(imputer, "keep_empty_features", False):
        return columns
    return [column for column, gone in zip(columns, empty) if not gone]


def keeps_columns(imputer: SimpleImputer) -> bool:
    """Whether what it gives are the columns that it gets, and no more."""
    places = list(range(len(imputer.statistics_)))
    return not imputer.add_indicator and kept_columns(imputer, places) == places


def fates(model: Any, count: int) -> list[str]:
    """What happens to a missing value in each column: `refuses`, `cleans` (replaced or encoded) or `passes` to the end."""
    result, same_columns = ["passes"] * count, True
    for step in steps(model):
        own = step_fates(step, count) if same_columns else [scalar_fate(step)] * count
        result = [new if old == "passes" else old for old, new in zip(result, own)]
        same_columns = same_columns and isinstance(step, SimpleImputer) and keeps_columns(step)
    return result


def step_fates(step: Any, count: int) -> list[str]:
    if isinstance(step, ColumnTransformer):
        by_column: list[list[str]] = [[] for _ in range(count)]
        for name, transformer, _ in step.transformers_:
            at = column_places(step, name)
            if is_dropped(transformer):
                continue
            inner = ["passes"] * len(at) if is_passed(transformer) else fates(transformer, len(at))
            for column, fate in zip(at, inner):
                by_column[column].append(fate)
        return [worst(of_one) for of_one in by_column]
    if inner_estimators(step):
        inner_fates = [fates(inner, count) for inner in inner_estimators(step)]
        # A search only hands on; other meta-estimators may check the rows themselves.
        own = ["cleans" if hasattr(step, "best_estimator_") else scalar_fate(step)] * count
        if "refuses" in own:
            return own
        return [worst(list(entries)) for entries in zip(*inner_fates)]
    if hasattr(step, "categories_") and isinstance(step.categories_, list):
        return [encoder_fate(step, at) for at in range(count)]
    return boosters_fates(step, count) or [scalar_fate(step)] * count


def boosters_fates(step: Any, count: int) -> list[str] | None:
    """Of a booster that gets as many columns: each as it learnt gaps in it or not."""
    if not boosters.is_booster(step):
        return None
    traits = boosters.read(step)[1]
    return ["passes" if trait.accepts_missing else "refuses" for trait in traits] if len(traits) == count else None


def worst(fates_of_one: list[str]) -> str:
    """What happens to a missing value that several parts get. No fate at all means that nothing looks at the column."""
    return next((fate for fate in ("refuses", "passes") if fate in fates_of_one), "cleans")


def encoder_fate(encoder: Any, at: int) -> str:
    has_missing = any(is_missing(value) for value in encoder.categories_[at])
    return "cleans" if has_missing or takes_unknown(encoder) else "refuses"


def takes_unknown(encoder: Any) -> bool:
    """Whether it makes something of a value that it has not seen; of the graph it is known to make the same."""
    unknown = traits_of(encoder).unknown
    return unknown == "mean" or unknown is not None and getattr(encoder, "handle_unknown", "error") != "error"


def scalar_fate(step: Any) -> str:
    """Of a step that treats all of its columns alike."""
    if isinstance(step, SimpleImputer) and isinstance(step.missing_values, str):
        # It looks at None like at any other value; what comes after it decides.
        return "passes"
    if isinstance(step, (SimpleImputer, KNNImputer, IterativeImputer)):
        return "cleans" if is_missing(step.missing_values) or type(step.missing_values).__name__ == "NAType" else "refuses"
    if isinstance(step, FunctionTransformer) and step.func is None and not step.validate:
        return "passes"
    if boosters.is_booster(step):
        return "passes" if boosters.accepts_missing(step) else "refuses"
    return "passes" if allows_nan(step) else "refuses"
