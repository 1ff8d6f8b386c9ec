"""A network as ONNX that the target reads: by the exporter that serves its opset, read again afterwards, never passed on newer."""

from __future__ import annotations

import filecmp
import os
import tempfile
import warnings
from dataclasses import replace
from typing import Any

import onnx
import onnx.version_converter
import torch
from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request

from doubles import without_double_gemm
from loaded import Known, Loaded
from modules import flat
from refusals import REPLACE_HINT, refusal, too_new, traced_branches
from structure import leaves
from trial import example

# torch.export's exporter writes this and newer.
OLDEST_DYNAMO = 18
DOMAINS = ("", "ai.onnx", "ai.onnx.ml")
ROWS = 2


class Failed(Exception):
    """One way did not work; the error says why."""

    def __init__(self, error: ConverterError) -> None:
        super().__init__(error.message)
        self.error = error


def export(loaded: Loaded, inputs: list[tuple[str, Known]], request: Request) -> tuple[Any, list[tuple[str, str]]]:
    """The model, and (name, tensor) of its outputs. Raises UNSUPPORTED_OPERATOR, UNSUPPORTED_MODEL or OPSET_TOO_NEW."""
    names = [name for name, _, _ in leaves(call(loaded, example(inputs, loaded.batch or ROWS)))]
    given = [name for name, _ in inputs]
    outputs = [(name, name if name not in given else f"{name}_out") for name in names]
    opset = request["opsets"][""]
    ways = [legacy, dynamo] if opset < OLDEST_DYNAMO or isinstance(loaded.module, torch.jit.ScriptModule) else [dynamo, legacy]
    failures: list[Failed] = []
    for way in ways:
        try:
            onnx_model = way(loaded, inputs, [tensor for _, tensor in outputs], opset)
            check(onnx_model, outputs, opset, loaded)
            without_double_gemm(onnx_model.graph)
            onnx_model.ir_version = min(onnx_model.ir_version, request["ir"])
            return onnx_model, outputs
        except Failed as failed:
            failures.append(failed)
    raise failures[0].error


def call(loaded: Loaded, fed: dict[str, torch.Tensor]) -> Any:
    with torch.no_grad():
        return loaded.call(fed)


def legacy(loaded: Loaded, inputs: list[tuple[str, Known]], outputs: list[str], opset: int) -> Any:
    """By TorchScript's exporter. A trace that froze the number of rows is not taken."""
    rows = loaded.batch or ROWS
    # Through a file: a network of 100 MB would be in memory once more.
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "first.onnx")
        branches = write_legacy(path, loaded, inputs, outputs, opset, rows)
        scripted = as_script(loaded) if branches else None
        if scripted is not None:
            try:
                other = os.path.join(folder, "scripted.onnx")
                write_legacy(other, scripted, inputs, outputs, opset, rows)
                return onnx.load(other)
            except Failed:
                pass  # the trace stays, and says what is frozen in it
        if loaded.batch is None and not isinstance(loaded.module, torch.jit.ScriptModule):
            again = os.path.join(folder, "again.onnx")
            write_legacy(again, loaded, inputs, outputs, opset, rows + 1)
            if not filecmp.cmp(path, again, shallow=False):
                message = f"{loaded.title}: tracing it freezes the number of rows into the graph."
                raise Failed(ConverterError("UNSUPPORTED_MODEL", message, "Take sizes from x.shape[0] as they are, without int()."))
        loaded.warnings += branches
        return onnx.load(path)


def as_script(loaded: Loaded) -> Loaded | None:
    """A network in Python as a script, which keeps its branches; None where the compiler does not take it."""
    if loaded.program is not None or isinstance(loaded.module, torch.jit.ScriptModule):
        return None
    try:
        script = torch.jit.script(loaded.module)
    except Exception:  # noqa: BLE001 - the compiler refuses Python in any way
        return None
    return replace(loaded, module=script, call=lambda tensors: script(**tensors))


def write_legacy(
    path: str, loaded: Loaded, inputs: list[tuple[str, Known]], outputs: list[str], opset: int, rows: int
) -> list[dict[str, str]]:
    """The branches that were decided on the way."""
    fed = example(inputs, rows)
    names = list(fed)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            torch.onnx.export(
                flat(loaded, fed),
                tuple(fed.values()),
                path,
                dynamo=False,
                opset_version=opset,
                input_names=names,
                output_names=outputs,
                dynamic_axes=None if loaded.batch else {name: {0: "rows"} for name in names + outputs},
            )
        except MemoryError:
            raise
        except Exception as error:
            raise Failed(refusal(loaded.title, error, opset)) from error
    return traced_branches(seen)


def dynamo(loaded: Loaded, inputs: list[tuple[str, Known]], outputs: list[str], opset: int) -> Any:
    """By torch.export's exporter, lowered to the target's opset afterwards, or refused."""
    if isinstance(loaded.module, torch.jit.ScriptModule):
        raise Failed(ConverterError("UNSUPPORTED_MODEL", f"{loaded.title} is a script, which torch.export does not take."))
    fed = example(inputs, loaded.batch or ROWS)
    try:
        program = loaded.program
        if program is None:
            sizes = tuple({0: torch.export.Dim("rows")} for _ in fed)
            program = torch.export.export(flat(loaded, fed), tuple(fed.values()), dynamic_shapes=(sizes,))
        exported = torch.onnx.export(
            program,
            (),
            dynamo=True,
            external_data=False,
            verbose=False,
            opset_version=max(opset, OLDEST_DYNAMO),
            input_names=list(fed),
            output_names=outputs,
        )
        onnx_model = exported.model_proto
    except MemoryError:
        raise
    except Exception as error:
        raise Failed(refusal(loaded.title, error, opset)) from error
    if opset_of(onnx_model) > opset:
        try:
            return lowered(onnx_model, opset)
        except Exception as error:
            raise Failed(too_new(loaded.title, opset_of(onnx_model), opset)) from error
    return onnx_model


def lowered(onnx_model: Any, opset: int) -> Any:
    """Raises where an operator cannot be, or comes out as one that its opset does not have."""
    older = onnx.version_converter.convert_version(onnx_model, opset)
    for node in older.graph.node:
        for attribute in list(node.attribute):
            # The converter leaves it; without axes all are meant, in either opset, unless it is 1.
            if node.op_type.startswith("Reduce") and attribute.name == "noop_with_empty_axes" and attribute.i == 0:
                node.attribute.remove(attribute)
    onnx.checker.check_model(older)
    return older


def check(onnx_model: Any, outputs: list[tuple[str, str]], opset: int, loaded: Loaded) -> None:
    if opset_of(onnx_model) > opset:
        raise Failed(too_new(loaded.title, opset_of(onnx_model), opset))
    foreign = sorted({node.op_type for node in onnx_model.graph.node if node.domain not in DOMAINS})
    if foreign:
        message = f"{loaded.title} needs {', '.join(foreign)}, which no SQL engine has."
        raise Failed(ConverterError("UNSUPPORTED_OPERATOR", message, REPLACE_HINT, operators=foreign))
    found = [output.name for output in onnx_model.graph.output]
    if found != [tensor for _, tensor in outputs]:
        message = f"{loaded.title} was exported with other outputs than it has: {', '.join(found)}."
        raise Failed(ConverterError("UNSUPPORTED_MODEL", message))


def opset_of(onnx_model: Any) -> int:
    return max((each.version for each in onnx_model.opset_import if each.domain in ("", "ai.onnx")), default=0)
