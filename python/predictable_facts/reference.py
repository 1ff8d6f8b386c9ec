"""The one writer of a reference: the rows that the original predicted and what it predicted, as frame files in the work folder."""

from __future__ import annotations

import os
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
from predictable_facts.frames import write_frame
from predictable_facts.outputs import Output, output_columns
from predictable_facts.request import Request


def write_reference(
    request: Request,
    rows: Mapping[str, np.ndarray],
    outputs: Sequence[Output],
    unrounded: Optional[Sequence[Output]] = None,
    by: str = "native",
    probes: Optional[Dict[str, Any]] = None,
    undecided: Optional[Dict[str, int]] = None,
    float32: bool = False,
) -> Dict[str, Any]:
    """`referenceSchema` of src/converters/answer.ts.

    `rows`: by column, as they are. `outputs`: predicted of the rows when each number is rounded to its column's type.
    `unrounded`: predicted of the rows as they are, where that is another question. `by`: `native`, or `onnx` where the original cannot run.
    `probes`: facts of the last of the rows, where some are probes. `undecided`: rows that were left out, by kind. `float32`: whether the
    original computes in float32 itself.
    """
    return {
        "by": by,
        "rows": write(request, "rows", rows),
        "rowsSource": "synthetic" if request["sample"] is None else "sample",
        "expected": write(request, "expected", output_columns(outputs)),
        "expectedUnrounded": None if unrounded is None else write(request, "unrounded", output_columns(named_as(outputs, unrounded))),
        "probes": probes,
        "undecided": undecided or {},
        "float32": float32,
    }


def write(request: Request, name: str, columns: Mapping[str, np.ndarray]) -> str:
    base = os.path.join(request["work"], name)
    write_frame(base, columns)
    return base


def named_as(outputs: Sequence[Output], unrounded: Sequence[Output]) -> List[Output]:
    """Names may have been changed, since columns have them too."""
    if len(outputs) != len(unrounded):
        raise ValueError("%d outputs of rounded rows, and %d of those as they are" % (len(outputs), len(unrounded)))
    return [Output(output.names, output.role, exact.values, exact.labels) for output, exact in zip(outputs, unrounded)]


def same_values(one: Sequence[Output], other: Sequence[Output]) -> bool:
    """Whether they predict the same to the last digit; NaN equals NaN."""
    return all(np.array_equal(a.values, b.values, equal_nan=a.values.dtype.kind == "f") for a, b in zip(one, other))
