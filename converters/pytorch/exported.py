"""A program of torch.export: its inputs with their types and shapes, and the number of rows where that is fixed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from predictable_bridge.errors import ConverterError
from torch.utils._pytree import tree_unflatten

from archive import INTACT_HINT, Archive
from loaded import Known, Loaded
from trial import first_line

WEIGHTS_ONLY = "TORCH_FORCE_WEIGHTS_ONLY_LOAD"
CASTS = ("aten.to.", "aten._to_copy.")
RANDOM = ("aten.dropout", "aten.native_dropout", "aten.feature_dropout", "aten.alpha_dropout")


def load_program(path: str, archive: Archive, trusted: bool) -> Loaded:
    """Raises CORRUPT_MODEL or UNSUPPORTED_MODEL."""
    try:
        with weights_only(not trusted):
            program = torch.export.load(path)
        module = program.module(check_guards=False)
    except MemoryError:
        raise
    except Exception as error:
        message = f"{archive.title} is no program of torch.export that torch {torch.__version__} reads: {first_line(error)}"
        raise ConverterError("CORRUPT_MODEL", message, INTACT_HINT) from error
    refuse_training(program, archive.title)
    make_traceable(module)
    told, batch = signature(program, archive.title)
    return Loaded(
        title="torch.export program",
        names=list(told),
        call=caller(program, module, list(told)),
        module=module,
        told=told,
        guess=lambda: codes(program),
        batch=batch,
        program=program,
    )


@contextmanager
def weights_only(forced: bool) -> Iterator[None]:
    """torch.export.load unpickles without limits where a restricted unpickler fails; this makes it fail instead."""
    before = os.environ.get(WEIGHTS_ONLY)
    if forced:
        os.environ[WEIGHTS_ONLY] = "1"
    try:
        yield
    finally:
        os.environ.pop(WEIGHTS_ONLY, None)
        if before is not None:
            os.environ[WEIGHTS_ONLY] = before


def signature(program: Any, title: str) -> tuple[dict[str, Known], int | None]:
    placeholders = {node.name: node.meta.get("val") for node in program.graph.nodes if node.op == "placeholder"}
    told: dict[str, Known] = {}
    batches = set()
    for name in program.graph_signature.user_inputs:
        value = placeholders.get(name)
        if not isinstance(value, torch.Tensor) or value.dim() == 0:
            message = f"{title} takes {name}, which is no tensor with a dimension of rows: tensors are made from columns."
            raise ConverterError("UNSUPPORTED_MODEL", message, "Export a module whose forward takes tensors only.")
        shape = [size if isinstance(size, int) else None for size in value.shape]
        batches.add(shape[0])
        told[name] = Known(value.dtype, tuple(shape[1:]))
    if len(batches) != 1:
        message = f"{title} takes inputs of different numbers of rows: {', '.join('N' if each is None else str(each) for each in batches)}."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Export it with the same first dimension for all inputs.")
    return told, batches.pop()


def codes(program: Any) -> dict[str, Known]:
    """Inputs that an embedding takes, at once or after a cast: it stops at other numbers than it has rows."""
    found = {}
    for node in program.graph.nodes:
        if node.op == "call_function" and str(node.target) == "aten.embedding.default":
            weight, given = node.args[0], node.args[1]
            while given.op == "call_function" and str(given.target).startswith(CASTS):
                given = given.args[0]
            found[given.name] = Known(within=(0, int(weight.meta["val"].shape[0]) - 1))
    return found


def caller(program: Any, module: Any, names: list[str]) -> Any:
    structure = program.call_spec.in_spec

    def call(fed: dict[str, torch.Tensor]) -> Any:
        arguments, options = tree_unflatten([fed[name] for name in names], structure)
        return module(*arguments, **options)

    return call


def make_traceable(module: Any) -> None:
    """Tracing takes a size that an operator returns for a number, and one that a shape has for a part of the graph.

    The program's own check of its inputs cannot be traced; they are made as it says. The exporter calls eval() on all
    modules, which those of programs refuse.
    """
    module.train = lambda mode=True: module
    module._forward_pre_hooks.clear()
    module.requires_grad_(False)
    for node in module.graph.nodes:
        if node.op == "call_function" and node.target is torch.ops.aten.sym_size.int:
            node.target = size_of
        elif node.op == "call_function" and isinstance(node.target, torch._ops.OpOverload) and takes_size(node):
            node.target = in_python(node)
    module.recompile()


def size_of(tensor: torch.Tensor, dim: int) -> Any:
    return tensor.shape[dim]


def takes_size(node: Any) -> bool:
    return any(isinstance(given.meta.get("val"), torch.SymInt) for given in node.all_input_nodes)


def in_python(node: Any) -> Any:
    """The same function as Python has it: its arguments stay part of a trace, where an operator makes numbers of them."""
    name = node.target._schema.name.partition("::")[2]
    first = node.args[0].meta.get("val") if node.args and isinstance(node.args[0], torch.fx.Node) else None
    return getattr(torch.Tensor if isinstance(first, torch.Tensor) else torch, name, node.target)


def refuse_training(program: Any, title: str) -> None:
    for node in program.graph.nodes:
        if node.op != "call_function":
            continue
        dropout = str(node.target).startswith(RANDOM) and len(node.args) > 2 and node.args[2] is True
        normalised = str(node.target).startswith("aten.batch_norm") and len(node.args) > 5 and node.args[5] is True
        if dropout or normalised:
            message = f"{title} was exported while it was in training: {node.target} behaves otherwise then."
            raise ConverterError("UNSUPPORTED_MODEL", message, "Call model.eval() before torch.export.export.")
