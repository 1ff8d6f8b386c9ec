"""Gives a model of an older version what this version's fit would have set: only where the value is certain, not a guess.

Held against what the old versions themselves predict: docs/old-models.md.
"""

from __future__ import annotations

from collections import UserList
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import sklearn
import sklearn.compose._column_transformer as column_transformer
from sklearn.preprocessing import FunctionTransformer

from describing.anatomy import every
from describing.sklearn_versions import minor
from describing.traits import Renewal, traits_of


class RemainderColumns(UserList[Any]):
    """scikit-learn 1.5 and 1.6 pickle a list class of their own with every ColumnTransformer."""


def provide_missing_names() -> None:
    """Names that pickles import and that this version no longer has."""
    if not hasattr(column_transformer, "_RemainderColsList"):
        column_transformer._RemainderColsList = RemainderColumns


class StaleModelError(AttributeError):
    """What this version would need cannot be had from what the model has."""


def renew(model: Any, saved: str) -> None:
    """Raises StaleModelError for a model that would load and predict otherwise here than where it was made."""
    for part in {id(part): part for part in parts(model)}.values():
        renewal = traits_of(part).renewal
        if renewal is not None:
            RENEWALS[renewal](part, saved)


def parts(model: Any) -> Iterator[Any]:
    """Every estimator inside, also the members of an ensemble beside the one that they were made from."""
    for part in every(model):
        yield part
        members = getattr(part, "estimators_", [])
        for member in members.ravel().tolist() if hasattr(members, "ravel") else members:
            if hasattr(member, "get_params"):
                yield from parts(member)


def renew_column_transformer(part: Any, _: str) -> None:
    """From 1.2 on, what is passed through goes through a transformer that does nothing."""
    part.transformers_ = [
        (name, step, list(chosen) if isinstance(chosen, RemainderColumns) else chosen) for name, step, chosen in part.transformers_
    ]
    set_missing(
        part,
        _transformer_to_input_indices=lambda: columns_by_place(part),
        _name_to_fitted_passthrough=lambda: {
            name: FunctionTransformer(accept_sparse=True, check_inverse=False, feature_names_out="one-to-one")
            for name, step, _ in part.transformers_
            if isinstance(step, str) and step == "passthrough"
        },
        verbose_feature_names_out=lambda: True,
    )


def columns_by_place(part: Any) -> dict[str, list[int]]:
    """The places of each part's columns. Before 1.0 a model kept what the user gave: names or places here, others are not renewed."""
    names: Any = getattr(part, "_df_columns", None)
    if names is not None:
        part.feature_names_in_ = np.asarray(names, dtype=object)
    places = {}
    for name, _, chosen in part.transformers_:
        columns = [chosen] if isinstance(chosen, (str, int)) else chosen
        if not isinstance(columns, list):
            raise StaleModelError(f"'ColumnTransformer' does not know the places of its columns {chosen!r}")
        places[name] = [int(names.get_loc(column)) if isinstance(column, str) else int(column) for column in columns]
    return places


def renew_encoder(part: Any, _: str) -> None:
    """Before 1.1 there were no infrequent categories; 1.2 renamed what the table is made of."""
    set_missing(
        part,
        _infrequent_enabled=lambda: False,
        min_frequency=lambda: None,
        max_categories=lambda: None,
        sparse_output=lambda: part.sparse,
        n_features_in_=lambda: len(part.categories_),
    )
    if not part._infrequent_enabled:
        set_missing(part, _drop_idx_after_grouping=lambda: part.drop_idx_, _n_features_outs=lambda: output_widths(part))


def output_widths(part: Any) -> list[int]:
    """How many columns the table of each encoded column has."""
    dropped = [None] * len(part.categories_) if part.drop_idx_ is None else part.drop_idx_
    return [len(categories) - (at is not None) for categories, at in zip(part.categories_, dropped)]


def renew_imputer(part: Any, _: str) -> None:
    """From 1.1 on, fit keeps the type of its rows, of which only "object or number" matters; from 1.8 on, under two names."""
    set_missing(
        part,
        _fit_dtype=lambda: part.statistics_.dtype,
        _fill_dtype=lambda: part._fit_dtype,
        # Before 1.2 there was no choice.
        keep_empty_features=lambda: False,
    )


def renew_loss(part: Any, _: str) -> None:
    """From 1.1 on, the loss has a private name."""
    if "loss_" in vars(part):
        set_missing(part, _loss=lambda: vars(part)["loss_"])


def check_leaves(part: Any, _: str) -> None:
    """Since 1.4 a leaf holds shares, which predict takes for probabilities; before it held counts."""
    if hasattr(part, "tree_") and minor(sklearn.__version__) >= (1, 4) and part.tree_.value.sum(axis=2).max() > 1.5:
        raise StaleModelError(f"'{type(part).__name__}' counts the rows of its leaves")


def check_votes(part: Any, _: str) -> None:
    """Since 1.6 members vote in one way only, which was not the default before."""
    if minor(sklearn.__version__) >= (1, 6) and getattr(part, "algorithm", None) == "SAMME.R":
        raise StaleModelError("'AdaBoostClassifier' votes by SAMME.R, which scikit-learn has no more")


def renew_multi_class(part: Any, _: str) -> None:
    """1.5 writes `deprecated` for what `auto` said; older versions take that for a choice of its own."""
    if minor(sklearn.__version__) < (1, 5) and getattr(part, "multi_class", None) == "deprecated":
        part.multi_class = "auto"


def renew_latent_coefficients(part: Any, saved: str) -> None:
    """Since 1.5 the coefficients of CCA and partial least squares are for the columns as they are; before they were for scaled ones."""
    saved_as, here = minor(saved), minor(sklearn.__version__)
    if saved_as < (1, 5) <= here:
        part.coef_ = part.coef_ / part._x_std
    elif here < (1, 5) <= saved_as:
        part.coef_ = part.coef_ * part._x_std


RENEWALS: dict[Renewal, Callable[[Any, str], None]] = {
    "column transformer": renew_column_transformer,
    "encoder": renew_encoder,
    "imputer": renew_imputer,
    "latent coefficients": renew_latent_coefficients,
    "leaves": check_leaves,
    "loss": renew_loss,
    "multi_class": renew_multi_class,
    "votes": check_votes,
}


def set_missing(part: Any, **attributes: Callable[[], Any]) -> None:
    """Sets the attributes that a part does not have, in this order."""
    for name, value in attributes.items():
        if not hasattr(part, name):
            setattr(part, name, value())
