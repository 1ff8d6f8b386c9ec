"""Makes the raw ONNX with skl2onnx: options that must be right by themselves, errors in the user's words, one tensor an output."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import onnx
import onnx.shape_inference
from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_facts.rows import Rows
from predictable_graph.order import put_in_order
from sklearn.base import is_classifier

from describing.anatomy import describe, every, final
from describing.columns import Plan
from describing.outputs import Output
from describing.rows import native_input
from folding.features import Table
from folding.folding import NotFoldable
from preparing.given import Given
from preparing.prepare import by_columns, prepared
from preparing.refusals import refuse

DOMAINS = {"": "ai.onnx", "ai.onnx.ml": "ai.onnx.ml"}
HINT = "Replace that step by one of those listed in docs/estimators.md, or precompute it before the model."
INPUT = "X"

Written = tuple[Any, list[str], dict[str, np.ndarray]]


def make_graph(model: Any, plan: Plan, request: Request, rows: Rows, outputs: list[Output], found: list[dict[str, str]]) -> Written:
    """The model proto, the tensor of each output, and by column the thresholds that steps before trees were folded into.

    It computes in double between the user's float columns and float outputs, or in float where that has no form. Warnings go to `found`.
    Raises UNSUPPORTED_MODEL, _TYPE or _OPERATOR, or OPSET_TOO_NEW.
    """
    from writing.double_arithmetic import NoDoubleForm

    double = request["precision"] == "double"
    refuse(model)
    if not double:
        try:
            return written(model, plan, request, rows, outputs, double=True, float_edges=True)
        except (ConverterError, onnx.shape_inference.InferenceError, NoDoubleForm) as error:
            made = written(model, plan, request, rows, outputs, double=False)
            found.append(float_arithmetic(model, error))
            return made
    return written(model, plan, request, rows, outputs, double)


def float_arithmetic(model: Any, error: Exception) -> dict[str, str]:
    reason = str(getattr(error, "message", error)).strip().splitlines()[0].rstrip(".")
    message = f"{describe(model)} computes in float32, where the original computes in double: {reason}."
    return {"code": "FLOAT_ARITHMETIC", "message": message}


def written(
    model: Any, plan: Plan, request: Request, rows: Rows, outputs: list[Output], double: bool, float_edges: bool = False
) -> Written:
    """`float_edges`: only the arithmetic is double, the columns and outputs are float."""
    from writing import output_tensors
    from writing.arithmetic import arithmetic
    from writing.double_arithmetic import with_float_edges, with_kernels

    with warnings.catch_warnings(), arithmetic(double):
        warnings.simplefilter("ignore")
        table = table_of(model, plan, rows)
        onnx_model = folded_where_possible(model, plan, request, Given(double, table))
    put_in_order(onnx_model.graph)
    drop_unused(onnx_model.graph, plan)
    tensors = output_tensors.separate(model, onnx_model, outputs, double)
    if float_edges:
        wide = {f"c{column.at}" for column in plan.columns if column.type == "double"}
        tensors = with_float_edges(onnx_model.graph, tensors, wide)
    with_kernels(onnx_model, request["opsets"], wholly=float_edges)
    check(model, onnx_model, request)
    return onnx_model, tensors, {name: np.unique(np.concatenate(found)) for name, found in table.thresholds.items()}


def folded_where_possible(model: Any, plan: Plan, request: Request, given: Given) -> Any:
    """A feature that looked like a function of one column, and is none where trees compare it, is computed."""
    while True:
        copy = prepared(model, given)
        copy = by_columns(copy, plan.width) if plan.per_column else copy
        try:
            return converted(model, copy, initial_types(plan, given.double), request["opsets"])
        except NotFoldable as failure:
            given = replace(given, computed=given.computed | {failure.which})


def table_of(model: Any, plan: Plan, rows: Rows) -> Table:
    """Rows with a value in each column come first."""
    gaps = [np.array([value is None for value in values]) if values.dtype == object else np.isnan(values) for values in rows.values()]
    order = np.argsort(np.any(np.stack(gaps), axis=0), kind="stable")
    return Table(plan.columns, plan.width, {name: values[order] for name, values in rows.items()}, partial(native_input, model, plan))


def input_facts(plan: Plan) -> list[dict[str, Any]]:
    if plan.per_column:
        return [{"tensor": f"c{column.at}", "columns": [column.name]} for column in plan.columns]
    return [{"tensor": INPUT, "columns": [column.name for column in plan.columns]}]


def initial_types(plan: Plan, double: bool) -> list[tuple[str, Any]]:
    from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType, StringTensorType

    number = DoubleTensorType if double else FloatTensorType
    if not plan.per_column:
        return [(INPUT, number([None, len(plan.columns)]))]
    types = [(f"c{at}", number([None, 1])) for at in range(plan.width)]
    numbers = {"float": number, "double": DoubleTensorType, "int64": Int64TensorType}
    for column in plan.columns:
        column_type = StringTensorType if column.kind == "category" else numbers[column.type]
        types[column.at] = (f"c{column.at}", column_type([None, 1]))
    return types


def converted(model: Any, copy: Any, types: list[tuple[str, Any]], opsets: dict[str, int]) -> Any:
    from skl2onnx import convert_sklearn

    from writing.sub_graph import last_parts

    replace_converters()
    # skl2onnx takes the option for classifiers only, and of those not for all; the last step of a pipeline gets it even
    # then, unless options are there for it: none at all will do.
    attempts: list[Any] = [None]
    if is_classifier(final(copy)):
        attempts = [{id(part): {"zipmap": False} for part in last_parts(copy)}, {id(final(copy)): {}}, None]
    for options in attempts:
        try:
            return convert_sklearn(copy, name="predictable", initial_types=types, target_opset=dict(opsets), options=options)
        except NameError as error:
            if options is None:
                raise refusal(model, error) from error
        except (MemoryError, NotFoldable):
            raise
        except Exception as error:
            raise refusal(model, error) from error
    raise AssertionError("the last attempt returns or raises")


def replace_converters() -> None:
    """Our own in place of those of skl2onnx that are wrong, slow or missing."""
    from writing import added, arithmetic, faster_skl2onnx, replaced, tree_ensembles, wrappers

    for module in (added, replaced, tree_ensembles, wrappers, faster_skl2onnx, arithmetic):
        module.register()


def drop_unused(graph: Any, plan: Plan) -> None:
    """Columns that no step of the model looks at are no inputs."""
    used = {facts["tensor"] for facts in input_facts(plan)}
    for value in [value for value in graph.input if value.name not in used]:
        graph.input.remove(value)


def refusal(model: Any, error: Exception) -> ConverterError:
    """The step that skl2onnx names, or the whole model; with its reason."""
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    names = {type(step).__name__: step for step in every(model)}
    named = next((name for name in names if f".{name}'" in reason or f"Sklearn{name}" in reason), None)
    if named is not None and "shape calculator" in reason:
        reason = "skl2onnx has no converter for it"
    step = named or type(final(model)).__name__
    where = "" if describe(model) == step else f" in {describe(model)}"
    message = f"{step}{where} cannot be converted: {reason}"
    return ConverterError("UNSUPPORTED_MODEL", message, HINT, step=step, error=type(error).__name__)


def check(model: Any, onnx_model: Any, request: Request) -> None:
    """Raises unless the graph keeps to the target's domains and opsets, whatever was asked of skl2onnx; then declares each domain once."""
    for opset in onnx_model.opset_import:
        if opset.domain not in DOMAINS:
            used = sorted({node.op_type for node in onnx_model.graph.node if node.domain == opset.domain})
            if not used:
                continue
            message = f"{describe(model)} needs {', '.join(used)} of {opset.domain}, which no SQL engine has."
            raise ConverterError("UNSUPPORTED_OPERATOR", message, HINT, operators=used, domain=opset.domain)
        if opset.version > request["opsets"][opset.domain]:
            newest = request["opsets"][opset.domain]
            message = f"{describe(model)} needs opset {opset.version} of {DOMAINS[opset.domain]}; the target loads {newest}."
            raise ConverterError("OPSET_TOO_NEW", message, "Choose a newer target, or replace the newest step of the model.")
    # skl2onnx declares a domain twice, and in an order of its own each time.
    versions: dict[str, int] = {}
    for opset in onnx_model.opset_import:
        if opset.domain in DOMAINS:
            versions[opset.domain] = max(opset.version, versions.get(opset.domain, 0))
    del onnx_model.opset_import[:]
    for domain in sorted(versions):
        onnx_model.opset_import.add(domain=domain, version=versions[domain])
    onnx_model.ir_version = min(onnx_model.ir_version, request["ir"])
