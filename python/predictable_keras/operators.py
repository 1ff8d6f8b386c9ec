"""Layers that stand for a call of TensorFlow in a functional model of Keras 2: what they call has to be known to only compute."""

from __future__ import annotations

from typing import Any, Dict, Optional

from predictable_keras.files import fields
from predictable_keras.functions import computes
from predictable_tensorflow.operators import COMPUTING

# Of ragged and of sparse tensors, as Keras itself makes such layers of them.
PROPERTIES = frozenset("values flat_values row_splits nested_row_splits indices dense_shape".split())
METHODS = frozenset(
    """value_rowids nested_value_rowids nrows row_starts row_limits row_lengths nested_row_lengths bounding_shape with_values
    with_flat_values with_row_splits_dtype merge_dims to_tensor to_sparse""".split()
)
CLASS_METHODS = frozenset(
    """from_value_rowids from_row_splits from_row_lengths from_row_starts from_row_limits from_uniform_row_length
    from_nested_value_rowids from_nested_row_splits from_nested_row_lengths from_tensor from_sparse""".split()
)
OPERATORS = ("TFOpLambda", "SlicingOpLambda", "ClassMethod", "InstanceMethod", "InstanceProperty", "TensorFlowOpLayer")
# NodeDef.op in tensorflow/core/framework/node_def.proto.
OP = 2


def called(kind: str, config: Any) -> Optional[str]:
    """What of TensorFlow a layer calls beyond computing; None when it only computes."""
    settings: Dict[str, Any] = config if isinstance(config, dict) else {}
    if kind in ("TFOpLambda", "SlicingOpLambda"):
        name = settings.get("function")
        return None if isinstance(name, str) and computes(name) else "tf.%s" % name
    if kind == "ClassMethod":
        name = "%s.%s" % (settings.get("cls_symbol"), settings.get("method_name"))
        return None if settings.get("cls_symbol") == "RaggedTensor" and settings.get("method_name") in CLASS_METHODS else "tf.%s" % name
    if kind in ("InstanceMethod", "InstanceProperty"):
        name = settings.get("attr_name")
        allowed = METHODS if kind == "InstanceMethod" else PROPERTIES
        return None if isinstance(name, str) and name in allowed else "%s of a tensor" % name
    name = operator_of(settings.get("node_def"))
    return None if name in COMPUTING else "the operator %s" % name


def operator_of(node: Any) -> Optional[str]:
    """As JSON since TensorFlow 2.2; before, a message whose bytes were decoded as text."""
    if isinstance(node, dict):
        return str(node.get("op"))
    if not isinstance(node, str):
        return None
    try:
        names = [value for number, value in fields(node.encode("utf-8")) if number == OP]
        return names[0].decode("utf-8") if len(names) == 1 else None
    except ValueError:
        return None
