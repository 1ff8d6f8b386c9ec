"""A network as the bridge's answer: its inputs as columns, its own predictions written, facts gathered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.answer import conversion, prediction, with_python, write_onnx
from predictable_facts.asking import Original, ask
from predictable_facts.columns import Column
from predictable_facts.knowledge import Knowledge
from predictable_facts.outputs import Output, output_facts, with_free_names
from predictable_facts.reference import write_reference
from predictable_facts.request import Request
from predictable_facts.rows import Rows, rounded
from predictable_networks.inputs import Input
from predictable_networks.names import good_name, indexed, name_columns
from predictable_networks.pictures import choose_picture, enlarged
from predictable_networks.roles import roles_of
from predictable_networks.sample import NO_SUCH_LINE, full_pictures, header, made_up_rows, rows_of, small_pictures


@dataclass
class NamedOutput:
    """An output under both of its names.

    `name`: as the framework calls it. `tensor`: as the raw graph calls it.
    """

    name: str
    tensor: str


@dataclass
class Network:
    """A loaded network: what goes in, what comes out, and how its framework predicts.

    `predict`: takes arrays [N, *shape] by the inputs' names, and returns one array [N, ...] an output. `inputs` and `outputs` are in the
    model's own order. `no_such_line`: what `predict` raises for a code that no table has.
    """

    title: str
    inputs: list[Input]
    outputs: list[NamedOutput]
    predict: Callable[[dict[str, np.ndarray]], list[np.ndarray]]
    libraries: dict[str, str]
    warnings: list[dict[str, str]] = field(default_factory=list)
    no_such_line: tuple[type[Exception], ...] = NO_SUCH_LINE

    @property
    def columns(self) -> list[Column]:
        return [column for each in self.inputs for column in each.columns]


def conversion_of(network: Network, onnx_model: Any, request: Request) -> dict[str, Any]:
    """The answer to `convert`; `onnx_model` is a ModelProto."""
    reference, outputs = predicted(network, request)
    roles = roles_of(onnx_model.graph, [output.tensor for output in network.outputs])
    for output, role in zip(outputs, roles):
        output.role = role
    return conversion(
        title=network.title,
        libraries=with_python(network.libraries),
        onnx=write_onnx(onnx_model, request),
        columns=network.columns,
        inputs=[each.facts() for each in network.inputs],
        outputs=[{**output_facts(output, named.tensor), "source": named.name} for output, named in zip(outputs, network.outputs)],
        reference=reference,
        warnings=network.warnings,
    )


def prediction_of(network: Network, request: Request) -> dict[str, Any]:
    """The answer to `predict`."""
    reference, _ = predicted(network, request)
    return prediction(reference, network.warnings)


def predicted(network: Network, request: Request) -> tuple[dict[str, Any], list[Output]]:
    """The reference, and the outputs as the framework gives them on rows that are rounded to the columns' types.

    Rows are rounded the same way before they reach the network itself, so that there is nothing unrounded to compare.
    """
    if request["precision"] == "double":
        message = f"{network.title} computes in the types that it was trained in."
        raise ConverterError("UNSUPPORTED_TYPE", message, "Use --precision float: inputs of double stay columns of double.")
    rows = plan_rows(network, request)
    rows = {**rows, **rounded(network.columns, rows)[0]}

    def predict(asked: Rows) -> list[Output]:
        return named_outputs(network, run(network, asked))

    # A network that says something else of a row among others looks at those: no digit excuses that.
    asked = ask(request, network.columns, rows, predict(rows), Original(predict, steady=True), Knowledge())
    asked.rows = {**asked.rows, **rounded(network.columns, asked.rows)[0]}
    network.warnings += asked.warnings + with_free_names(asked.outputs, [column.name for column in network.columns])
    return write_reference(request, asked.rows, asked.outputs, float32=True, **asked.facts), asked.outputs


def plan_rows(network: Network, request: Request) -> Rows:
    """Names the columns of the inputs, and returns the rows by column. What smaller pictures cost becomes a warning."""
    picture = choose_picture(network.inputs, request["imageSize"], request)
    full = None if picture is None else full_pictures(picture, request)
    names = header(request)
    if full is not None and len(network.inputs) > 1:
        message = f"{network.title} takes more than a picture, so the sample's pictures cannot be made smaller."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Give a sample whose pictures have the size of --image-size.")
    name_columns(network.title, network.inputs, request["columns"], None if full is not None else names)
    if picture is not None and full is not None:
        rows = small_pictures(picture, full)
        network.warnings.append(picture_cost(network, picture, full, rows))
        return rows
    if names is None:
        return made_up_rows(network.inputs, request["syntheticRows"], lambda rows: run(network, rows), network.no_such_line)
    rows, warnings = rows_of(network.inputs, request)
    network.warnings += warnings
    return rows


def run(network: Network, rows: Rows) -> list[np.ndarray]:
    arrays = {}
    for tensor in network.inputs:
        values = tensor.array(rows)
        arrays[tensor.name] = values if tensor.picture is None else enlarged(tensor, values)
    return network.predict(arrays)


def picture_cost(network: Network, picture: Input, full: np.ndarray, rows: Rows) -> dict[str, str]:
    """Smaller pictures are another question to the network: how far the answers are from those to the full ones."""
    exact = network.predict({picture.name: full.astype(picture.dtype)})
    coarse = run(network, rows)
    difference = max(float(np.abs(a.astype(np.float64) - b).max()) for a, b in zip(exact, coarse))
    wide = [(a, b) for a, b in zip(exact, coarse) if a.ndim == 2 and a.shape[1] > 1]
    changed = max((int((a.argmax(1) != b.argmax(1)).sum()) for a, b in wide), default=0)
    size = "x".join(map(str, picture.picture or ()))
    classes = f", and the largest output is another one in {changed}" if wide else ""
    message = f"pictures of {size} instead of the full size change the predictions of {len(full)} rows by up to {difference:.2g}{classes}"
    return {"code": "IMAGE_RESIZED", "message": message}


def named_outputs(network: Network, arrays: list[np.ndarray]) -> list[Output]:
    """The predictions under names of columns. Raises UNSUPPORTED_MODEL for an output that does not hold one result a row."""
    # Not `zip(strict=True)`, which the Python 3.8 of older environments does not have.
    if len(arrays) != len(network.outputs):
        raise ValueError("%d outputs are named, and %d predicted" % (len(network.outputs), len(arrays)))
    outputs = []
    for named, array in zip(network.outputs, arrays):
        values = np.asarray(array)
        if values.ndim == 0 or len(values) != len(arrays[0]):
            message = f"Output {named.name} of {network.title} has shape {list(values.shape)}: it is not one result a row."
            raise ConverterError("UNSUPPORTED_MODEL", message, "Use a network whose outputs begin with the batch: [N, ...].")
        names = indexed(good_name(named.name, "output"), values.shape[1:])
        flat = values.reshape(len(values), -1)
        outputs.append(Output(names, "value", flat.astype(np.float32) if flat.dtype == np.float16 else flat))
    return outputs
