"""Gives a model of an older version what this version's fit would have set: only where the value is certain, not a guess.

Held against what the old versions themselves predict: scripts/old-pickles.sh.
"""

from __future__ import annotations

from collections import UserList
from typing import Any, Callable

import sklearn.compose._column_transformer as column_transformer
from sklearn.preprocessing import FunctionTransformer

from anatomy import every


class RemainderColumns(UserList):  # type: ignore[type-arg]
    """scikit-learn 1.5 and 1.6 pickle a list class of their own with every ColumnTransformer."""


def provide_names() -> None:
    """Names that pickles import and that this version no longer has."""
    if not hasattr(column_transformer, "_RemainderColsList"):
        column_transformer._RemainderColsList = RemainderColumns


def renew(model: Any) -> None:
    for part in every(model):
        change = CHANGES.get(type(part).__name__)
        if change is not None:
            change(part)


def imputer(part: Any) -> None:
    """From 1.1 on, fit keeps the type of its rows, of which only "object or number" matters; from 1.8 on, under two names."""
    if not hasattr(part, "_fit_dtype"):
        part._fit_dtype = part.statistics_.dtype
    if not hasattr(part, "keep_empty_features"):
        # Before 1.2 there was no choice.
        part.keep_empty_features = False
    if not hasattr(part, "_fill_dtype"):
        part._fill_dtype = part._fit_dtype


def columns(part: Any) -> None:
    """From 1.2 on, what is passed through goes through a transformer that does nothing."""
    part.transformers_ = [
        (name, step, list(chosen) if isinstance(chosen, RemainderColumns) else chosen)
        for name, step, chosen in part.transformers_
    ]
    if not hasattr(part, "_name_to_fitted_passthrough"):
        part._name_to_fitted_passthrough = {
            name: FunctionTransformer(accept_sparse=True, check_inverse=False, feature_names_out="one-to-one")
            for name, step, _ in part.transformers_
            if isinstance(step, str) and step == "passthrough"
        }


def boosting(part: Any) -> None:
    """From 1.1 on, the loss has a private name."""
    if "_loss" not in vars(part) and "loss_" in vars(part):
        part._loss = vars(part)["loss_"]


CHANGES: dict[str, Callable[[Any], None]] = {
    "ColumnTransformer": columns,
    "GradientBoostingClassifier": boosting,
    "GradientBoostingRegressor": boosting,
    "SimpleImputer": imputer,
}
