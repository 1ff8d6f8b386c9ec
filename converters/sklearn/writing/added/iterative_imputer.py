"""IterativeImputer: what is missing is guessed from the other columns, in rounds, by the regressors of its last fit."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.nodes import Nodes
from writing.registration import add_values

# Each round is a regressor a column: more would be a graph of thousands of nodes.
STEP_LIMIT = 2000


def register() -> None:
    from sklearn.impute._iterative import IterativeImputer

    add_values(IterativeImputer, lambda model: int(kept_columns(model).sum()), convert)


def kept_columns(model: Any) -> np.ndarray:
    return np.full(len(model._is_empty_feature), True) if model.keep_empty_features else ~model._is_empty_feature


def convert(nodes: Nodes, model: Any) -> None:
    if model.sample_posterior:
        raise NotImplementedError("with sample_posterior it draws at random: it imputes otherwise each time")
    if model._is_empty_feature.any():
        raise NotImplementedError("it is converted where no column was empty in training")
    if len(model.imputation_sequence_) > STEP_LIMIT:
        raise NotImplementedError(f"it has {len(model.imputation_sequence_)} steps, more than {STEP_LIMIT}")
    rows, present = nodes.filled(model.missing_values)
    width = len(model._is_empty_feature)
    first = np.asarray(model.initial_imputer_.statistics_, dtype=np.float64)[np.newaxis]
    start = nodes.where(present, rows, first)
    columns = [nodes.column(start, at) for at in range(width)]
    present_columns = [nodes.column(present, at) for at in range(width)]
    row_columns = [nodes.column(rows, at) for at in range(width)]
    for step in model.imputation_sequence_:
        guess = guess_column(nodes, columns, step)
        low, high = model._min_value[step.feat_idx], model._max_value[step.feat_idx]
        guess = nodes.emit("Min", nodes.emit("Max", guess, finite(low)), finite(high))
        columns[step.feat_idx] = nodes.where(present_columns[step.feat_idx], row_columns[step.feat_idx], guess)
    nodes.deliver(nodes.emit("Concat", *columns, axis=1))


def finite(bound: float) -> float:
    return float(np.clip(bound, -np.finfo(np.float64).max, np.finfo(np.float64).max))


def guess_column(nodes: Nodes, columns: list[str], step: Any) -> str:
    """[N,1]: one regressor's guess. Linear ones compute in double here; of others it is what their own converters compute."""
    estimator = step.estimator
    joined = nodes.emit("Concat", *(columns[at] for at in step.neighbor_feat_idx), axis=1)
    coefficients = getattr(estimator, "coef_", None)
    if coefficients is not None and is_linear(estimator):
        weights = np.asarray(coefficients, dtype=np.float64).reshape(-1, 1)
        return nodes.emit("Add", nodes.product(joined, weights), float(np.ravel(estimator.intercept_)[0]))
    source = nodes.operator.inputs[0]
    variable = nodes.scope.declare_local_variable("d_others", source.type.__class__([None, len(step.neighbor_feat_idx)]))
    nodes.emit("Cast", joined, to=nodes.output_types[0], result=variable.full_name)
    (values,) = nodes.predicted(estimator, variable)
    return nodes.double(nodes.emit("Reshape", values, np.array([-1, 1])))


def is_linear(estimator: Any) -> bool:
    """Whether it is a regressor of sklearn.linear_model without a link function."""
    module = type(estimator).__module__
    return module.startswith("sklearn.linear_model.") and not module.startswith("sklearn.linear_model._glm")
