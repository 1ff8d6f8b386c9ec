"""The PyTorch converter: TorchScript, programs of torch.export, and files of torch.save to raw ONNX, with PyTorch's own predictions.

A file is looked through before any of torch's loaders opens it; see safety.py.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import torch
from predictable_facts.reading import reading
from predictable_facts.request import Request
from predictable_networks.answer import NamedOutput, Network, conversion_of, prediction_of
from predictable_networks.inputs import Input

from archive import corrupt, opened
from exported import load_program
from exporter import export
from loaded import Known, Loaded, type_name
from members import check_members
from programs import check_programs
from safety import check_archive, check_objects, check_pickles
from scripts import load_script
from signature import find_inputs
from structure import leaves, tensors
from symbolics import register
from trial import example
from weights import load_saved

# The fused layers of transformers have no form in ONNX; their parts do.
torch.backends.mha.set_fastpath_enabled(False)
register()

# Enough rows at once to be fast, few enough for the memory of a convolution.
CHUNK = 1024


def convert(request: Request) -> dict[str, Any]:
    """The answer is `convertedSchema` of src/converters/answer.ts."""
    loaded = load(request)
    inputs = find_inputs(loaded, request)
    onnx_model, outputs = export(loaded, inputs, request)
    return conversion_of(network(loaded, inputs, [NamedOutput(name, tensor) for name, tensor in outputs]), onnx_model, request)


def predict(request: Request) -> dict[str, Any]:
    """The answer is `predictedSchema` of src/converters/answer.ts."""
    loaded = load(request)
    inputs = find_inputs(loaded, request)
    with torch.no_grad():
        names = [name for name, _, _ in leaves(loaded.call(example(inputs, loaded.batch or 1)))]
    return prediction_of(network(loaded, inputs, [NamedOutput(name, name) for name in names]), request)


def warm() -> None:
    """What the first export would import."""
    import torch.onnx._internal.torchscript_exporter.utils  # noqa: F401


def load(request: Request) -> Loaded:
    """Raises UNTRUSTED_ARTIFACT before anything of the file is loaded."""
    with reading(os.path.basename(request["path"]), corrupt):
        return loaded_of(request)


def loaded_of(request: Request) -> Loaded:
    path, kind = request["path"], request["format"]
    trusted = request["trusted"]
    if kind == "pytorch-pickle":
        return load_saved(path, os.path.basename(path), check_pickles(path), request)
    with opened(path) as archive:
        weights = kind == "pytorch-state-dict"
        if not trusted:
            check_members(archive, kind)
        foreign = check_archive(archive, weights) if weights or not trusted else []
        if not trusted:
            if kind == "pytorch-pt2":
                check_programs(archive)
                check_objects(archive)
            path = os.path.join(request["work"], f"checked{os.path.splitext(path)[1]}")
            archive.rewritten(path)
        if weights:
            return load_saved(path, archive.title, foreign, request)
        if kind == "pytorch-pt2":
            return load_program(path, archive, trusted)
        return load_script(path, archive)


def network(loaded: Loaded, inputs: list[tuple[str, Known]], outputs: list[NamedOutput]) -> Network:
    return Network(
        title=loaded.title,
        inputs=[Input(name, name, type_name(known.dtype), known.sizes, known.within) for name, known in inputs],
        outputs=outputs,
        predict=lambda rows: predictions(loaded, rows),
        libraries={"torch": torch.__version__, "onnx": version_of("onnx")},
        warnings=loaded.warnings,
    )


def predictions(loaded: Loaded, rows: dict[str, np.ndarray]) -> list[np.ndarray]:
    """In pieces; the last one of a network with a fixed number of rows is filled up with its last row."""
    count = len(next(iter(rows.values())))
    size = loaded.batch or CHUNK
    found = []
    for start in range(0, max(count, 1), size):
        piece = {name: values[start : start + size] for name, values in rows.items()}
        taken = min(size, count - start)
        if loaded.batch and taken < size:
            piece = {name: np.concatenate([values, np.repeat(values[-1:], size - taken, axis=0)]) for name, values in piece.items()}
        with torch.no_grad():
            given = loaded.call({name: torch.from_numpy(np.ascontiguousarray(values)) for name, values in piece.items()})
        found.append([array(tensor)[:taken] for tensor in tensors(given)])
    return [np.concatenate(parts) for parts in zip(*found)]


def array(tensor: torch.Tensor) -> np.ndarray:
    # numpy has no bfloat16; float32 holds all of it.
    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()


def version_of(package: str) -> str:
    from importlib.metadata import version

    return version(package)
