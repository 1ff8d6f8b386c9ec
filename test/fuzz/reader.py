"""Reads a model file as a conversion does, up to the model that it holds; what a converter would then do with it is left out."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import ModuleType
from typing import Any

from predictable_bridge import host
from predictable_facts.pickles import inspect_pickle


def read(request: dict[str, Any]) -> None:
    if request["format"] == "walked":
        inspect_pickle(request["path"])
        return
    converter = host.load(request["converter_of"])
    with converter:
        READERS[os.path.basename(converter.folder)](converter.module, request)


def trees(module: ModuleType, request: dict[str, Any]) -> None:
    model, _ = module.read(request)
    model.traits(None)


def spark(module: ModuleType, request: dict[str, Any]) -> None:
    """Up to Spark itself, which another test starts: a session takes seconds."""
    name = os.path.basename(request["path"])
    module.check(module.read_stages(name, module.plain_copy(request["path"], request["work"])))


READERS: dict[str, Callable[[ModuleType, dict[str, Any]], Any]] = {
    "catboost": trees,
    "coreml": lambda module, request: module.read_spec(request["path"]),
    "h2o": lambda module, request: module.understood(module.read_mojo(request["path"])),
    "keras": lambda module, request: module.load(request),
    "keras-onnx": lambda module, request: module.load(request),
    "libsvm": lambda module, request: module.parse(request["path"]),
    "lightgbm": trees,
    "pytorch": lambda module, request: module.load(request),
    "sklearn": lambda module, request: module.load(request),
    "spark": spark,
    "tensorflow": lambda module, request: module.load(request),
    "xgboost": trees,
}
