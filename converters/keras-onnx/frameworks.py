"""Keras 2 as keras-onnx wants it: TensorFlow's own where there is one, else tf_keras with what has moved since put back."""

from __future__ import annotations

import logging
import os
import platform
import sys
from importlib.metadata import version
from typing import Any, Dict

from predictable_networks.tensorflow_setup import set_up

LIBRARIES = ("tensorflow-cpu", "keras2onnx", "onnx", "numpy")
# TensorFlow 2.3 has Keras inside.
OLD = sys.version_info < (3, 9)


def import_keras() -> Any:
    """Has to be called before anything else imports TensorFlow or keras2onnx."""
    set_up()
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    os.environ["TF_KERAS"] = "1"
    import tensorflow

    for name in ("tensorflow", "keras2onnx", "absl"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if OLD:
        keras = tensorflow.keras
    else:
        from shim import put_back

        keras = put_back()
    keras.backend.set_floatx("float32")
    keras.backend.set_image_data_format("channels_last")
    return keras


def fresh_session() -> None:
    """Without eager execution the learning phase is a placeholder, which keras-onnx cannot convert: pinned to predicting."""
    backend = import_keras().backend
    backend.clear_session()
    if not OLD:
        backend.set_learning_phase(0)


def versions() -> Dict[str, str]:
    packages = LIBRARIES if OLD else (*LIBRARIES, "tf_keras")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}
