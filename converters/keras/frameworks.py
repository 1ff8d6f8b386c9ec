"""Which Keras works here: 3 as `keras`, 2 as `tf_keras`, side by side in one process."""

from __future__ import annotations

import logging
import os
import platform
from importlib.metadata import version
from typing import Any

LIBRARIES = ("tensorflow-cpu", "tf2onnx", "onnx", "numpy")


def import_keras(generation: int) -> Any:
    """`keras` or `tf_keras`, as if the user had no keras.json: its defaults would be other numbers."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import tensorflow  # noqa: F401

    for name in ("tensorflow", "tf2onnx", "absl"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if generation == 3:
        import keras
    else:
        import tf_keras as keras
    keras.backend.set_floatx("float32")
    keras.backend.set_image_data_format("channels_last")
    return keras


def clear(generation: int) -> None:
    """What Keras keeps of each model would add up."""
    import_keras(generation).backend.clear_session()


def versions(generation: int) -> dict[str, str]:
    packages = (*LIBRARIES, "keras" if generation == 3 else "tf_keras")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}
