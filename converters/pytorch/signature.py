"""Which inputs a network takes: from --input, from the file, from its first layers, from the sample; or what nobody says."""

from __future__ import annotations

import itertools
import math
from typing import Any

import torch
from predictable_bridge.errors import ConverterError
from predictable_facts.frames import read_columns
from predictable_facts.request import GivenInput, Request
from predictable_facts.shell import for_shell

from loaded import Known, Loaded, described, dims, type_name
from trial import complaint_of

TYPES = {"float": "float32", "double": "float64", "half": "float16", "long": "int64", "int": "int32"}


def find_inputs(loaded: Loaded, request: Request) -> list[tuple[str, Known]]:
    """Raises MISSING_SIGNATURE, naming what is missing of which input. Tells of what it concluded in the warnings."""
    only = loaded.names[0] if len(loaded.names) == 1 else ""
    given = {each["name"] or only: from_option({**each, "name": each["name"] or only}, loaded) for each in request["inputs"]}
    for name in given:
        if name not in loaded.names + loaded.optional:
            message = f"{loaded.title} has no input {name}: it takes {', '.join(loaded.names + loaded.optional)}."
            raise ConverterError("MISSING_SIGNATURE", message, "Name them as forward's arguments are named: --input name:dtype:shape.")
    names = loaded.names + [name for name in loaded.optional if name in given]
    widths = sample_widths(names, request)
    choices = []
    for name in names:
        if name in given:
            choices.append([given[name]])
        elif name in loaded.told and loaded.told[name].complete:
            told, guessed = loaded.told[name], loaded.guessed.get(name)
            choices.append([Known(told.dtype, told.shape, told.within or (guessed.within if guessed else None))])
        else:
            choices.append(candidates(loaded, name, widths.get(name), len(names)))
    missing = [name for name, each in zip(names, choices) if not each]
    if missing:
        raise missing_signature(loaded, missing)
    found, complaints = [], []
    for chosen in itertools.product(*choices):
        inputs = list(zip(names, chosen))
        complaint = complaint_of(loaded, inputs)
        if complaint is None:
            found = inputs
            break
        complaints.append(complaint)
    if not found:
        raise complaints[0]
    concluded = [described(name, known) for name, known in found if name not in given and name not in loaded.told]
    if concluded:
        message = f"concluded from the first layers' weights and the sample's width: {', '.join(concluded)}; --input says it otherwise"
        loaded.warnings.append({"code": "SIGNATURE_INFERRED", "message": message})
    return found


def from_option(given: GivenInput, loaded: Loaded) -> Known:
    dtype = getattr(torch, TYPES.get(given["dtype"], given["dtype"]), None)
    shape = list(given["shape"])
    if not isinstance(dtype, torch.dtype):
        raise ConverterError("MISSING_SIGNATURE", f"torch has no type {given['dtype']}, which --input gives to {given['name']}.")
    if not shape or shape[0] not in (-1, loaded.batch) or min(shape[1:], default=1) < 1:
        message = f"--input gives {given['name']} the shape {shape}, whose first dimension is not the rows."
        raise ConverterError(
            "MISSING_SIGNATURE", message, "Write N for the rows: --input %s" % for_shell(f"{given['name']}:{given['dtype']}:N,4")
        )
    guessed = loaded.guessed.get(given["name"])
    return Known(dtype, tuple(shape[1:]), guessed.within if guessed else None)


def sample_widths(names: list[str], request: Request) -> dict[str, int]:
    """How many columns there are for an input; of several inputs, those that are named as a column are one."""
    header = request["columns"] or (None if request["sample"] is None else list(read_columns(request["sample"])))
    # With --image-size the columns are those of smaller pictures.
    if header is None or request["imageSize"] is not None:
        return {}
    if len(names) == 1:
        return {names[0]: len(header)}
    return {name: 1 for name in names if name in header}


def candidates(loaded: Loaded, name: str, width: int | None, inputs: int) -> list[Known]:
    told, guessed = loaded.told.get(name, Known()), loaded.guessed.get(name, Known())
    dtype, within = told.dtype or guessed.dtype, told.within or guessed.within
    shape = told.shape if told.shape is not None else guessed.shape
    if dtype is None and (inputs == 1 or shape is not None or within is not None):
        # It is cast at once, so any type will do; or it is the only input, and then of the weights' own type.
        dtype = torch.int64 if within is not None else own_type(loaded.module)
    if dtype is None:
        return []
    return [Known(dtype, each, within) for each in shapes(shape, width)]


def shapes(known: tuple[int | None, ...] | None, width: int | None) -> list[tuple[int, ...]]:
    if known is None:
        return [] if width is None else [(1,), ()] if width == 1 else [(width,)]
    sizes = tuple(size for size in known if size is not None)
    fixed, unknown = math.prod(sizes), known.count(None)
    if unknown == 0 and (width is None or width == fixed):
        return [sizes]
    if width is None or width % fixed != 0:
        return []
    if unknown == 0:
        return [(width // fixed, *sizes)]
    # Of an image whose sides nobody says, the square.
    side = round((width // fixed) ** (1 / unknown))
    return [tuple(size or side for size in known)] if side**unknown * fixed == width else []


def own_type(module: Any) -> torch.dtype:
    return next((each.dtype for each in module.parameters() if each.dtype.is_floating_point), torch.float32)


def missing_signature(loaded: Loaded, missing: list[str]) -> ConverterError:
    parts, options = [], []
    for name in missing:
        told, guessed = loaded.told.get(name, Known()), loaded.guessed.get(name, Known())
        dtype, shape = told.dtype or guessed.dtype, told.shape or guessed.shape
        what = "its shape" if dtype is not None else "its type" if shape and None not in shape else "its type and shape"
        known = f" (each row is {dims(shape)})" if shape else ""
        parts.append(f"of {name} {what}{known}")
        sizes = [str(size or 8) for size in shape] if shape else ["4"] if told.within is None and guessed.within is None else []
        options.append("--input %s" % for_shell(f"{name}:{type_name(dtype or torch.float32)}:{','.join(['N', *sizes])}"))
    message = f"{loaded.title} does not say what goes into it. Missing: {', '.join(parts)}."
    return ConverterError(
        "MISSING_SIGNATURE",
        message,
        f"Say it, N being the rows, e.g.: {' '.join(options)}; or give a sample whose header has the columns (--sample).",
        inputs=missing,
    )
