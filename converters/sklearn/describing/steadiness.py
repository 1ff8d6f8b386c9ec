"""Where a model's predictions hang on the last bits of sums: of its jobs, of several columns before its last step, of distances."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from predictable_facts.rows import Rows
from predictable_facts.undecided import differing
from sklearn.compose import ColumnTransformer
from sklearn.feature_selection import SelectorMixin
from sklearn.impute import KNNImputer
from sklearn.pipeline import FeatureUnion, Pipeline

from describing.anatomy import every, inner_estimators, is_passed
from describing.columns import Plan
from describing.neighbours import tied, tied_donors
from describing.outputs import Output, predict_outputs
from describing.rows import native_input
from describing.traits import traits_of
from describing.tree_models import members_of

# Beside those that look at each column by itself: what comes out is one value of a column, or a product of some.
ELEMENT_BY_ELEMENT = (
    "KBinsDiscretizer", "MissingIndicator", "OneHotEncoder", "OrdinalEncoder", "PolynomialFeatures", "SimpleImputer", "SplineTransformer",
    "TargetEncoder",
)  # fmt: skip
# How far sums move, in units in the last place: as far as another order of adding moves them.
UNITS = 4
# Beyond so many values features are not copied to be moved.
MOST_VALUES = 4_000_000


def one_job(model: Any) -> None:
    """With several jobs sums are made in the order in which these end, so that the last bits change from call to call."""
    for step in ensembles(model):
        if getattr(step, "n_jobs", None) not in (None, 1):
            step.n_jobs = 1


def ensembles(model: Any) -> Iterator[Any]:
    """Every estimator inside, and the fitted members of ensembles, which also keep the unfitted one that these are clones of."""
    for step in every(model):
        yield step
        for member in members_of(step):
            if hasattr(member, "get_params"):
                yield from every(member)


def hangs_on_last_bits(model: Any, plan: Plan, names: list[str], rows: Rows, outputs: list[Output]) -> np.ndarray:
    """The rows whose predictions change when sums before the last step move up, down, or each its own way, or where neighbours tie."""
    *before, last = steps_of(model)
    found = np.zeros(len(outputs[0].values), dtype=bool)
    searches = hasattr(last, "_fit_method") and hasattr(last, "_y")
    if not searches and not isinstance(last, KNNImputer) and not any(makes_sums(step) for step in before):
        return found
    features, summed = native_input(model, plan, rows), None
    for step in before:
        if isinstance(step, KNNImputer):
            found |= tied_donors(step, np.asarray(features, dtype=np.float64))
        features, summed = passed_through(step, features, summed)
    features = features.toarray() if hasattr(features, "toarray") else np.asarray(features)
    if features.dtype.kind != "f" or features.size > MOST_VALUES:
        return found
    if isinstance(last, KNNImputer):
        found |= tied_donors(last, features.astype(np.float64))
    if summed is not None and summed.any():
        found |= moved(last, names, features, summed, outputs)
    return found | tied(last, features) if searches else found


def steps_of(model: Any) -> list[Any]:
    """The steps that do something, the last one predicts."""
    best = getattr(model, "best_estimator_", model)
    return [step for _, step in best.steps if not is_passed(step)] if isinstance(best, Pipeline) else [best]


def moved(last: Any, names: list[str], features: np.ndarray, summed: np.ndarray, outputs: list[Output]) -> np.ndarray:
    found = np.zeros(len(features), dtype=bool)
    signs = np.random.default_rng(0).choice([-1, 1], features.shape)
    steps = UNITS * np.spacing(np.abs(features)) * summed
    for sign in (1, -1, signs):
        answers = predict_outputs(last, features + steps * sign, names)
        found |= differing([output.values for output in outputs], [answer.values for answer in answers])
    return found


def makes_sums(step: Any) -> bool:
    if isinstance(step, Pipeline):
        return any(makes_sums(inner) for _, inner in step.steps if not is_passed(inner))
    if isinstance(step, ColumnTransformer):
        return any(makes_sums(inner) for _, inner, _ in step.transformers_ if not is_passed(inner))
    if isinstance(step, FeatureUnion):
        return any(makes_sums(inner) for inner in inner_estimators(step))
    return not (traits_of(step).column_by_column or type(step).__name__ in ELEMENT_BY_ELEMENT or isinstance(step, SelectorMixin))


def passed_through(step: Any, features: Any, summed: np.ndarray | None) -> tuple[Any, np.ndarray]:
    """What a step makes of the features, and which of that are sums. `summed`: which of the features are; None for none."""
    result = step.transform(features)
    width = result.shape[1]
    none = np.zeros(width, dtype=bool)
    if isinstance(step, Pipeline):
        for _, inner in step.steps:
            if not is_passed(inner):
                features, summed = passed_through(inner, features, summed)
        return result, none if summed is None else summed
    if summed is not None and summed.any():
        if isinstance(step, SelectorMixin):
            return result, summed[step.get_support()]
        return result, summed if traits_of(step).column_by_column and len(summed) == width else ~none
    if isinstance(step, ColumnTransformer):
        for name, inner, _ in step.transformers_:
            if not is_passed(inner):
                none[step.output_indices_[name]] = makes_sums(inner)
        return result, none
    if isinstance(step, FeatureUnion):
        widths = [(inner.transform(features).shape[1], makes_sums(inner)) for inner in inner_estimators(step)]
        return result, np.concatenate([np.full(own, sums) for own, sums in widths])
    return result, none if not makes_sums(step) else ~none
