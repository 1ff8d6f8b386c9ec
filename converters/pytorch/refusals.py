"""Why a network cannot be exported, in words of its own, and what tracing it left out."""

from __future__ import annotations

import os
import re
import warnings

import torch
from predictable_bridge.errors import ConverterError

from trial import first_line

REPLACE_HINT = "Replace it in forward by operations that ONNX has."


def too_new(title: str, written: int, opset: int) -> ConverterError:
    message = f"{title} can only be written in opset {written}; the target reads up to {opset}."
    hint = "Choose a newer target (--target sql-edge reads opset 17), or simplify the network."
    return ConverterError("OPSET_TOO_NEW", message, hint)


def refusal(title: str, error: Exception, opset: int) -> ConverterError:
    said = f"{error} {error.__cause__ or ''}"
    found = re.findall(r"operator '([\w:.]+)'|<OpOverload\(op='([\w.]+)'", said)
    operators = sorted({one or other for one, other in found})
    if operators:
        newer = re.search(r"added in version (\d+)", said)
        hint = f"A target that reads opset {newer[1]} takes it." if newer else REPLACE_HINT
        message = f"{title} uses {', '.join(operators)}, which has no form in opset {opset}."
        return ConverterError("UNSUPPORTED_OPERATOR", message, hint, operators=operators)
    message = f"{title} cannot be exported: {type(error).__name__}: {first_line(error)}"
    hint = "Simplify what its forward does, or save it in another way (script, trace, export)."
    return ConverterError("UNSUPPORTED_MODEL", message, hint)


def traced_branches(seen: list[warnings.WarningMessage]) -> list[dict[str, str]]:
    """A decision by the values of the rows that tracing made once, for the example's."""
    found = {}
    for warning in seen:
        if issubclass(warning.category, torch.jit.TracerWarning) and "might not generalize" in str(warning.message):
            what = str(warning.message).split(" might cause")[0].replace("Converting", "converting")
            found[f"{warning.filename}:{warning.lineno}"] = what
    said = "was decided once, while tracing; rows that decide otherwise would be predicted wrongly. torch.jit.script keeps branches"
    return [{"code": "TRACED_BRANCH", "message": f"{os.path.basename(place)}: {what} {said}"} for place, what in found.items()]
