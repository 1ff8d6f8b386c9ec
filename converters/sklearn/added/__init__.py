"""Converters of estimators that skl2onnx lacks, one file a family; each registers itself with it."""

from __future__ import annotations

from importlib import import_module

FAMILIES = (
    "boosters", "calibration", "centres", "chains", "dummies", "ensembles", "envelopes", "gaussian", "imputation", "interpolation", "machines",
    "networks", "quantiles", "radius", "rounds", "samplers", "simple_imputation", "splines", "targets",
)  # fmt: skip


def register() -> None:
    for family in FAMILIES:
        import_module(f"added.{family}").register()
