"""The answers to the orchestrator's two questions, as src/converters/answer.ts describes them."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING, Any, Dict, List

import numpy as np
from predictable_facts.columns import Column
from predictable_facts.request import Request

if TYPE_CHECKING:
    from onnx import ModelProto

Warnings = List[Dict[str, str]]


def conversion(
    *,
    title: str,
    libraries: Dict[str, str],
    onnx: str,
    columns: List[Column],
    inputs: List[Dict[str, Any]],
    outputs: List[Dict[str, Any]],
    reference: Dict[str, Any],
    warnings: Warnings,
) -> Dict[str, Any]:
    """`convertedSchema`.

    `title`: the model in one line. `onnx`: the file of the raw graph. `inputs` and `outputs`: facts about its tensors.
    """
    return {
        "model": title,
        "libraries": libraries,
        "onnx": onnx,
        "columns": [column.facts() for column in columns],
        "inputs": inputs,
        "outputs": outputs,
        "reference": reference,
        "warnings": warnings,
    }


def prediction(reference: Dict[str, Any], warnings: Warnings) -> Dict[str, Any]:
    """`predictedSchema`."""
    return {"reference": reference, "warnings": warnings}


def with_python(libraries: Dict[str, str]) -> Dict[str, str]:
    """The versions of a converter's own libraries, and of Python and numpy, which all converters have."""
    return {"python": platform.python_version(), **libraries, "numpy": np.__version__}


def write_onnx(model: ModelProto, request: Request) -> str:
    """The same model gives the same bytes."""
    path = os.path.join(request["work"], "raw.onnx")
    with open(path, "wb") as file:
        file.write(model.SerializeToString(deterministic=True))
    return path
