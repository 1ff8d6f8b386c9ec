"""The network that the user's own function builds, or why it builds none."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import torch
from predictable_bridge.errors import ConverterError
from predictable_facts.factory import factory_name
from predictable_facts.request import Factory

from trial import first_line


def build(factory: Factory, saved: Any) -> torch.nn.Module:
    """Call within `on_path`. A function with one argument gets what the file holds. Raises MISSING_MODULE or UNSUPPORTED_MODEL."""
    name = factory_name(factory)
    try:
        module = importlib.import_module(factory["module"])
    except ModuleNotFoundError as error:
        if error.name == factory["module"].split(".")[0]:
            message = f"There is no module {factory['module']} in {', '.join(factory['folders']) or 'the environment'}."
            raise ConverterError("MISSING_MODULE", message, "Put it beside the model file, or run the command in its folder.") from error
        message = f"The module {factory['module']} needs {error.name}, which is not installed in the PyTorch environment."
        raise ConverterError("MISSING_MODULE", message, "Give the package that has it with --wheel FILE.", module=error.name) from error
    except Exception as error:
        raise ConverterError("UNSUPPORTED_MODEL", f"Importing {factory['module']} fails: {first_line(error)}") from error
    function = getattr(module, factory["function"], None)
    if not callable(function):
        found = [key for key, value in vars(module).items() if callable(value) and getattr(value, "__module__", "") == module.__name__]
        hint = f"It has {', '.join(found)}." if found else "It defines no function."
        raise ConverterError("MISSING_MODULE", f"The module {factory['module']} has no function {factory['function']}.", hint)
    try:
        network = function(saved) if needs_argument(function) else function()
    except Exception as error:
        message = f"{name} fails: {type(error).__name__}: {first_line(error)}"
        hint = "It is called without arguments, or, when it has one that it needs, with what torch.load reads from the file."
        raise ConverterError("UNSUPPORTED_MODEL", message, hint) from error
    if not isinstance(network, torch.nn.Module):
        message = f"{name} returns a {type(network).__name__}, where a torch.nn.Module is wanted."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Let it return the network.")
    return network


def needs_argument(function: Any) -> bool:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return any(each.kind in positional and each.default is inspect.Parameter.empty for each in parameters)
