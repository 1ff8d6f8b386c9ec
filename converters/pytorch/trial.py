"""Runs a network on a few rows before it is exported: do the inputs fit, and does each row stand for itself?"""

from __future__ import annotations

import re

import torch
from predictable_bridge.errors import ConverterError

from loaded import Known, Loaded, described
from structure import leaves, tensors

REASON = re.compile(r"[\w.]*(?:Error|Exception): ")
SEED = 20261128
ROWS = 3
# What drops a few values at random may drop the same ones twice.
TIMES_AGAIN = 4
# Rows come out of a batch with other last digits than alone.
RTOL, ATOL = 1e-2, 1e-3


def example(inputs: list[tuple[str, Known]], rows: int) -> dict[str, torch.Tensor]:
    """The same every time."""
    random = torch.Generator().manual_seed(SEED)
    made = {}
    for name, known in inputs:
        shape = (rows, *known.sizes)
        if known.dtype is not None and known.dtype.is_floating_point:
            made[name] = torch.randn(shape, generator=random).to(known.dtype)
        else:
            low, high = known.within or (0, 1)
            made[name] = torch.randint(int(low), int(high) + 1, shape, generator=random).to(known.dtype)
    return made


def complaint_of(loaded: Loaded, inputs: list[tuple[str, Known]]) -> ConverterError | None:
    """Why the network can't be converted with these inputs; None when it can."""
    rows = loaded.batch or ROWS
    fed = example(inputs, rows)
    try:
        with torch.no_grad():
            whole = leaves(loaded.call(fed))
            again = [tensors(loaded.call(fed)) for _ in range(TIMES_AGAIN)]
    except ConverterError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a network fails in any way on what it does not take
        return does_not_run(loaded, inputs, error)
    for name, _, tensor in whole:
        if tensor.dim() == 0 or tensor.shape[0] != rows:
            message = f"{loaded.title}: output {name} has the shape {list(tensor.shape)} for {rows} rows, so it is no value of a row."
            hint = "Return values whose first dimension is the rows, or say --input otherwise."
            return ConverterError("UNSUPPORTED_MODEL", message, hint)
    if any(differ(one, other) for each in again for (_, _, one), other in zip(whole, each)):
        message = f"{loaded.title} predicts otherwise each time that it is asked: something in it is random."
        return ConverterError("UNSUPPORTED_MODEL", message, "F.dropout needs training=self.training; call eval() before you save it.")
    if loaded.batch is None:
        return mixed_rows(loaded, fed, [(name, tensor) for name, _, tensor in whole])
    return None


def mixed_rows(loaded: Loaded, fed: dict[str, torch.Tensor], whole: list[tuple[str, torch.Tensor]]) -> ConverterError | None:
    hint = "Each row of a table is predicted by itself. Is batch_first=True missing in a recurrent layer or in attention?"
    for at in range(ROWS):
        try:
            with torch.no_grad():
                alone = tensors(loaded.call({name: tensor[at : at + 1] for name, tensor in fed.items()}))
        except Exception as error:  # noqa: BLE001
            message = f"{loaded.title} predicts {ROWS} rows, but fails with one: {first_line(error)}"
            return ConverterError("UNSUPPORTED_MODEL", message, hint)
        for (name, tensor), one in zip(whole, alone):
            if differ(tensor[at : at + 1], one):
                message = f"{loaded.title}: what it predicts for a row as {name} depends on the other rows beside it."
                return ConverterError("UNSUPPORTED_MODEL", message, hint)
    return None


def differ(one: torch.Tensor, other: torch.Tensor) -> bool:
    if one.shape != other.shape:
        return True
    return not torch.allclose(one.double(), other.double(), rtol=RTOL, atol=ATOL, equal_nan=True)


def does_not_run(loaded: Loaded, inputs: list[tuple[str, Known]], error: BaseException) -> ConverterError:
    given = ", ".join(described(name, known) for name, known in inputs)
    message = f"{loaded.title} does not run on {given}: {first_line(error)}"
    return ConverterError("MISSING_SIGNATURE", message, "Say the right types and shapes, N being the rows: --input name:float32:N,4")


def first_line(error: BaseException) -> str:
    """TorchScript puts the reason last, behind its own traceback."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    reasons = [line for line in lines if REASON.match(line)] or lines[:1]
    return reasons[-1][:300] if reasons else type(error).__name__
