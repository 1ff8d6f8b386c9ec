"""Rows made up from what a model knows (thresholds, means, categories, kept training rows), for when there is no sample."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.frames import text_array
from predictable_facts.thresholds import near_thresholds
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline

from describing import boosters
from describing.anatomy import describe, inner_estimators, is_passed, steps
from describing.column_uses import column_places
from describing.columns import Plan
from describing.traits import traits_of
from describing.tree_models import is_tree

SEED = 20_240_229
MISSING_SHARE = 0.05
# Scalers that know the units of their columns.
SCALERS = ("standard", "range", "largest", "robust")
# Members of an ensemble that are asked; the rest look at the same columns.
MEMBERS = 8


def synthetic_rows(model: Any, plan: Plan, count: int) -> Iterator[dict[str, np.ndarray]]:
    """Tables of `count` rows, the same every time, likeliest first. Raises MISSING_SAMPLE when the kinds cannot be known."""
    must_be_known(model)
    random = np.random.default_rng(SEED)
    numbers = table(model, plan.width, count, random)
    rows = {}
    for column in plan.columns:
        if column.kind == "category":
            rows[column.name] = categories(column, count, random)
            continue
        values = np.nan_to_num(numbers[:, column.at], nan=0.0, posinf=1e6, neginf=-1e6)
        if column.type == "int64":
            rows[column.name] = np.rint(values).astype(np.int64)
            continue
        if column.accepts_missing:
            values[random.random(count) < MISSING_SHARE] = np.nan
        rows[column.name] = values
    yield rows
    yield {name: values if values.dtype == object else np.abs(values) for name, values in rows.items()}


def must_be_known(model: Any) -> None:
    for step in steps(model)[:1]:
        module = type(step).__module__
        if not module.startswith("sklearn.") and not boosters.is_booster(step):
            message = f"What {type(step).__name__} takes cannot be told from the model, so no rows can be made up for it."
            hint = "Give rows as the model was trained on: --sample FILE (or put them beside the model as <name>.sample.csv)."
            raise ConverterError("MISSING_SAMPLE", message, hint, model=describe(model))


def categories(column: Any, count: int, random: np.random.Generator) -> np.ndarray:
    values = list(column.categories)
    if column.accepts_missing:
        values.append(None)
    return text_array([values[at] for at in random.integers(0, len(values), count)])


def table(model: Any, width: int, count: int, random: np.random.Generator) -> np.ndarray:
    """[count, width]: rows from each source that the model offers, in turns; standard normal where it offers none."""
    sources = [source for source in row_sources(model, width, count, random) if source.shape == (count, width)]
    if not sources:
        return random.standard_normal((count, width))
    choice = random.integers(0, len(sources), count)
    return np.stack(sources)[choice, np.arange(count)]


def row_sources(model: Any, width: int, count: int, random: np.random.Generator) -> Iterator[np.ndarray]:
    """Tables [count, width]: what the first step, and what it is made of, knows of the rows that it takes."""
    chain = steps(model)
    if not chain:
        return
    first = chain[0]
    if isinstance(first, ColumnTransformer):
        yield by_parts(first, width, count, random)
        return
    if traits_of(first).scaling in SCALERS:
        yield scaler_rows(first, width, count, random)
        if len(chain) > 1:
            rest = Pipeline([(str(at), step) for at, step in enumerate(chain[1:])])
            inner = table(rest, width, count, random)
            # What the steps behind know, as their thresholds, is in scaled units: the inverse takes it to those of the columns.
            yield np.asarray(first.inverse_transform(inner))
        return
    members = [inner for inner in inner_estimators(first) if not is_tree(inner)]
    for inner in members[:MEMBERS]:
        yield table(inner, width, count, random)
    trees = list(tree_thresholds(first))
    if trees:
        yield near_thresholds(trees, width, count, random)
    rows = rows_in_model(first, width)
    if rows is not None:
        spread = np.nanstd(rows, axis=0) * 0.1
        yield rows[random.integers(0, len(rows), count)] + random.standard_normal((count, width)) * spread
    ranges = column_ranges(first, width, count, random)
    if ranges is not None:
        yield ranges


def by_parts(transformer: ColumnTransformer, width: int, count: int, random: np.random.Generator) -> np.ndarray:
    rows = random.standard_normal((count, width))
    for name, part, _ in transformer.transformers_:
        at = column_places(transformer, name)
        if at and not is_passed(part):
            rows[:, at] = table(part, len(at), count, random)
    return rows


def scaler_rows(scaler: Any, width: int, count: int, random: np.random.Generator) -> np.ndarray:
    normal = random.standard_normal((count, width))
    scaling = traits_of(scaler).scaling
    if scaling == "standard":
        center = scaler.mean_ if scaler.mean_ is not None else np.zeros(width)
        return center + normal * (np.sqrt(scaler.var_) if scaler.var_ is not None else 1.0)
    if scaling == "range":
        return scaler.data_min_ + random.uniform(-0.1, 1.1, (count, width)) * scaler.data_range_
    if scaling == "largest":
        return random.uniform(-1, 1, (count, width)) * scaler.max_abs_
    center = scaler.center_ if scaler.center_ is not None else np.zeros(width)
    return center + normal * (scaler.scale_ if scaler.scale_ is not None else 1.0)


def tree_thresholds(estimator: Any) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(feature, threshold) of the inner nodes, tree by tree."""
    if boosters.is_booster(estimator):
        yield from boosters.thresholds(estimator)
        return
    for group in getattr(estimator, "_predictors", []):
        for predictor in group:
            nodes = predictor.nodes[predictor.nodes["is_leaf"] == 0]
            yield nodes["feature_idx"].astype(np.int64), nodes["num_threshold"]
    trees = [estimator] if is_tree(estimator) else [inner for inner in inner_estimators(estimator) if is_tree(inner)]
    for tree in trees:
        inner = tree.tree_.feature >= 0
        yield tree.tree_.feature[inner], tree.tree_.threshold[inner]


