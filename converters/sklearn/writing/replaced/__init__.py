"""Converters of estimators that skl2onnx has too, but wrong, slow or in float only; each puts itself in the place of that one."""

from __future__ import annotations

from importlib import import_module

FAMILIES = (
    "categories_bayes", "discriminants", "element_by_element", "function_transformer", "k_bins", "k_means", "k_neighbors", "kernel_pca",
    "linear_classifiers", "mixtures", "polynomial_features", "power_transformer", "support_vectors",
)  # fmt: skip


def register() -> None:
    for family in FAMILIES:
        import_module(f"{__name__}.{family}").register()
