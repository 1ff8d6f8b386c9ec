"""KernelPCA in double: the kernel against the training rows, centred, on its components."""

from __future__ import annotations

from typing import Any

import numpy as np

from describing.arrays import dense
from writing.formulas.kernels import pairwise_kernel
from writing.nodes import Nodes
from writing.registration import add_values


def register() -> None:
    from sklearn.decomposition import KernelPCA

    add_values(KernelPCA, lambda model: len(model.eigenvalues_), convert)


def convert(nodes: Nodes, model: Any) -> None:
    """A component without an eigenvalue stays 0."""
    centerer, kept = model._centerer, np.asarray(model.eigenvalues_) > 0
    gamma = getattr(model, "gamma_", model.gamma)
    parameters = {"gamma": gamma, "degree": model.degree, "coef0": model.coef0, **(model.kernel_params or {})}
    rows = dense(model.X_fit_)
    similar = pairwise_kernel(nodes, nodes.rows(), rows, model.kernel, parameters)
    mean = nodes.emit("Div", nodes.total(similar, len(rows)), float(len(centerer.K_fit_rows_)))
    centred = nodes.emit("Sub", nodes.emit("Sub", similar, np.reshape(centerer.K_fit_rows_, (1, -1))), mean)
    centred = nodes.emit("Add", centred, float(centerer.K_fit_all_))
    scaled = np.zeros_like(model.eigenvectors_)
    scaled[:, kept] = model.eigenvectors_[:, kept] / np.sqrt(model.eigenvalues_[kept])
    nodes.deliver(nodes.product(centred, scaled))
