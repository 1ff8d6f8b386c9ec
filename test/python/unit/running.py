"""Runs graphs, and imports modules of converters, for tests."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from onnx.reference import ReferenceEvaluator

ROOT = Path(__file__).resolve().parents[3]
OPSETS = {"": 21, "ai.onnx.ml": 3}


def results(graph: Any, tensors: list[str], kinds: list[int], **given: np.ndarray) -> list[np.ndarray]:
    """What a Graph computes; the tensors become its outputs."""
    for tensor, kind in zip(tensors, kinds, strict=True):
        graph.output(tensor, kind)
    return ReferenceEvaluator(graph.model()).run(None, given)


def of_converter(name: str, *modules: str) -> list[ModuleType]:
    """Its modules, which lie on the top level: other converters have some of the same name."""
    folder = str(ROOT / "converters" / name)
    before = set(sys.modules)
    sys.path.insert(0, folder)
    try:
        return [importlib.import_module(module) for module in modules]
    finally:
        sys.path.remove(folder)
        for module in set(sys.modules) - before:
            if (getattr(sys.modules[module], "__file__", None) or "").startswith(folder):
                del sys.modules[module]
