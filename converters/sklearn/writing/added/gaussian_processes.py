"""Gaussian processes: the regressor's mean, and the classifier by Laplace's approximation, one against the rest or one against one."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from writing.formulas.gaussian_kernels import covariance, self_covariance
from writing.formulas.piecewise import error_function
from writing.nodes import Nodes
from writing.registration import add_classifier, add_values

# skl2onnx's parser asks a regressor's registration for them.
OPTIONS = ("return_cov", "return_std")


def register() -> None:
    from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor

    add_values(GaussianProcessRegressor, lambda model: width(model.y_train_), convert_regressor, OPTIONS)
    add_classifier(GaussianProcessClassifier, convert_classifier)


def width(targets: np.ndarray) -> int:
    return 1 if targets.ndim == 1 else targets.shape[1]


def convert_regressor(nodes: Nodes, model: Any) -> None:
    weights = model.alpha_.reshape(len(model.alpha_), -1)
    mean = weighted_covariance(nodes, nodes.rows(), model.X_train_, model.kernel_, weights)
    scale, level = (np.reshape(values, (1, -1)) for values in (model._y_train_std, model._y_train_mean))
    nodes.deliver(nodes.emit("Add", nodes.emit("Mul", mean, scale), level))


def weighted_covariance(nodes: Nodes, rows: str, model_rows: np.ndarray, kernel: Any, weights: np.ndarray) -> str:
    return nodes.product(covariance_matrix(nodes, rows, model_rows, kernel), weights)


def covariance_matrix(nodes: Nodes, rows: str, model_rows: np.ndarray, kernel: Any) -> str:
    similar = covariance(nodes, rows, model_rows, kernel)
    if isinstance(similar, str):
        return similar
    return nodes.constant_rows(np.full((1, len(model_rows)), similar))


def convert_classifier(nodes: Nodes, model: Any) -> None:
    rows, base = nodes.rows(), model.base_estimator_
    if len(model.classes_) == 2:
        score, share = laplace(nodes, rows, base)
        nodes.label(as_places(nodes, nodes.emit("Greater", score, 0.0)), model.classes_)
        nodes.deliver(nodes.emit("Concat", nodes.emit("Sub", 1.0, share), share, axis=1), 1)
        return
    parts = [laplace(nodes, rows, part) for part in base.estimators_]
    if model.multi_class == "one_vs_one":
        votes = voted(nodes, parts, len(model.classes_))
        nodes.label(nodes.emit("ArgMax", votes, axis=1, keepdims=0), model.classes_)
        nodes.deliver(votes, 1)
        return
    shares = nodes.emit("Concat", *(share for _, share in parts), axis=1)
    nodes.label(nodes.emit("ArgMax", shares, axis=1, keepdims=0), model.classes_)
    nodes.deliver(nodes.emit("Div", shares, nodes.total(shares, len(model.classes_))), 1)


def as_places(nodes: Nodes, flags: str) -> str:
    return nodes.emit("Reshape", nodes.int64(flags), np.array([-1]))


def laplace(nodes: Nodes, rows: str, model: Any) -> tuple[str, str]:
    """The latent mean and the share of the second class, both [N,1]: algorithm 3.2 of Rasmussen and Williams, as scikit-learn has it."""
    from sklearn.gaussian_process._gpc import COEFS, LAMBDAS

    model_rows, kernel = model.X_train_, model.kernel_
    similar = covariance_matrix(nodes, rows, model_rows, kernel)
    mean = nodes.product(similar, (model.y_train_ - model.pi_).reshape(-1, 1))
    solved = np.linalg.solve(model.L_, np.diag(model.W_sr_))
    spread = nodes.product(similar, solved.T)
    explained = nodes.total(nodes.emit("Mul", spread, spread), len(model_rows))
    variance = nodes.emit("Sub", self_covariance(nodes, rows, model_rows.shape[1], kernel), explained)
    # erf(λ·mean / √(1 + 2·variance·λ²)) / 2 is what is left of its integral over the latent value.
    slopes = LAMBDAS.reshape(1, -1)
    below = nodes.emit("Sqrt", nodes.emit("Add", nodes.emit("Mul", variance, 2.0 * slopes**2), 1.0))
    parts = error_function(nodes, nodes.emit("Div", nodes.emit("Mul", mean, slopes), below))
    share = nodes.product(parts, 0.5 * COEFS.reshape(-1, 1))
    return mean, nodes.emit("Add", share, 0.5 * float(COEFS.sum()))


def voted(nodes: Nodes, parts: list[tuple[str, str]], classes: int) -> str:
    """[N,classes]: the votes of all pairs of classes. Equal ones are told apart by sums of confidences, squeezed to less than a vote."""
    first = np.zeros((len(parts), classes))
    second = np.zeros((len(parts), classes))
    for at, (first_class, second_class) in enumerate(combinations(range(classes), 2)):
        first[at, first_class], second[at, second_class] = 1.0, 1.0
    won = nodes.number(nodes.emit("Greater", nodes.emit("Concat", *(mean for mean, _ in parts), axis=1), 0.0))
    confidence = nodes.emit("Concat", *(share for _, share in parts), axis=1)
    votes = nodes.emit("Add", nodes.product(won, second - first), first.sum(axis=0)[np.newaxis])
    sums = nodes.product(confidence, second - first)
    size = nodes.emit("Mul", nodes.emit("Add", nodes.emit("Abs", sums), 1.0), 3.0)
    return nodes.emit("Add", votes, nodes.emit("Div", sums, size))
