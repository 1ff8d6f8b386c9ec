"""What goes in and what comes out of a graph of TensorFlow 1: as the user says, or what its nodes suggest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.request import GivenInput, Request
from predictable_facts.shell import for_shell
from predictable_tensorflow.graphs import node_of, reached

# Ends of a graph that predict nothing.
NO_OUTPUT = {"Const", "Placeholder", "PlaceholderWithDefault", "NoOp", "MergeSummary", "Shape", "ShapeN"}
# What tf.gradients and tf.train.Saver call their own nodes.
NO_OUTPUT_SCOPES = ("gradients", "save")
NO_OUTPUT_PARTS = (
    "Assign",
    "Initialized",
    "Apply",
    "Save",
    "Restore",
    "Summary",
    "Assert",
    "Print",
    "Variable",
    "VarHandle",
    "Scatter",
    "Queue",
)
MOST = 12


@dataclass
class Given:
    """`shape` begins with the rows; None where it is open, None as a whole where nothing is known."""

    name: str
    tensor: str
    dtype: str
    shape: list[int | None] | None


@dataclass
class Ends:
    inputs: list[Given]
    outputs: list[str]
    warnings: list[dict[str, str]] = field(default_factory=list)


def find_ends(graph_def: Any, request: Request) -> Ends:
    """Raises MISSING_SIGNATURE with what could be meant, as options; UNSUPPORTED_TYPE for inputs that are no numbers."""
    nodes = {node.name: node for node in graph_def.node}
    path = Path(request["path"]).name
    warnings: list[dict[str, str]] = []
    asked = [said(each, nodes, path) for each in request["inputs"]]
    outputs = [tensor_of(name, nodes, path, "output") for name in request["outputs"] or []]
    if not outputs:
        outputs = only_output(nodes, asked, path)
        name = node_of(outputs[0])
        warnings.append(chosen(f"{name} is taken as the output, since nothing in the graph uses it", f"--outputs {for_shell(name)}"))
    needed = [placeholder(node) for node in within(nodes, outputs, asked) if node.op == "Placeholder"]
    unasked = [each for each in needed if each.tensor not in {given.tensor for given in asked}]
    if asked and unasked:
        lines = "\n".join(map(option, unasked))
        message = f"The outputs of {path} need further inputs: {', '.join(each.name for each in unasked)}."
        raise ConverterError("MISSING_SIGNATURE", message, f"Give them too:\n{lines}", choices=[option(each) for each in unasked])
    inputs = asked or in_file_order(unasked, nodes)
    if not inputs:
        message = f"Nothing goes into {path}: its outputs need no Placeholder."
        raise ConverterError("MISSING_SIGNATURE", message, "Name the tensors that are to be its inputs: --input name:dtype:N,4")
    check(inputs, path)
    if not asked:
        options = " ".join(map(option, inputs))
        warnings.append(chosen(f"{', '.join(each.name for each in inputs)} is taken as input, since the output needs it", options))
    return Ends(inputs, outputs, warnings)


def only_output(nodes: dict[str, Any], asked: list[Given], path: str) -> list[str]:
    consumed = {node_of(name) for node in nodes.values() for name in node.input}
    free = [name for name, node in nodes.items() if name not in consumed and predicts(node)]
    stops = {node_of(each.tensor) for each in asked}
    ends = [name for name in free if any(node.op == "Placeholder" or node.name in stops for node in reached(nodes, [name]))]
    if len(ends) == 1:
        return [f"{ends[0]}:0"]
    if not ends:
        message = f"Nothing in {path} that depends on an input is left over as its output."
        raise ConverterError("MISSING_SIGNATURE", message, "Name the tensors that it predicts: --outputs NAME")
    options = "\n".join(f"--outputs {for_shell(name)}" for name in ends[:MOST])
    message = f"{path} does not say what it predicts, and {len(ends)} tensors could be meant."
    raise ConverterError("MISSING_SIGNATURE", message, f"Name one, or several with commas:\n{options}", choices=ends[:MOST])


def predicts(node: Any) -> bool:
    if re.sub(r"_\d+$", "", node.name.split("/")[0]) in NO_OUTPUT_SCOPES:
        return False
    return node.op not in NO_OUTPUT and not any(part in node.op for part in NO_OUTPUT_PARTS)


def within(nodes: dict[str, Any], outputs: list[str], asked: list[Given]) -> list[Any]:
    """What the outputs need, up to the inputs that the user named."""
    stops = {node_of(each.tensor) for each in asked}
    return list(reached({name: node for name, node in nodes.items() if name not in stops}, outputs))


def said(given: GivenInput, nodes: dict[str, Any], path: str) -> Given:
    tensor = tensor_of(given["name"], nodes, path, "input")
    return Given(given["name"], tensor, given["dtype"], [None if size < 0 else size for size in given["shape"]])


def tensor_of(name: str, nodes: dict[str, Any], path: str, kind: str) -> str:
    if node_of(name) in nodes:
        return name if ":" in name else f"{name}:0"
    names = [each for each, node in nodes.items() if (node.op == "Placeholder" if kind == "input" else predicts(node))]
    near = names[:MOST] if kind == "input" else names[-MOST:]
    message = f"{path} has no tensor {name} that could be an {kind}."
    raise ConverterError("MISSING_SIGNATURE", message, f"It has: {', '.join(near)}", choices=near)


def placeholder(node: Any) -> Given:
    from tensorflow import as_dtype

    shape = node.attr["shape"].shape
    known = "shape" in node.attr and not shape.unknown_rank
    sizes = [None if each.size < 0 else each.size for each in shape.dim] if known else None
    try:
        dtype = as_dtype(node.attr["dtype"].type).name
    except TypeError as error:
        message = f"The graph's input {node.name} has a type that TensorFlow does not know."
        raise ConverterError("CORRUPT_MODEL", message, "Check that the file was copied whole.") from error
    # Graphs of old versions write an unknown shape as an empty one.
    return Given(node.name, f"{node.name}:0", dtype, sizes or None)


def in_file_order(inputs: list[Given], nodes: dict[str, Any]) -> list[Given]:
    places = {name: at for at, name in enumerate(nodes)}
    return sorted(inputs, key=lambda each: places[each.name])


def check(inputs: list[Given], path: str) -> None:
    for each in inputs:
        if each.dtype in ("string", "resource", "variant"):
            what = "text or serialized tf.Example" if each.dtype == "string" else each.dtype
            message = f"The input {each.name} of {path} is {what}; tables give numbers."
            hint = "Name a later tensor, where the numbers are, as the input: --input name:dtype:N,4"
            raise ConverterError("UNSUPPORTED_TYPE", message, hint, input=each.name)
        if each.shape is None or any(size is None for size in each.shape[1:]):
            message = f"The input {each.name} of {path} does not say its shape, and a table has as many columns as it has."
            raise ConverterError("MISSING_SIGNATURE", message, f"Say it: {option(each)}", input=each.name)


def option(each: Given) -> str:
    sizes = ["N", *("20" if size is None else str(size) for size in (each.shape or [None, None])[1:])]
    return "--input %s" % for_shell(f"{each.name}:{each.dtype}:{','.join(sizes)}")


def chosen(message: str, option: str) -> dict[str, str]:
    return {"code": "SIGNATURE_INFERRED", "message": f"{message}: {option}"}
