"""Which columns of numbers are wider than real: those that were asked for, and those whose digits the model looks at."""

from __future__ import annotations

import numpy as np
from predictable_facts.request import Request


def number_type(request: Request, name: str, sampled: np.ndarray | None, compares_doubles: bool) -> str:
    """`double` or `float`. `sampled`: the column's values in the sample; `compares_doubles`: whether the model rounds none of them."""
    if request["wide"] is None:
        return "double" if request["precision"] == "double" else "float"
    is_wide = name in request["wide"] or compares_doubles and sampled is not None and loses_digits(sampled)
    return "double" if is_wide else "float"


def loses_digits(values: np.ndarray) -> bool:
    """Whether float32 holds some of these numbers otherwise."""
    if values.dtype.kind not in "fiu":
        return False
    with np.errstate(over="ignore"):
        rounded = values.astype(np.float32).astype(values.dtype if values.dtype.kind == "f" else np.float64)
    known = ~np.isnan(values) if values.dtype.kind == "f" else np.full(len(values), True)
    return bool((rounded[known] != values[known]).any())
