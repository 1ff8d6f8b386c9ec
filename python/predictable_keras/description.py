"""The description of a model's layers as JSON: its shape, every object in it however deep, and what of it a message shows."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Iterator, List, Tuple

# What is nested deeper describes no model.
DEEPEST = 200
LONGEST_SHOWN = 120
VERSION = re.compile(r"[0-9]{1,4}(?:\.[0-9]+)*(?:[.+-]?[A-Za-z][A-Za-z0-9.+-]*)?")
MODELS = ("Sequential", "Functional", "Model")


def check_shape(version: Any, config: Any) -> None:
    """What is read further on without looking twice. Raises ValueError."""
    if not isinstance(version, str) or not VERSION.fullmatch(version):
        raise ValueError("this is no version of Keras: %s" % shown(version))
    if not isinstance(config, dict) or not isinstance(config.get("config"), (dict, list)):
        raise ValueError("it says nothing of its layers")
    waiting: List[Tuple[int, Any]] = [(0, config)]
    while waiting:
        depth, value = waiting.pop()
        if depth > DEEPEST:
            raise ValueError("its description is nested too deep")
        value = parsed(value)
        if isinstance(value, dict):
            check_names(value)
        if isinstance(value, (dict, list)):
            waiting += [(depth + 1, each) for each in (value.values() if isinstance(value, dict) else value)]


def check_names(described: Dict[str, Any]) -> None:
    if "class_name" not in described:
        return
    for key in ("class_name", "module", "registered_name"):
        if not isinstance(described.get(key), str) and (key == "class_name" or described.get(key) is not None):
            raise ValueError("the %s %s of a layer is no name" % (key, shown(described.get(key))))
    inner = described.get("config")
    layers = inner if isinstance(inner, list) else inner.get("layers", []) if isinstance(inner, dict) else []
    if bare(described["class_name"]) in MODELS and not (isinstance(layers, list) and all(isinstance(each, dict) for each in layers)):
        raise ValueError("the layers of %s are no list of layers" % shown(described["class_name"]))


def objects(config: Any, layer: str = "the model") -> Iterator[Tuple[str, Dict[str, Any]]]:
    """Every described object however deep, in JSON within JSON too, with the name of the layer that it is of."""
    config = parsed(config)
    if isinstance(config, list):
        for each in config:
            yield from objects(each, layer)
    if isinstance(config, dict):
        inner = config.get("config")
        if "class_name" in config:
            named = config.get("name") or (inner.get("name") if isinstance(inner, dict) else None)
            layer = "layer %s" % shown(named) if isinstance(named, str) else layer
            yield layer, config
        for value in config.values():
            yield from objects(value, layer)


def parsed(value: Any) -> Any:
    """JSON that is in a text, in a text, … Raises RecursionError: what is too deep here may not be so for Keras."""
    while isinstance(value, str) and value.lstrip()[:1] in ("{", "[", '"'):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    return value


def shown(value: Any, most: int = LONGEST_SHOWN) -> str:
    """For a message: the beginning of what a file says, in one line."""
    whole = str(value)
    text = "".join(each if each.isprintable() else " " for each in whole[:most])
    return text if len(whole) <= most else text + "…"


def bare(name: Any) -> str:
    """A class's own name, without its package or module."""
    return str(name).rsplit(">", 1)[-1].rsplit(".", 1)[-1]
