"""GaussianMixture and BayesianGaussianMixture in double."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.nodes import Nodes
from writing.registration import add_labelled


def register() -> None:
    from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

    for cls in (BayesianGaussianMixture, GaussianMixture):
        add_labelled(cls, lambda model: len(model.means_), convert, options=("score_samples",))


def convert(nodes: Nodes, model: Any) -> None:
    """log of the weight, and of the density, which is −d²/2 and what the mean itself has: it stands in the model's own words."""
    distances = squared_distances(nodes, nodes.rows(), model)
    means = np.asarray(model.means_, dtype=np.float64)
    at_means = np.diag(model._estimate_log_prob(means)) + model._estimate_log_weights()
    scores = nodes.emit("Add", nodes.emit("Mul", distances, -0.5), at_means[np.newaxis])
    nodes.label(nodes.emit("ArgMax", scores, axis=1, keepdims=0), np.arange(len(means)))
    nodes.deliver(nodes.emit("Softmax", scores, axis=1), 1)


def squared_distances(nodes: Nodes, rows: str, model: Any) -> str:
    """[N,components], along the axes of the precisions, from each mean: scikit-learn's own form cancels where columns are far from 0."""
    distances = []
    for at, mean in enumerate(model.means_):
        centred = nodes.emit("Sub", rows, np.reshape(mean, (1, -1)))
        axes = axes_of(model, at)
        turned = nodes.product(centred, axes) if axes.ndim == 2 else nodes.emit("Mul", centred, axes[np.newaxis])
        distances.append(nodes.total(nodes.emit("Mul", turned, turned), axes.shape[-1]))
    return nodes.beside(distances)


def axes_of(model: Any, at: int) -> np.ndarray:
    """Of a component: [F,F], or [F] where the axes are the columns."""
    factors = np.asarray(model.precisions_cholesky_, dtype=np.float64)
    if model.covariance_type == "tied":
        return factors
    return np.broadcast_to(factors[at], (model.means_.shape[1],)) if model.covariance_type == "spherical" else factors[at]
