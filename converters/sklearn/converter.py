"""The scikit-learn converter: a saved estimator to raw ONNX, facts about its columns, and what the original predicts."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from functools import partial
from typing import Any

from loading.import_sklearn import import_sklearn

import_sklearn()

import numpy as np  # noqa: E402
from predictable_bridge.errors import ConverterError  # noqa: E402
from predictable_facts.answer import conversion, prediction, write_onnx  # noqa: E402
from predictable_facts.asking import Original, ask  # noqa: E402
from predictable_facts.frames import read_columns  # noqa: E402
from predictable_facts.outputs import output_facts, with_free_names  # noqa: E402
from predictable_facts.reference import same_values, write_reference  # noqa: E402
from predictable_facts.request import Request  # noqa: E402
from predictable_facts.rows import Rows, rounded, sample_rows  # noqa: E402

from describing import boosters  # noqa: E402
from describing.anatomy import describe, final, steps  # noqa: E402
from describing.columns import Plan, plan_columns  # noqa: E402
from describing.knowledge import knowledge  # noqa: E402
from describing.missing import ask_for_missing  # noqa: E402
from describing.outputs import Output, predict_outputs  # noqa: E402
from describing.rows import native_input  # noqa: E402
from describing.steadiness import hangs_on_last_bits, one_job  # noqa: E402
from describing.synthetic import synthetic_rows  # noqa: E402
from loading.load import blaming_version, load  # noqa: E402
from writing.graph import input_facts, make_graph  # noqa: E402

SINGLE_PRECISION = ("sklearn.tree.", "sklearn.ensemble._forest", "sklearn.ensemble._gb", "sklearn.ensemble._iforest")


def convert(request: Request) -> dict[str, Any]:
    """The answer is `convertedSchema` of src/converters/answer.ts."""
    model, warnings = load(request)
    with blaming_version(request):
        plan, rows, outputs = predicted(model, request, warnings)
    onnx_model, tensors, thresholds = make_graph(model, plan, request, rows, outputs, warnings)
    with blaming_version(request):
        reference, outputs = referred(model, request, plan, rows, outputs, thresholds, warnings)
    return conversion(
        title=describe(model),
        libraries=versions(model),
        onnx=write_onnx(onnx_model, request),
        columns=plan.columns,
        inputs=input_facts(plan),
        outputs=[output_facts(output, tensor) for output, tensor in zip(outputs, tensors)],
        reference=reference,
        warnings=warnings,
    )


def predict(request: Request) -> dict[str, Any]:
    """The answer is `predictedSchema` of src/converters/answer.ts."""
    model, warnings = load(request)
    with blaming_version(request):
        plan, rows, outputs = predicted(model, request, warnings)
        reference, _ = referred(model, request, plan, rows, outputs, folded_thresholds(model, plan, request, rows, outputs), warnings)
    return prediction(reference, warnings)


def warm() -> None:
    """Imports what each conversion needs, and nothing that only some do: this is waited for."""
    import joblib  # noqa: F401

    from writing import output_tensors  # noqa: F401
    from writing.graph import replace_converters

    replace_converters()


def predicted(model: Any, request: Request, warnings: list[dict[str, str]]) -> tuple[Plan, Rows, list[Output]]:
    """The columns, the rows, and the outputs as the original gives them on rounded rows."""
    sample = None if request["sample"] is None else read_columns(request["sample"])
    one_job(model)
    plan = plan_columns(model, request, sample)
    warnings += plan.warnings
    if sample is None:
        return plan, *first_predicted(model, plan, synthetic_rows(model, plan, request["syntheticRows"]))
    ask_for_missing(model, plan, sample)
    rows, found = sample_rows(plan.columns, sample)
    warnings += found
    return plan, rows, original(model, plan, rounded(plan.columns, rows)[0], [column.name for column in plan.columns])


def referred(
    model: Any,
    request: Request,
    plan: Plan,
    rows: Rows,
    outputs: list[Output],
    thresholds: dict[str, np.ndarray],
    warnings: list[dict[str, str]],
) -> tuple[dict[str, Any], list[Output]]:
    """The reference files, with probe rows, and the outputs. `thresholds`: where steps are folded into trees, by column."""
    names = [column.name for column in plan.columns]

    def predict_rows(asked: Rows) -> list[Output]:
        return original(model, plan, asked, names)

    known = knowledge(model, plan)
    known.thresholds.update(thresholds)
    library = Original(predict_rows, partial(made_up, model, plan), partial(hangs_on_last_bits, model, plan, names))
    asked = ask(request, plan.columns, rows, outputs, library, known)
    changed = rounded(plan.columns, asked.rows)[1]
    warnings += asked.warnings + with_free_names(asked.outputs, names)
    exact = predict_rows(asked.rows) if changed and not rounds_itself(model) else asked.outputs
    unrounded = None if same_values(exact, asked.outputs) else exact
    reference = write_reference(request, asked.rows, asked.outputs, unrounded, float32=sums_in_float32(model), **asked.facts)
    return reference, asked.outputs


def folded_thresholds(model: Any, plan: Plan, request: Request, rows: Rows, outputs: list[Output]) -> dict[str, np.ndarray]:
    """Found by making the graph; of a model that does not convert there are none."""
    try:
        return make_graph(model, plan, request, rows, outputs, [])[2]
    except ConverterError:
        return {}


def made_up(model: Any, plan: Plan, count: int) -> Rows | None:
    try:
        return next(synthetic_rows(model, plan, count))
    except ConverterError:
        return None


def first_predicted(model: Any, plan: Plan, candidates: Iterator[Rows]) -> tuple[Rows, list[Output]]:
    """The first of the made-up tables that the original takes: some take no negative numbers."""
    failure: ConverterError | None = None
    for rows in candidates:
        try:
            return rows, original(model, plan, rounded(plan.columns, rows)[0], [column.name for column in plan.columns])
        except ConverterError as error:
            if error.code != "COLUMN_MISMATCH":
                raise
            failure = error
    message = f"No rows can be made up for {describe(model)}: {failure.message if failure else 'nothing is known of them'}"
    raise ConverterError("MISSING_SAMPLE", message, "Give rows as the model was trained on: --sample FILE.") from failure


def original(model: Any, plan: Plan, rows: Rows, names: list[str]) -> list[Output]:
    try:
        return predict_outputs(model, native_input(model, plan, rows), names)
    except (ConverterError, MemoryError):
        raise
    except Exception as error:
        message = f"{describe(model)} itself fails on these rows: {type(error).__name__}: {str(error).splitlines()[0]}"
        hint = "Give a sample with rows like those that the model was trained on: --sample."
        raise ConverterError("COLUMN_MISMATCH", message, hint) from error


def rounds_itself(model: Any) -> bool:
    """scikit-learn's trees take their rows as float32, whatever they are given."""
    return all(type(first).__module__.startswith(SINGLE_PRECISION) for first in steps(model)[:1])


def sums_in_float32(model: Any) -> bool:
    return boosters.library_of(final(model)) == "xgboost"


def versions(model: Any) -> dict[str, str]:
    import onnx
    import skl2onnx
    import sklearn

    return {
        **boosters.versions(model),
        "python": platform.python_version(),
        "scikit-learn": sklearn.__version__,
        "skl2onnx": skl2onnx.__version__,
        "onnx": onnx.__version__,
        "numpy": np.__version__,
    }
