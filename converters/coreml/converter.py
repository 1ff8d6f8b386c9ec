"""The CoreML converter: an .mlmodel to raw ONNX with onnxmltools. CoreML predicts on macOS only, so the reference comes
from the user, or is the raw graph in onnx's own evaluator, which then proves nothing about the original."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from quiet import import_onnxmltools

import_onnxmltools()

from predictable_bridge.errors import ConverterError  # noqa: E402
from predictable_facts.answer import Warnings, conversion, prediction, with_python, write_onnx  # noqa: E402
from predictable_facts.outputs import output_facts, with_free_names  # noqa: E402
from predictable_facts.reference import write_reference  # noqa: E402
from predictable_facts.request import Request  # noqa: E402
from predictable_facts.rows import rounded  # noqa: E402
from predictable_facts.sample import sample_rows  # noqa: E402
from predictable_tabular.made_up import made_up  # noqa: E402

from columns import column_types, input_facts, plan_inputs  # noqa: E402
from graph import make_graph  # noqa: E402
from outputs import evaluate, find_outputs, meant  # noqa: E402
from spec import read_spec, title_of  # noqa: E402

LIBRARIES = ("coremltools", "onnxmltools", "onnx")


def convert(request: Request) -> dict[str, Any]:
    """The answer is `convertedSchema` of src/converters/answer.ts."""
    if request["precision"] == "double":
        message = "CoreML's own networks and trees have no double precision in ONNX."
        raise ConverterError("UNSUPPORTED_TYPE", message, "Use --precision float.")
    spec = read_spec(request["path"])
    inputs = plan_inputs(spec, request)
    columns = [column for given in inputs for column in given.columns]
    onnx_model = make_graph(spec, column_types(inputs), request)
    outputs = find_outputs(spec, onnx_model)
    if request["sample"] is None:
        warnings: Warnings = []
        rows = made_up(columns, request["syntheticRows"], lambda column, random: random.standard_normal(request["syntheticRows"]) * 2)
    else:
        rows, warnings = sample_rows(columns, request)
    outputs, predicted, left_out = meant(spec, outputs, evaluate(onnx_model, inputs, rounded(columns, rows)[0], outputs))
    warnings += left_out
    warnings += with_free_names(predicted, [column.name for column in columns])
    return conversion(
        title=title_of(spec),
        libraries=with_python({name: version(name) for name in LIBRARIES}),
        onnx=write_onnx(onnx_model, request),
        columns=columns,
        inputs=input_facts(inputs),
        outputs=[output_facts(output, found.tensor) for output, found in zip(predicted, outputs)],
        reference=write_reference(request, rows, predicted, by="onnx"),
        warnings=warnings,
    )


def predict(request: Request) -> dict[str, Any]:
    """The answer is `predictedSchema` of src/converters/answer.ts."""
    answer = convert(request)
    return prediction(answer["reference"], answer["warnings"])
