"""What a model gives out: how its columns are called, and their facts as the envelope wants them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Sequence

import numpy as np


@dataclass
class Output:
    """A result of the model, and what its columns are called.

    `role`: `label`, `probability`, `score` or `value`. `values`: [rows, len(names)]; labels that are text as text, of which `labels`
    has all in the order of their codes.
    """

    names: list[str]
    role: str
    values: np.ndarray
    labels: list[str] | None = None


def label(values: np.ndarray, labels: list[str] | None = None) -> Output:
    """The column of labels: whole numbers, or, where `labels` has texts, the codes of these."""
    codes = np.asarray(values).reshape(-1, 1).astype(np.int64)
    if labels is None:
        return Output(["label"], "label", codes)
    return Output(["label"], "label", np.array(labels, dtype=object)[codes], labels)


def probabilities(values: np.ndarray, classes: list[Any]) -> Output:
    return Output([f"probability_{name}" for name in classes], "probability", np.asarray(values))


def value(values: np.ndarray, role: str = "value", name: str = "variable1") -> Output:
    return Output([name], role, np.asarray(values).reshape(-1, 1))


def with_free_names(outputs: list[Any], columns: list[str]) -> list[dict[str, str]]:
    """Makes the names of outputs differ from the columns' and from each other by more than case. Returns a warning for each changed name."""
    taken, warnings = {name.casefold() for name in columns}, []
    for output in outputs:
        for at, name in enumerate(output.names):
            free, number = name, 2
            while free.casefold() in taken:
                free, number = f"{name}_{number}", number + 1
            if free != name:
                message = f"output {name} is called {free}, since that name is taken (names ignore case)"
                warnings.append({"code": "OUTPUT_RENAMED", "message": message})
            taken.add(free.casefold())
            output.names[at] = free
    return warnings


def class_names(prefix: str, classes: np.ndarray, target: str = "") -> list[str]:
    stem = f"{prefix}_{target}_" if target else f"{prefix}_"
    return [f"{stem}{class_text(value)}" for value in classes]


def class_text(value: Any) -> str:
    return str(int(value)) if isinstance(value, (bool, np.bool_, float, np.floating)) else str(value)


def output_columns(outputs: Sequence[Output]) -> dict[str, np.ndarray]:
    return {name: output.values[:, at] for output in outputs for at, name in enumerate(output.names)}


def output_facts(output: Output, tensor: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"tensor": tensor, "names": output.names, "role": output.role}
    return facts if output.labels is None else {**facts, "labels": output.labels}
