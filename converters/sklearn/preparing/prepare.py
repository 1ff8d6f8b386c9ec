"""A copy of the model that skl2onnx converts rightly: only what must differ is copied, the original stays as it is."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import VotingClassifier, VotingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from describing.anatomy import entries, is_passed, steps
from describing.column_uses import column_places, is_dropped
from describing.traits import Preparation, traits_of
from describing.tree_models import is_tree_model
from preparing.equivalents import EQUIVALENTS, as_transformer
from preparing.given import Given
from preparing.lookups import Lookup, is_encoder, lookup, with_lookups
from preparing.trees import Picked, as_pipeline, folded, joined, reading_columns


def prepared(model: Any, given: Given) -> Any:
    """The estimator to convert."""
    preparation = traits_of(model).preparation
    if hasattr(model, "best_estimator_"):
        return prepared(model.best_estimator_, given)
    if isinstance(model, Pipeline):
        return pipeline(model, given)
    if isinstance(model, FeatureUnion):
        return with_steps(model, "transformer_list", given)
    if isinstance(model, ColumnTransformer):
        return with_places(model, given)
    if isinstance(model, (VotingClassifier, VotingRegressor)):
        return voting(model, given)
    if preparation is not None:
        return PREPARATIONS[preparation](model, given)
    if is_encoder(model):
        return lookup([model], given.double)
    return reading_columns(model, given)


def pipeline(model: Pipeline, given: Given) -> Any:
    found = folded(model, given)
    if found is None:
        return with_steps(model, "steps", given)
    trees, computed = found
    before = Pipeline([(str(at), as_transformer(step)) for at, step in enumerate(steps(model)[:-1])])
    return as_pipeline(trees, computed, with_steps(before, "steps", given) if computed else None, given)


def with_steps(model: Any, attribute: str, given: Given) -> Any:
    """Of a pipeline only the first step sees the columns themselves; of a union, each."""
    before = getattr(model, attribute)
    is_pipeline = isinstance(model, Pipeline)
    named = [(name, step) for name, step in before if not is_passed(step)]
    if is_pipeline:
        named = with_lookups([*((name, as_transformer(step)) for name, step in named[:-1]), *named[-1:]], given.double)
    places = [given if at == 0 or not is_pipeline else given.after_a_step for at in range(len(named))]
    after = [(name, prepared(step, place)) for (name, step), place in zip(named, places)]
    if is_pipeline and type(model) is not Pipeline:
        # imbalanced-learn's, which skl2onnx does not know: without its samplers it is one like any other.
        return Pipeline(after)
    if len(after) == len(before) and all(new is old for (_, new), (_, old) in zip(after, before)):
        return model
    result = copy.copy(model)
    setattr(result, attribute, after)
    return result


def with_places(model: ColumnTransformer, given: Given) -> Any:
    """Columns by place: the graph's inputs have names of their own."""
    if given.matrix:
        # skl2onnx has to know how wide the matrix is, and does not.
        parts = [(name, step, column_places(model, name)) for name, step, _ in model.transformers_ if not is_dropped(step)]
        return FeatureUnion([(name, picked(step, places, given)) for name, step, places in parts if places])
    result = copy.copy(model)
    result.transformers_ = [
        (name, step if is_passed(step) else prepared(step, given.behind), column_places(model, name))
        for name, step, _ in model.transformers_
    ]
    return result


def picked(step: Any, places: list[int], given: Given) -> Pipeline:
    rest = [] if is_passed(step) else [("step", prepared(step, given.behind))]
    return Pipeline([("columns", Picked(places)), *rest])


def voting(model: Any, given: Given) -> Any:
    result = copy.copy(model)
    result.estimators_ = [prepared(inner, given) for inner in model.estimators_]
    result.flatten_transform = False
    return result


def by_columns(model: Any, width: int) -> Any:
    """One input a column, but the first step takes a table: a ColumnTransformer before it joins them, as skl2onnx does there."""
    if any(isinstance(entry, (ColumnTransformer, Lookup)) for entry in entries(model)):
        return model
    rest = model.steps if isinstance(model, Pipeline) else [("model", model)]
    return Pipeline([("columns", joined([("all", "passthrough", list(range(width)))])), *rest])


def imputer(model: Any, _: Given) -> Any:
    if model.add_indicator:
        # skl2onnx forgets the marks of missing values: a union of the imputer without them and of what marks them is the same.
        plain = copy.copy(model)
        plain.add_indicator = False
        return FeatureUnion([("values", plain), ("marks", model.indicator_)])
    return model


def dense_embedding(model: Any, _: Given) -> Any:
    result = copy.copy(model)
    result.sparse_output = False
    return result


def logistic_regression(model: Any, _: Given) -> Any:
    """A logistic regression with its coefficients, which has the same probabilities; those of skl2onnx are others, for two classes."""
    return with_attributes(LogisticRegression(), model, np.atleast_2d(model.coef_))


def with_attributes(result: Any, model: Any, coefficients: np.ndarray) -> Any:
    intercept = np.ravel(np.asarray(model.intercept_, dtype=np.float64))
    result.coef_, result.intercept_ = coefficients, np.broadcast_to(intercept, (len(coefficients),)).copy()
    result.classes_, result.n_features_in_ = model.classes_, model.n_features_in_
    return result


def with_inner(model: Any, attribute: str, given: Given) -> Any:
    """The same around a prepared one of its own estimators."""
    result = copy.copy(model)
    setattr(result, attribute, prepared(getattr(model, attribute), given))
    return result


def members(model: Any, given: Given) -> Any:
    if is_tree_model(model):
        return reading_columns(model, given)
    result = copy.copy(model)
    all_columns = [None] * len(model.estimators_)
    places = [given if has_all(features, model) else given.behind for features in getattr(model, "estimators_features_", all_columns)]
    result.estimators_ = [prepared(inner, place) for inner, place in zip(model.estimators_, places)]
    return result


def has_all(features: Any, model: Any) -> bool:
    return features is None or np.array_equal(features, np.arange(model.n_features_in_))


def stack(model: Any, given: Given) -> Any:
    result = members(model, given)
    result.final_estimator_ = prepared(model.final_estimator_, given.behind)
    return result


def calibrated(model: Any, given: Given) -> Any:
    result = copy.copy(model)
    result.calibrated_classifiers_ = [
        with_inner(one, first_name(one, "estimator", "base_estimator"), given) for one in model.calibrated_classifiers_
    ]
    return result


def by_codes(model: Any, _: Given) -> Any:
    """With the labels 0, 1, 2 …: the graph made for other labels does not load, or gives these anyway."""
    result = copy.copy(model)
    result.classes_ = np.arange(len(model.classes_))
    return result


def first_of(model: Any, *names: str) -> Any:
    """The attribute under the name that this version has."""
    return getattr(model, first_name(model, *names))


def first_name(model: Any, *names: str) -> str:
    return next(name for name in names if hasattr(model, name))


PREPARATIONS: dict[Preparation, Callable[[Any, Given], Any]] = {
    **EQUIVALENTS,
    "calibrated": calibrated,
    "codes": by_codes,
    "dense embedding": dense_embedding,
    "estimator": lambda model, given: prepared(model.estimator, given),
    "estimator_": lambda model, given: prepared(model.estimator_, given),
    "imputer": imputer,
    "logistic regression": logistic_regression,
    "members": members,
    "regressor_": lambda model, given: with_inner(model, "regressor_", given),
    "stack": stack,
    "self training": lambda model, given: prepared(first_of(model, "estimator_", "base_estimator_"), given),
}
