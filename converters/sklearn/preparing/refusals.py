"""Models that skl2onnx turns into something that predicts otherwise, or does not load: refused by name, with a way out."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError

from describing.anatomy import describe, every, final, steps
from describing.traits import traits_of


def refuse(model: Any) -> None:
    """Raises UNSUPPORTED_MODEL."""
    last = final(model)
    for step in every(model):
        refusal = reason(step, step is last or step is final(steps(model)[-1]))
        if refusal is not None:
            what, hint = refusal
            where = "" if step is model else f" in {describe(model)}"
            raise ConverterError("UNSUPPORTED_MODEL", f"{type(step).__name__}{where} {what}.", hint, step=type(step).__name__)


def reason(step: Any, last: bool) -> tuple[str, str] | None:
    """(what is not converted about it, a way out), or nothing. `last`: whether it is the step that predicts."""
    traits = traits_of(step)
    if traits.neighbour_graph:
        return "gives a graph of neighbours, which is no table of predictions", "Use KNeighborsClassifier or -Regressor."
    if traits.histogram_boosting and has_categorical_splits(step):
        hint = "Encode the categories with OneHotEncoder or OrdinalEncoder, without categorical_features."
        return "splits on categories, which skl2onnx takes for numbers", hint
    if traits.one_target and step._label_binarizer.y_type_.startswith("multil"):
        return "with several targets gives a graph that does not load", "Use MultiOutputClassifier(LogisticRegression())."
    if isinstance(getattr(step, "classes_", None), list) and not traits.several_targets:
        return several_targets(step)
    if traits.thresholded and not last:
        return "inside another model is not converted", "Use it as the last step."
    return None


def has_categorical_splits(step: Any) -> bool:
    return any(tree.nodes["is_categorical"].any() for group in step._predictors for tree in group)


def several_targets(step: Any) -> tuple[str, str] | None:
    hint = "Use MultiOutputClassifier, or train one model a target."
    classes = [np.asarray(of_target) for of_target in step.classes_]
    if any(of_target.dtype.kind in "OUST" for of_target in classes):
        return "with several text targets is not converted", hint
    uneven = len({len(of_target) for of_target in classes}) > 1
    if uneven and traits_of(step).even_targets:
        return "with targets of different numbers of classes is not converted", hint
    return None
