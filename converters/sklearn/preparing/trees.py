"""Pipelines that end in trees: the trees read the columns themselves, wherever the steps before them can be folded into thresholds."""

from __future__ import annotations

import copy
from typing import Any

from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline

from describing.anatomy import steps
from describing.tree_models import is_tree_model, used_features
from folding.folding import numeric
from folding.planning import plan_folding
from preparing.given import Given

# Where an estimator keeps what its trees read: a folding, or the type of its columns.
READING = "_predictable_reading"


def reading_columns(model: Any, given: Given) -> Any:
    """The trees of an estimator, with the type of the columns that they read, so that they need not compare in double."""
    if given.table is None or not is_tree_model(model):
        return model
    wide = any(column.type != "float" for column in given.table.columns if not column.text)
    return with_reading(model, "double" if wide else "float")


def folded(model: Pipeline, given: Given) -> tuple[Any, list[int]] | None:
    """The estimator of the last step with a folding, and the features that are computed still; None where nothing folds."""
    chain = steps(model)
    if given.table is None or len(chain) < 2 or not is_tree_model(chain[-1]):
        return None
    without = {feature for pipeline, feature in given.computed if pipeline == id(model)}
    found = plan_folding(chain[:-1], given.table, used_features(chain[-1]), without)
    if found is None:
        return None
    found.owner = id(model)
    return with_reading(chain[-1], found), found.computed


def as_pipeline(trees: Any, computed: list[int], before: Any, given: Given) -> Any:
    """The columns that are numbers, and what the steps `before` make of them where that is computed still, in one matrix before the trees.

    `before`: those steps, prepared.
    """
    table = given.table
    assert table is not None
    columns = [table.columns[place].at for place in numeric(table)]
    if not computed and columns == list(range(table.width)):
        return trees
    parts: list[tuple[str, Any, list[int]]] = [("columns", "passthrough", columns)]
    if computed:
        parts.append(("features", Pipeline([*before.steps, ("used", Picked(computed))]), list(range(table.width))))
    return Pipeline([("matrix", joined(parts)), ("trees", trees)])


class Picked(TransformerMixin, BaseEstimator):
    """A step that keeps the features at these places."""

    def __init__(self, places: list[int]) -> None:
        self.places = places


def joined(parts: list[tuple[str, Any, list[int]]]) -> ColumnTransformer:
    result = ColumnTransformer([])
    result.transformers_ = parts
    return result


def with_reading(model: Any, reading: Any) -> Any:
    result = twin(model)
    setattr(result, READING, reading)
    return result


def twin(estimator: Any) -> Any:
    """A copy with all that the estimator keeps: CatBoost's own way to copy leaves out what it does not know."""
    result = copy.copy(estimator)
    vars(result).update(vars(estimator))
    return result
