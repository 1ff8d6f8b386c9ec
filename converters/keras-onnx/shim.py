"""keras2onnx 1.7.0 of 2020 on TensorFlow 2.19: every name that it uses and that has moved since, put back where it was.

Done once, before keras2onnx is imported and before any layer is built.
"""

from __future__ import annotations

import functools
import sys
from types import ModuleType, SimpleNamespace
from typing import Any, Dict

ALIASES = {"bool": bool, "int": int, "float": float, "object": object, "str": str, "complex": complex}
ACTIVATIONS = ("LeakyReLU", "ELU", "PReLU", "ThresholdedReLU", "Softmax", "ReLU")


@functools.lru_cache(maxsize=None)
def put_back() -> Any:
    """Returns the Keras to use. Switches eager execution off for the whole process."""
    import tensorflow
    import tf_keras

    numpy_aliases()
    onnx_mapping()
    tensorflow.compat.v1.disable_eager_execution()
    keras_modules(tf_keras)
    layer_modules(tf_keras)
    import keras2onnx  # noqa: F401

    subclass_test()
    return tf_keras


def numpy_aliases() -> None:
    import numpy

    for name, kind in ALIASES.items():
        if name not in vars(numpy):
            setattr(numpy, name, kind)


def onnx_mapping() -> None:
    """The tables between ONNX's types and NumPy's, which onnx now has as functions."""
    import numpy
    import onnx
    from onnx import TensorProto, helper

    # Types that NumPy does not have are of no Keras 2 model.
    known = [number for name, number in TensorProto.DataType.items() if hasattr(numpy, numpy_name(name))]
    types = {number: numpy.dtype(helper.tensor_dtype_to_np_dtype(number)) for number in known}
    types[TensorProto.STRING] = numpy.dtype(object)
    mapping: Any = ModuleType("onnx.mapping")
    mapping.TENSOR_TYPE_TO_NP_TYPE = types
    mapping.NP_TYPE_TO_TENSOR_TYPE = {kind: number for number, kind in reversed(list(types.items()))}
    sys.modules["onnx.mapping"] = mapping
    onnx.mapping = mapping  # type: ignore[attr-defined]  # it was there until 1.19


def numpy_name(name: str) -> str:
    return {"FLOAT": "float32", "DOUBLE": "float64", "BOOL": "bool_"}.get(name, name.lower() if name[-1].isdigit() else "?")


def keras_modules(tf_keras: Any) -> None:
    import tensorflow.python as inner
    from tensorflow.python.trackable import data_structures

    inner.keras = tf_keras
    sys.modules["keras"] = tf_keras
    tracking: Any = ModuleType("tensorflow.python.training.tracking")
    tracking.__path__ = []
    tracking.data_structures = data_structures
    sys.modules["tensorflow.python.training.tracking"] = tracking
    sys.modules["tensorflow.python.training.tracking.data_structures"] = data_structures


def layer_modules(tf_keras: Any) -> None:
    from tf_keras.src.engine import sequential

    layers = tf_keras.layers
    layers.advanced_activations = SimpleNamespace(**{name: getattr(layers, name) for name in ACTIVATIONS})
    layers.wrappers = SimpleNamespace(TimeDistributed=layers.TimeDistributed, Bidirectional=layers.Bidirectional)
    layers.recurrent_v2 = SimpleNamespace(LSTM=layers.LSTM, GRU=layers.GRU)
    layers.normalization_v2 = SimpleNamespace(BatchNormalization=layers.BatchNormalization)
    tf_keras.engine = SimpleNamespace(sequential=sequential)


def subclass_test() -> None:
    """keras2onnx looks at the module's name, which is another one now."""
    modules: Dict[str, Any] = dict(sys.modules)
    for name, module in modules.items():
        if name.startswith("keras2onnx") and hasattr(module, "is_subclassed"):
            module.is_subclassed = is_subclassed


def is_subclassed(layer: Any) -> bool:
    return not type(layer).__module__.startswith(("tf_keras.src.engine", "tf_keras.src.layers"))
