"""What a fitted model compares its columns with, in their own units: where probe rows look first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from predictable_facts.knowledge import Knowledge
from predictable_facts.rows import is_missing
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.impute._iterative import IterativeImputer  # the public name asks for an import that allows it

from describing import boosters
from describing.anatomy import entries
from describing.column_uses import column_uses
from describing.columns import Plan
from describing.synthetic import tree_thresholds
from describing.tree_models import is_tree, tree_members


def knowledge(model: Any, plan: Plan) -> Knowledge:
    """Of trees that see the columns as they are, of imputers and encoders that see them first."""
    features, thresholds = splits(model, plan.width)
    uses, whole = column_uses(model, plan.width), whole_imputers(model, plan.width)
    found = Knowledge()
    for column in plan.columns:
        own = thresholds[features == column.at]
        if own.size and not column.text:
            found.thresholds[column.name] = own
        imputers = [imputer for imputer, _ in uses[column.at].imputers] + whole
        markers = [imputer.missing_values for imputer in imputers if not is_missing(imputer.missing_values)]
        if markers:
            found.markers[column.name] = list(dict.fromkeys(markers))
        if not column.text:
            known = [value for encoder, at in uses[column.at].encoders for value in encoder.categories_[at] if not is_missing(value)]
            found.codes[column.name] = sorted({float(value) for value in known})
    return found


def whole_imputers(model: Any, width: int) -> list[Any]:
    """Imputers of all columns that are the first step."""
    kinds = (SimpleImputer, KNNImputer, IterativeImputer)
    return [entry for entry in entries(model) if isinstance(entry, kinds) and entry.n_features_in_ == width]


def splits(model: Any, width: int) -> tuple[np.ndarray, np.ndarray]:
    """(feature, threshold) of the inner nodes of all trees that see the columns as they are."""
    found = [(np.zeros(0, dtype=np.int64), np.zeros(0)), *direct_splits(model, width)]
    features, thresholds = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return features, thresholds


def direct_splits(model: Any, width: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for entry in entries(model):
        for grown in tree_members(entry) or [entry]:
            if is_grown(grown) and getattr(grown, "n_features_in_", width) == width and getattr(grown, "is_categorical_", None) is None:
                yield from tree_thresholds(grown)


def is_grown(estimator: Any) -> bool:
    return is_tree(estimator) or hasattr(estimator, "_predictors") or boosters.is_booster(estimator)
