"""Converters of estimators that skl2onnx lacks, one file a family; each registers itself with it."""

from __future__ import annotations

from importlib import import_module

FAMILIES = (
    "bernoulli_rbm", "boosters", "chains", "distances", "dummies", "elliptic_envelope", "gaussian_processes", "isotonic",
    "iterative_imputer", "kernel_machines", "knn_imputer", "lookups", "missing_indicator", "nearest_centre", "picked", "quantile_transformer",
    "radius_neighbors", "random_features", "simple_imputer", "spline_transformer", "transformed_target",
)  # fmt: skip


def register() -> None:
    for family in FAMILIES:
        import_module(f"{__name__}.{family}").register()
