"""Which column each feature of a model comes from, where it comes from a single one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.feature_selection import SelectorMixin
from sklearn.impute import SimpleImputer
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    OneHotEncoder,
    OrdinalEncoder,
    PowerTransformer,
    QuantileTransformer,
)

from describing.anatomy import is_passed
from describing.arrays import matrix
from describing.column_uses import column_places, is_dropped, kept_columns
from describing.traits import traits_of

# Functions of NumPy that look at each number by itself, beside its ufuncs.
ELEMENTWISE = (np.clip, np.round, np.around, np.fix, np.nan_to_num, np.real_if_close)
# Beyond so many, looking a value up is shorter than comparing it with all of them.
MOST_CUTS = 8
# Steps whose functions are computed with more than additions, multiplications and divisions.
UNSURE = (FunctionTransformer, PowerTransformer, QuantileTransformer)


@dataclass(frozen=True)
class Source:
    """A feature is a function of this column alone. `cuts`: values of the column beside which it may jump in either direction; between
    two of them it rises or falls only. `as_is`: the feature is the column. `sure`: it is monotone by its arithmetic, which rounds each of
    its few operations rightly; else it is to be held against the numbers themselves.
    """

    column: int
    cuts: tuple[float, ...] = ()
    as_is: bool = True
    sure: bool = True


Sources = list["Source | None"]


def sources(model: Any, rows: Any, incoming: Sources) -> tuple[Sources, Any]:
    """Of each feature behind the steps, and the features themselves of `rows`. None: of a feature that mixes columns, or is unknown."""
    if is_passed(model):
        return incoming, rows
    if type(model) is Pipeline:
        for _, step in model.steps:
            incoming, rows = sources(step, rows, incoming)
        return incoming, rows
    after = model.transform(rows)
    width = matrix(after).shape[1]
    found = by_class(model, rows, incoming)
    return (found if len(found) == width else [None] * width), after


def by_class(model: Any, rows: Any, incoming: Sources) -> Sources:
    if type(model) is ColumnTransformer:
        return of_parts(model, rows, incoming)
    if type(model) is FeatureUnion:
        return [one for _, step in model.transformer_list if not is_dropped(step) for one in sources(step, rows, incoming)[0]]
    if not type(model).__module__.startswith("sklearn."):
        return []
    if isinstance(model, SimpleImputer):
        return of_imputer(model, incoming)
    if isinstance(model, SelectorMixin):
        return [one for one, kept in zip(incoming, model.get_support()) if kept]
    if isinstance(model, FunctionTransformer) and not is_elementwise(model.func):
        return []
    if isinstance(model, KBinsDiscretizer):
        return of_bins(model, incoming)
    if isinstance(model, (OneHotEncoder, OrdinalEncoder)):
        return of_encoder(model, incoming)
    exact = not isinstance(model, UNSURE)
    return [moved(one, exact) for one in incoming] if traits_of(model).column_by_column else []


def of_parts(model: ColumnTransformer, rows: Any, incoming: Sources) -> Sources:
    """In the order in which the parts' features stand beside each other."""
    found: Sources = []
    for name, step, _ in model.transformers_:
        at = column_places(model, name)
        if is_dropped(step) or not at:
            continue
        part = rows.iloc[:, at] if hasattr(rows, "iloc") else rows[:, at]
        found += sources(step, part, [incoming[place] for place in at])[0]
    return found


def is_elementwise(function: Any) -> bool:
    return function is None or isinstance(function, np.ufunc) or function in ELEMENTWISE


def of_imputer(model: SimpleImputer, incoming: Sources) -> Sources:
    """What is imputed, then the marks of what was missing. A marker is a value like others to its left and to its right."""
    marker = model.missing_values
    is_number = isinstance(marker, (int, float)) and marker == marker
    imputed = [with_cuts(one, [marker]) if is_number else one for one in incoming]
    result = [imputed[at] for at in kept_columns(model, list(range(len(incoming))))]
    if model.add_indicator:
        result += [moved(imputed[int(at)]) for at in model.indicator_.features_]
    return result


def of_bins(model: KBinsDiscretizer, incoming: Sources) -> Sources:
    if model.encode == "ordinal":
        return [moved(one) for one in incoming]
    edges = [moved(with_cuts(one, own[1:-1])) for one, own in zip(incoming, model.bin_edges_)]
    return [one for one, count in zip(edges, model.n_bins_) for _ in range(int(count))]


def of_encoder(model: Any, incoming: Sources) -> Sources:
    """Of categories that are numbers: each is a value unlike its neighbours."""
    result: Sources = []
    groups = getattr(model, "_n_features_outs", None) if isinstance(model, OneHotEncoder) else [1] * len(incoming)
    if groups is None:
        return []
    for one, categories, count in zip(incoming, model.categories_, groups):
        numeric = all(isinstance(value, (int, float, np.number)) for value in categories)
        known = [float(value) for value in categories if value == value] if numeric else []
        result += [moved(with_cuts(one, known)) if numeric and takes_others(model) else None] * int(count)
    return result


def takes_others(model: Any) -> bool:
    return getattr(model, "handle_unknown", "error") != "error"


def with_cuts(source: Source | None, cuts: Any) -> Source | None:
    """Only where the step sees the column itself are its values those of the column; each cut may take a comparison more."""
    if source is None or not source.as_is:
        return None
    all_cuts = tuple(sorted({*source.cuts, *(float(cut) for cut in cuts)}))
    return replace(source, cuts=all_cuts) if len(all_cuts) <= MOST_CUTS else None


def moved(source: Source | None, exact: bool = True) -> Source | None:
    return source and replace(source, as_is=False, sure=source.sure and exact)
