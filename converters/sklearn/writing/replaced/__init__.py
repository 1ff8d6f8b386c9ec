"""Converters of estimators that skl2onnx has too, but wrong or slow; each puts itself in the place of that one."""

from __future__ import annotations

from importlib import import_module

FAMILIES = ("function_transformer", "k_means", "trees")


def register() -> None:
    for family in FAMILIES:
        import_module(f"{__name__}.{family}").register()
