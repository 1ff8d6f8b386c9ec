"""Estimators that are a kernel against the rows that they keep: KernelRidge, OneClassSVM, LabelPropagation, LabelSpreading, Nystroem."""

from __future__ import annotations

from typing import Any

import numpy as np

from describing.arrays import dense, matrix
from writing.formulas.kernels import pairwise_kernel
from writing.nodes import Nodes
from writing.registration import add_classifier, add_labelled, add_values


def register() -> None:
    from sklearn.kernel_approximation import Nystroem
    from sklearn.kernel_ridge import KernelRidge
    from sklearn.semi_supervised import LabelPropagation, LabelSpreading
    from sklearn.svm import OneClassSVM

    add_values(KernelRidge, lambda model: matrix(model.dual_coef_).shape[1], convert_ridge)
    add_labelled(OneClassSVM, lambda _: 1, convert_one_class, column=True)
    add_values(Nystroem, lambda model: len(model.normalization_), convert_nystroem)
    for cls in (LabelPropagation, LabelSpreading):
        add_classifier(cls, convert_propagation)


def convert_ridge(nodes: Nodes, model: Any) -> None:
    parameters = (model.kernel_params or {}) | kernel_parameters(model)
    similar = pairwise_kernel(nodes, nodes.rows(), dense(model.X_fit_), model.kernel, parameters)
    nodes.deliver(nodes.product(similar, matrix(model.dual_coef_)))


def convert_one_class(nodes: Nodes, model: Any) -> None:
    parameters = kernel_parameters(model) | {"gamma": model._gamma}
    similar = pairwise_kernel(nodes, nodes.rows(), dense(model.support_vectors_), model.kernel, parameters)
    total = nodes.product(similar, dense(model.dual_coef_).T)
    nodes.deliver_outliers(nodes.emit("Add", total, float(model.intercept_[0])))


def convert_nystroem(nodes: Nodes, model: Any) -> None:
    similar = pairwise_kernel(nodes, nodes.rows(), dense(model.components_), model.kernel, model._get_kernel_params())
    nodes.deliver(nodes.product(similar, np.asarray(model.normalization_).T))


def convert_propagation(nodes: Nodes, model: Any) -> None:
    """Each row that the model keeps hands its classes on, in proportion to its likeness."""
    if model.kernel != "rbf":
        raise NotImplementedError("it is converted with the kernel rbf only")
    similar = pairwise_kernel(nodes, nodes.rows(), dense(model.X_), "rbf", {"gamma": model.gamma})
    shares = nodes.product(similar, model.label_distributions_)
    shares = nodes.emit("Div", shares, nodes.total(shares, len(model.classes_)))
    nodes.label(nodes.emit("ArgMax", shares, axis=1, keepdims=0), model.classes_)
    nodes.deliver(shares, 1)


def kernel_parameters(model: Any) -> dict[str, Any]:
    return {name: getattr(model, name) for name in ("gamma", "degree", "coef0")}
