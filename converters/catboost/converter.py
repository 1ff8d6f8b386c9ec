"""The CatBoost converter: a .cbm model or a pickled estimator to raw ONNX, facts about its columns, and its predictions."""

from __future__ import annotations

from typing import Any

from predictable_facts.request import Request
from predictable_trees import conversion

from reading import of_estimator, read

__all__ = ["convert", "of_estimator", "predict", "warm"]


def convert(request: Request) -> dict[str, Any]:
    return conversion.convert(request, read)


def predict(request: Request) -> dict[str, Any]:
    return conversion.predict(request, read)


def warm() -> None:
    """Imports what a conversion otherwise imports late, so that a new environment has it compiled."""
    import joblib  # noqa: F401
    import pandas  # noqa: F401