ROW_ATTRIBUTES = (
    "_fit_X", "X_train_", "X_fit_", "X_", "cluster_centers_", "subcluster_centers_", "theta_", "means_", "centroids_",
)  # fmt: skip


def rows_in_model(estimator: Any, width: int) -> np.ndarray | None:
    """Rows in the units of the columns that the estimator keeps: training rows, support vectors, centres."""
    candidates: list[Any] = [getattr(estimator, name, None) for name in ROW_ATTRIBUTES]
    if getattr(estimator, "kernel", None) != "precomputed":
        candidates.append(getattr(estimator, "support_vectors_", None))
    for candidate in candidates:
        rows = candidate.toarray() if hasattr(candidate, "toarray") else candidate
        if isinstance(rows, np.ndarray) and rows.ndim == 2 and rows.shape[1] == width and len(rows):
            return rows.astype(np.float64)
    return None


def column_ranges(estimator: Any, width: int, count: int, random: np.random.Generator) -> np.ndarray | None:
    """Rows from what it keeps of each column: categories, quantiles, edges of bins, means or counts."""
    encoded = getattr(estimator, "categories_", None)
    if isinstance(encoded, list) and len(encoded) == width:
        columns = [[value for value in values if isinstance(value, (int, float, np.number))] for values in encoded]
        return np.column_stack([random.choice(np.array(numbers or [0], dtype=np.float64), count) for numbers in columns])
    quantiles = getattr(estimator, "quantiles_", None)
    if isinstance(quantiles, np.ndarray) and quantiles.ndim == 2 and quantiles.shape[1] == width:
        return quantiles[random.integers(0, len(quantiles), count), :] + random.standard_normal((count, width)) * 1e-3
    edges = getattr(estimator, "bin_edges_", None)
    if edges is not None and len(edges) == width:
        return np.column_stack([random.uniform(own[0] - 0.1, own[-1] + 0.1, count) for own in edges])
    counts = getattr(estimator, "n_categories_", None)
    if counts is not None and len(counts) == width:
        return np.column_stack([random.integers(0, number, count) for number in counts]).astype(np.float64)
    statistics = getattr(estimator, "statistics_", None)
    if isinstance(statistics, np.ndarray) and len(statistics) == width and statistics.dtype.kind == "f":
        return statistics + random.standard_normal((count, width)) * (0.1 * np.abs(statistics) + 0.1)
    if hasattr(estimator, "mean_") and np.shape(estimator.mean_) == (width,):
        return np.asarray(estimator.mean_) + random.standard_normal((count, width))
    if hasattr(estimator, "feature_log_prob_") or hasattr(estimator, "feature_count_"):
        return random.integers(0, 6, (count, width)).astype(np.float64)
    return None
