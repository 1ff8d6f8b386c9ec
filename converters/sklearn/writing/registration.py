"""Registers a converter of ours with skl2onnx: the types of its outputs, of which an estimator only has to say how wide they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from writing.arithmetic import float_type
from writing.nodes import Nodes, is_text

PREFIX = "Predictable"
Convert = Callable[[Nodes, Any], None]
Width = Callable[[Any], int]


def add_values(cls: type, width: Width, convert: Convert, options: tuple[str, ...] = ()) -> None:
    """A regressor or a transformer: one output [N, width]."""

    def shapes(operator: Any) -> None:
        source = operator.inputs[0].type
        operator.outputs[0].type = float_type(source)([row_count(source), width(operator.raw_operator)])

    add(cls, shapes, convert, {name: [False, True] for name in options})


def add_classifier(cls: type, convert: Convert, options: tuple[str, ...] = ()) -> None:
    """Label [N] and probabilities [N, classes]. `options`: those of skl2onnx that it understands beside what all do."""

    add(cls, classifier_shapes, convert, {name: [False, True] for name in ("zipmap", "nocl", *options)})


def classifier_shapes(operator: Any) -> None:
    from skl2onnx.common.data_types import Int64TensorType, StringTensorType

    source, classes = operator.inputs[0].type, np.asarray(operator.raw_operator.classes_)
    operator.outputs[0].type = (StringTensorType if is_text(classes) else Int64TensorType)([row_count(source)])
    operator.outputs[1].type = float_type(source)([row_count(source), len(classes)])


def several_shapes(operator: Any, classes: list[np.ndarray]) -> None:
    """Of several targets, each with its `classes`: labels [N,targets]; probabilities [targets,N,classes], with zeros for classes that a
    target does not have.
    """
    from skl2onnx.common.data_types import Int64TensorType, StringTensorType

    source, text = operator.inputs[0].type, any(is_text(np.asarray(own)) for own in classes)
    rows = row_count(source)
    operator.outputs[0].type = (StringTensorType if text else Int64TensorType)([rows, len(classes)])
    operator.outputs[1].type = float_type(source)([len(classes), rows, max(map(len, classes))])


def add_values_beside(cls: type, is_ours: Callable[[Any], bool], width: Width, convert: Convert) -> None:
    """A regressor that skl2onnx converts, but for models of which `is_ours` says that ours has to."""

    def shapes(operator: Any) -> None:
        source = operator.inputs[0].type
        operator.outputs[0].type = float_type(source)([row_count(source), width(operator.raw_operator)])

    add_either(cls, is_ours, shapes, convert, {})


def add_scored(cls: type, width: Width, convert: Convert) -> None:
    """Label [N] and probabilities or scores [N, width], as the estimator around it wants."""

    def shapes(operator: Any) -> None:
        classifier_shapes(operator)
        source = operator.inputs[0].type
        operator.outputs[1].type = float_type(source)([row_count(source), width(operator.raw_operator)])

    add(cls, shapes, convert, {name: [False, True] for name in ("zipmap", "nocl", "raw_scores")})


def add_labelled(cls: type, width: Width, convert: Convert, column: bool = False, options: tuple[str, ...] = ()) -> None:
    """A clusterer or a detector of outliers: whole numbers [N], or [N,1], and scores [N, width]."""

    def shapes(operator: Any) -> None:
        from skl2onnx.common.data_types import Int64TensorType

        source = operator.inputs[0].type
        operator.outputs[0].type = Int64TensorType([row_count(source), 1] if column else [row_count(source)])
        operator.outputs[1].type = float_type(source)([row_count(source), width(operator.raw_operator)])

    add(cls, shapes, convert, {name: [False, True] for name in options} or None)


def add_beside(cls: type, is_ours: Callable[[Any], bool], shapes: Callable[[Any], None], convert: Convert) -> None:
    """A classifier that skl2onnx converts, but for models of which `is_ours` says that ours has to."""
    options = {name: [False, True] for name in ("zipmap", "nocl", "raw_scores", "output_class_labels")}
    add_either(cls, is_ours, shapes, convert, options)


def add_either(cls: type, is_ours: Callable[[Any], bool], shapes: Callable[[Any], None], convert: Convert, options: dict[str, Any]) -> None:
    from skl2onnx._supported_operators import sklearn_operator_name_map
    from skl2onnx.common._registration import get_converter, get_shape_calculator

    alias = sklearn_operator_name_map[cls]
    if alias.startswith(PREFIX):
        return
    their_convert, their_shapes = get_converter(alias), get_shape_calculator(alias)
    their_options = their_convert.get_allowed_options() or {}

    def either_shapes(operator: Any) -> None:
        (shapes if is_ours(operator.raw_operator) else their_shapes)(operator)

    def convert_either(nodes: Nodes, model: Any) -> None:
        if is_ours(model):
            convert(nodes, model)
        else:
            their_convert(nodes.scope, nodes.operator, nodes.container)

    add(cls, either_shapes, convert_either, {**their_options, **options})


def row_count(source: Any) -> Any:
    """None as a rule, also of what another converter declared without a shape."""
    return source.shape[0] if source.shape else None


def add(cls: type, shapes: Callable[[Any], None], convert: Convert, options: dict[str, Any] | None = None) -> None:
    add_as(f"{PREFIX}{cls.__name__}", cls, shapes, convert, options)


def add_as(alias: str, cls: type, shapes: Callable[[Any], None], convert: Convert, options: dict[str, Any] | None = None) -> None:
    """Under a name that skl2onnx knows it by."""
    from skl2onnx import update_registered_converter

    def converter(scope: Any, operator: Any, container: Any) -> None:
        convert(Nodes(scope, operator, container), operator.raw_operator)

    update_registered_converter(cls, alias, shapes, converter, overwrite=True, options=options)
