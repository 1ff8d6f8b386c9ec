"""The model that the user's own function builds, with the weights that a file holds."""

from __future__ import annotations

import importlib
import os
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.factory import factory_name, on_path
from predictable_facts.request import Factory, Request
from predictable_keras.files import INTACT_HINT, KerasFile

from frameworks import import_keras

PLACE_HINT = "Put it beside the model file, or run the command in its folder."


def built_model(factory: Factory, request: Request) -> tuple[Any, KerasFile]:
    """Raises UNTRUSTED_ARTIFACT, MISSING_MODULE, UNSUPPORTED_MODEL, or CORRUPT_MODEL where the weights do not fit."""
    name = os.path.basename(request["path"])
    called = factory_name(factory)
    if not request["trusted"]:
        message = f"{called} is code of yours, which runs only when you vouch for {name}."
        raise ConverterError("UNTRUSTED_ARTIFACT", message, "Say so: --trust, --trust-sha256 or --trust-lock.")
    with on_path(factory["folders"]):
        model = call(factory, called)
    file = KerasFile(name, import_keras(generation_of(model, called)).__version__, {"class_name": type(model).__name__, "config": {}})
    try:
        model.load_weights(request["path"])
    except Exception as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:300]
        raise ConverterError("CORRUPT_MODEL", f"The weights in {name} do not fit what {called} builds: {reason}", INTACT_HINT) from error
    return model, file


def call(factory: Factory, called: str) -> Any:
    try:
        function = getattr(importlib.import_module(factory["module"]), factory["function"])
        return function()
    except ModuleNotFoundError as error:
        message = f"{called} needs the module {error.name}, which is not there."
        raise ConverterError("MISSING_MODULE", message, PLACE_HINT, module=error.name) from error
    except AttributeError as error:
        raise ConverterError("MISSING_MODULE", f"{called}: {error}.", "Check the name of the function.") from error
    except Exception as error:
        message = f"{called} fails: {type(error).__name__}: {str(error)[:300]}"
        raise ConverterError("UNSUPPORTED_MODEL", message, "It is called without arguments, and returns the model.") from error


def generation_of(model: Any, called: str) -> int:
    for generation in (3, 2):
        if isinstance(model, import_keras(generation).Model):
            return generation
    message = f"{called} returns a {type(model).__name__}, where a model of keras or tf_keras is wanted."
    raise ConverterError("UNSUPPORTED_MODEL", message, "Let it return the model.")
