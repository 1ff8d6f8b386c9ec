"""TorchScript: loaded without Python's pickle, with what the file tells of its inputs."""

from __future__ import annotations

from typing import Any

import torch
from predictable_bridge.errors import ConverterError
from predictable_facts.pickles import Inert, InertUnpickler, PickleFacts

from archive import INTACT_HINT, Archive
from layers import guess
from loaded import Known, Loaded
from trial import first_line

# torch names a storage by the type of its numbers.
STORAGES = {
    "FloatStorage": torch.float32,
    "DoubleStorage": torch.float64,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
}


def load_script(path: str, archive: Archive) -> Loaded:
    """Raises CORRUPT_MODEL or UNSUPPORTED_MODEL."""
    try:
        module = torch.jit.load(path, map_location="cpu")
    except (RuntimeError, ValueError) as error:
        message = f"{archive.title} is no TorchScript that torch {torch.__version__} reads: {first_line(error)}"
        raise ConverterError("CORRUPT_MODEL", message, INTACT_HINT) from error
    if not hasattr(module, "forward"):
        message = f"{archive.title} has no method forward."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Save the module whose forward predicts.")
    module.eval()
    needed, optional = arguments(module, archive.title)
    return Loaded(
        title=f"TorchScript {module.original_name}",
        names=needed,
        call=lambda tensors: module(**tensors),
        module=module,
        optional=optional,
        told=traced_inputs(archive, needed),
        guess=lambda: guess(module, needed + optional),
    )


def arguments(module: Any, title: str) -> tuple[list[str], list[str]]:
    """Tensors that forward needs, and those that it also takes."""
    needed, optional = [], []
    for argument in module.forward.schema.arguments[1:]:
        kind = str(argument.type)
        if kind in ("Tensor", "Optional[Tensor]") and argument.has_default_value():
            optional.append(argument.name)
        elif kind == "Tensor":
            needed.append(argument.name)
        elif not argument.has_default_value():
            message = f"{title} takes {argument.name}, a {kind}: tensors are made from columns."
            raise ConverterError("UNSUPPORTED_MODEL", message, "Wrap it in a module whose forward takes tensors, and script that.")
    return needed, optional


def traced_inputs(archive: Archive, names: list[str]) -> dict[str, Known]:
    """A traced file holds the tensors that it was traced with: their first dimension is the batch."""
    if "traced_inputs.pkl" not in archive.names:
        return {}
    unpickler = Shapes(archive.zip.open(archive.members["traced_inputs.pkl"]), PickleFacts())
    try:
        tensors = unpickler.load().arguments[0]["forward"].arguments[0]
    except Exception:  # noqa: BLE001 - it is a hint and no more; another torch may write it otherwise
        return {}
    if len(tensors) != len(names):
        return {}
    known = {}
    for name, tensor in zip(names, tensors):
        try:
            storage, shape = tensor.arguments[0], tensor.arguments[2]
            dtype = STORAGES[storage.arguments[1].name.rpartition(".")[2]]
        except (AttributeError, IndexError, KeyError, TypeError):
            continue
        if len(shape) >= 1 and all(isinstance(size, int) for size in shape):
            known[name] = Known(dtype, tuple(shape[1:]))
    return known


class Shapes(InertUnpickler):
    """Keeps what describes a storage."""

    def persistent_load(self, description: Any) -> Any:
        return Inert("storage")(*description)
