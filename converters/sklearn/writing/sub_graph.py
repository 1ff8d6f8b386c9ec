"""The graph of an estimator inside another one."""

from __future__ import annotations

from typing import Any

from sklearn.base import is_classifier
from sklearn.pipeline import Pipeline


def sub_graph(estimator: Any, types: list[Any], container: Any, options: dict[str, Any]) -> Any:
    """Over inputs m0, m1 … of these types. `options`: those of skl2onnx for the classifier at its end."""
    from skl2onnx import convert_sklearn

    opsets = {domain: container.target_opset_any_domain(domain) for domain in ("", "ai.onnx.ml")}
    inputs = [(f"m{at}", type(own)([None, own.shape[1] if own.shape and len(own.shape) > 1 else 1])) for at, own in enumerate(types)]
    chosen: dict[int, dict[str, Any]] = {}
    parts = last_parts(estimator)
    if is_classifier(parts[-1]):
        chosen = {id(part): {"zipmap": False} for part in parts}
        chosen[id(parts[-1])] |= {key: value for key, value in options.items() if value}
    try:
        return convert_sklearn(estimator, initial_types=inputs, target_opset=opsets, options=chosen or None).graph
    except NameError as error:
        if any(options.values()):
            name = type(parts[-1]).__name__
            raise NotImplementedError(f"its member {name} cannot hand on its scores") from error
        return convert_sklearn(estimator, initial_types=inputs, target_opset=opsets).graph


def last_parts(model: Any) -> list[Any]:
    """A pipeline and its last step, through pipelines inside."""
    return [model, *last_parts(model.steps[-1][1])] if isinstance(model, Pipeline) else [model]
