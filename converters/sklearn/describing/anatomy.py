"""How an estimator is put together: its first steps, its last step, and its description in one line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sklearn.compose import ColumnTransformer
from sklearn.pipeline import FeatureUnion, Pipeline

# Attributes under which a fitted meta-estimator keeps the fitted estimators that get the same rows as itself.
INNER = ("best_estimator_", "estimator_", "regressor_", "estimators_", "calibrated_classifiers_")


def steps(model: Any) -> list[Any]:
    """A pipeline's fitted steps, without those that pass everything on; of another estimator, itself."""
    if not isinstance(model, Pipeline):
        return [model]
    working = [step for _, step in model.steps if not is_passed(step)]
    return [inner for step in working for inner in steps(step)]


def is_passed(step: Any) -> bool:
    """Whether a step does nothing to rows that are predicted: `passthrough`, `drop`, and the samplers in imbalanced-learn's pipelines."""
    return step is None or isinstance(step, str) and step in ("passthrough", "drop") or hasattr(step, "fit_resample")


def inner_estimators(model: Any) -> list[Any]:
    """The fitted estimators inside a meta-estimator that get the rows as they come to it."""
    if isinstance(model, FeatureUnion):
        return [step for _, step in model.transformer_list if not is_passed(step)]
    for attribute in INNER:
        value = getattr(model, attribute, None)
        if value is None or isinstance(value, str):
            continue
        if attribute == "estimator_" and isinstance(value, Pipeline) and hasattr(model, "estimators_"):
            # The unfitted one that the members are clones of.
            continue
        if attribute == "calibrated_classifiers_":
            return [getattr(calibrated, "estimator", None) or calibrated.base_estimator for calibrated in value]
        members = value.ravel().tolist() if hasattr(value, "ravel") else list(value) if isinstance(value, (list, tuple)) else [value]
        return [member for member in members if hasattr(member, "get_params")]
    return []


def entries(model: Any) -> Iterator[Any]:
    """Every estimator that sees the rows as the user gives them: the first steps, through meta-estimators."""
    chain = steps(model)
    if not chain:
        return
    first = chain[0]
    yield first
    for inner in inner_estimators(first):
        yield from entries(inner)


def every(model: Any) -> Iterator[Any]:
    """Every fitted estimator inside, itself included."""
    for step in steps(model):
        yield step
        if isinstance(step, ColumnTransformer):
            for _, transformer, _ in step.transformers_:
                if not is_passed(transformer):
                    yield from every(transformer)
        for inner in inner_estimators(step):
            yield from every(inner)


def final(model: Any) -> Any:
    """The estimator that predicts: the last step, through searches and wrappers that only hand on."""
    if isinstance(model, Pipeline):
        return final(model.steps[-1][1])
    best = getattr(model, "best_estimator_", None)
    return model if best is None else final(best)


def describe(model: Any) -> str:
    """`Pipeline(StandardScaler, LogisticRegression)`."""
    name = type(model).__name__
    if isinstance(model, Pipeline):
        return f"{name}({', '.join('passthrough' if is_passed(step) else describe(step) for _, step in model.steps)})"
    if isinstance(model, ColumnTransformer):
        parts = [describe(step) for _, step, _ in model.transformers_ if not is_passed(step)]
        return f"{name}({', '.join(parts)})"
    if isinstance(model, FeatureUnion):
        return f"{name}({', '.join(describe(step) for _, step in model.transformer_list if not is_passed(step))})"
    best = getattr(model, "best_estimator_", None)
    return f"{name}({describe(best)})" if best is not None else name
