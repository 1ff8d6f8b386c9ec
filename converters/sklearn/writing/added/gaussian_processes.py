"""Gaussian processes: the regressor's mean, and the classifier by Laplace's approximation, one against the rest or one against one."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from writing.formulas.gaussian_kernels import covariance, own
from writing.formulas.piecewise import error_function
from writing.nodes import Nodes
from writing.registration import add_classifier, add_values

# skl2onnx's parser asks after them.
OPTIONS = ("return_cov", "return_std")


def register() -> None:
    from sklearn.gaussian_process import GaussianProcessClassifier, GaussianProcessRegressor

    add_values(GaussianProcessRegressor, lambda model: width(model.y_train_), convert_regressor, OPTIONS)
    add_classifier(GaussianProcessClassifier, convert_classifier)


def width(targets: np.ndarray) -> int:
    return 1 if targets.ndim == 1 else targets.shape[1]


def convert_regressor(nodes: Nodes, model: Any) -> None:
    weights = model.alpha_.reshape(len(model.alpha_), -1)
    mean = against(nodes, nodes.rows(), model.X_train_, model.kernel_, weights)
    scale, level = (np.reshape(values, (1, -1)) for values in (model._y_train_std, model._y_train_mean))
    nodes.deliver(nodes.emit("Add", nodes.emit("Mul", mean, scale), level))


def against(nodes: Nodes, rows: str, kept: np.ndarray, found: Any, weights: np.ndarray) -> str:
    return nodes.product(full(nodes, rows, kept, found), weights)


def full(nodes: Nodes, rows: str, kept: np.ndarray, found: Any) -> str:
    similar = covariance(nodes, rows, kept, found)
    if isinstance(similar, str):
        return similar
    return nodes.constant_rows(np.full((1, len(kept)), similar))


def convert_classifier(nodes: Nodes, model: Any) -> None:
    rows, base = nodes.rows(), model.base_estimator_
    if len(model.classes_) == 2:
        score, share = laplace(nodes, rows, base)
        nodes.label(flat(nodes, nodes.emit("Greater", score, 0.0)), model.classes_)
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


def flat(nodes: Nodes, flags: str) -> str:
    return nodes.emit("Reshape", nodes.whole(flags), np.array([-1]))


def laplace(nodes: Nodes, rows: str, model: Any) -> tuple[str, str]:
    """The latent mean and the share of the second class, both [N,1]: algorithm 3.2 of Rasmussen and Williams, as scikit-learn has it."""
    from sklearn.gaussian_process._gpc import COEFS, LAMBDAS

    kept, found = model.X_train_, model.kernel_
    similar = full(nodes, rows, kept, found)
    mean = nodes.product(similar, (model.y_train_ - model.pi_).reshape(-1, 1))
    solved = np.linalg.solve(model.L_, np.diag(model.W_sr_))
    spread = nodes.product(similar, solved.T)
    explained = nodes.total(nodes.emit("Mul", spread, spread), len(kept))
    variance = nodes.emit("Sub", own(nodes, rows, kept.shape[1], found), explained)
    # erf(λ·mean / √(1 + 2·variance·λ²)) / 2 is what is left of its integral over the latent value.
    slopes = LAMBDAS.reshape(1, -1)
    below = nodes.emit("Sqrt", nodes.emit("Add", nodes.emit("Mul", variance, 2.0 * slopes**2), 1.0))
    parts = error_function(nodes, nodes.emit("Div", nodes.emit("Mul", mean, slopes), below))
    share = nodes.product(parts, 0.5 * COEFS.reshape(-1, 1))
    return mean, nodes.emit("Add", share, 0.5 * float(COEFS.sum()))


def voted(nodes: Nodes, parts: list[tuple[str, str]], classes: int) -> str:
    """Votes of each pair, and sums of confidences, squeezed, between equal ones."""
    first = np.zeros((len(parts), classes))
    second = np.zeros((len(parts), classes))
    for at, (one, other) in enumerate(combinations(range(classes), 2)):
        first[at, one], second[at, other] = 1.0, 1.0
    won = nodes.number(nodes.emit("Greater", nodes.emit("Concat", *(mean for mean, _ in parts), axis=1), 0.0))
    sure = nodes.emit("Concat", *(share for _, share in parts), axis=1)
    votes = nodes.emit("Add", nodes.product(won, second - first), first.sum(axis=0)[np.newaxis])
    sums = nodes.product(sure, second - first)
    size = nodes.emit("Mul", nodes.emit("Add", nodes.emit("Abs", sums), 1.0), 3.0)
    return nodes.emit("Add", votes, nodes.emit("Div", sums, size))
