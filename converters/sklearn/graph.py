"""Makes the raw ONNX with skl2onnx: options that must be right by themselves, errors in the user's words, one tensor an output."""

from __future__ import annotations

import warnings
from typing import Any

from predictable_bridge.errors import ConverterError
from sklearn.base import is_classifier

from anatomy import describe, every, final
from columns import Plan
from outputs import Output
from prepare import prepared

DOMAINS = {"": "ai.onnx", "ai.onnx.ml": "ai.onnx.ml"}
HINT = "Replace that step by one of those listed in docs/estimators.md, or precompute it before the model."
INPUT = "X"


def make_graph(model: Any, plan: Plan, request: dict[str, Any], outputs: list[Output]) -> tuple[Any, list[str]]:
    """The model proto and the tensor of each output. Raises UNSUPPORTED_MODEL, UNSUPPORTED_OPERATOR or OPSET_TOO_NEW."""
    double = request["precision"] == "double"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        onnx_model = converted(model, prepared(model, double), initial_types(plan, double), request["opsets"])
    tensors = separate(model, onnx_model, outputs)
    check(model, onnx_model, request)
    return onnx_model, tensors


def input_facts(plan: Plan) -> list[dict[str, Any]]:
    if plan.per_column:
        return [{"tensor": f"c{at}", "columns": [column.name]} for at, column in enumerate(plan.columns)]
    return [{"tensor": INPUT, "columns": [column.name for column in plan.columns]}]


def initial_types(plan: Plan, double: bool) -> list[tuple[str, Any]]:
    from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType, StringTensorType

    number = DoubleTensorType if double else FloatTensorType
    if not plan.per_column:
        return [(INPUT, number([None, len(plan.columns)]))]
    types = []
    for at, column in enumerate(plan.columns):
        kind = StringTensorType if column.kind == "category" else Int64TensorType if column.type == "int64" else number
        types.append((f"c{at}", kind([None, 1])))
    return types


def converted(model: Any, copy: Any, types: list[tuple[str, Any]], opsets: dict[str, int]) -> Any:
    import ordinal
    import trees
    from skl2onnx import convert_sklearn

    ordinal.register()
    trees.register()
    # skl2onnx takes the option for classifiers only, and of those not for all.
    attempts: list[Any] = [{id(copy): {"zipmap": False}}, None] if is_classifier(final(copy)) else [None]
    for options in attempts:
        try:
            return convert_sklearn(
                copy, name="predictable", initial_types=types, target_opset=dict(opsets), options=options
            )
        except NameError as error:
            if options is None:
                raise refusal(model, error) from error
        except MemoryError:
            raise
        except Exception as error:
            raise refusal(model, error) from error
    raise AssertionError("the last attempt returns or raises")


def refusal(model: Any, error: Exception) -> ConverterError:
    """The step that skl2onnx names, or the whole model; with its reason."""
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    names = {type(step).__name__: step for step in every(model)}
    guilty = next((name for name in names if f".{name}'" in reason or f"Sklearn{name}" in reason), None)
    if guilty is not None and "shape calculator" in reason:
        reason = "skl2onnx has no converter for it"
    step = guilty or type(final(model)).__name__
    where = "" if describe(model) == step else f" in {describe(model)}"
    message = f"{step}{where} cannot be converted: {reason}"
    return ConverterError("UNSUPPORTED_MODEL", message, HINT, step=step, error=type(error).__name__)


def separate(model: Any, onnx_model: Any, outputs: list[Output]) -> list[str]:
    """Cuts the graph's outputs to one tensor `[N,k]` for each output wanted, and drops the others."""
    graph = onnx_model.graph
    raw = [value.name for value in graph.output]
    if max(output.raw for output in outputs) >= len(raw):
        raise ConverterError("UNSUPPORTED_MODEL", f"{describe(model)}: skl2onnx gives {len(raw)} outputs, too few.", HINT)
    tensors = []
    sequences = {node.output[0]: node for node in graph.node if node.op_type == "SequenceConstruct"}
    infos = {value.name: value for value in graph.output}
    wanted = []
    for output in outputs:
        name = raw[output.raw]
        info = infos[name]
        if output.member is not None and name in sequences:
            tensor, info = sequences[name].input[output.member], shaped(sequences[name].input[output.member], None)
        elif output.member is not None:
            tensor, info = taken(graph, name, output.member, 0, f"{name}_{output.member}")
        elif output.pick is not None:
            tensor, info = taken(graph, name, output.pick, 1, f"{name}_score")
        elif output.role == "label" and type(final(model)).__name__ == "QuadraticDiscriminantAnalysis":
            tensor, info = column_of(graph, name, info)
        else:
            tensor = name
        tensors.append(tensor)
        wanted.append(info)
    del graph.output[:]
    graph.output.extend(wanted)
    for name, node in sequences.items():
        if name in raw:
            graph.node.remove(node)
    return tensors


def taken(graph: Any, name: str, place: int, axis: int, result: str) -> tuple[str, Any]:
    """One entry along an axis; along the columns it stays a column."""
    from onnx import helper, numpy_helper
    import numpy as np

    index = np.array([place], dtype=np.int64) if axis == 1 else np.array(place, dtype=np.int64)
    graph.initializer.append(numpy_helper.from_array(index, f"{result}_index"))
    graph.node.append(helper.make_node("Gather", [name, f"{result}_index"], [result], name=f"{result}_pick", axis=axis))
    return result, shaped(result, 1 if axis == 1 else None)


def column_of(graph: Any, name: str, info: Any) -> tuple[str, Any]:
    from onnx import helper, numpy_helper
    import numpy as np

    result = f"{name}_column"
    graph.initializer.append(numpy_helper.from_array(np.array([-1, 1], dtype=np.int64), f"{result}_shape"))
    graph.node.append(helper.make_node("Reshape", [name, f"{result}_shape"], [result], name=f"{result}_reshape"))
    kind = info.type.tensor_type.elem_type
    return result, helper.make_tensor_value_info(result, kind, [None, 1])


def shaped(name: str, width: int | None) -> Any:
    from onnx import TensorProto, helper

    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, width])


def check(model: Any, onnx_model: Any, request: dict[str, Any]) -> None:
    """Reads again what was asked for: skl2onnx declares what it likes."""
    for opset in onnx_model.opset_import:
        if opset.domain not in DOMAINS:
            used = sorted({node.op_type for node in onnx_model.graph.node if node.domain == opset.domain})
            if not used:
                continue
            message = f"{describe(model)} needs {', '.join(used)} of {opset.domain}, which no SQL engine has."
            raise ConverterError("UNSUPPORTED_OPERATOR", message, HINT, operators=used, domain=opset.domain)
        if opset.version > request["opsets"][opset.domain]:
            message = f"{describe(model)} needs opset {opset.version} of {DOMAINS[opset.domain]}; the target loads {request['opsets'][opset.domain]}."
            raise ConverterError("OPSET_TOO_NEW", message, "Choose a newer target, or replace the newest step of the model.")
    known = [opset for opset in onnx_model.opset_import if opset.domain in DOMAINS]
    del onnx_model.opset_import[:]
    onnx_model.opset_import.extend(known)
    onnx_model.ir_version = min(onnx_model.ir_version, request["ir"])
