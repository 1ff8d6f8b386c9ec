"""Which Keras works here: 3 as `keras`, 2 as `tf_keras`, side by side in one process."""

from __future__ import annotations

import logging
import os
import platform
from importlib.metadata import version
from typing import Any

# Bytes: of files whose models may be kept together, and what a model takes beside its weights.
MOST_KEPT = 20 * 2**20
LEAST = 2**20
kept: dict[int, int] = {}
LIBRARIES = ("tensorflow-cpu", "tf2onnx", "onnx", "numpy")


def import_keras(generation: int) -> Any:
    """`keras` or `tf_keras`, as if the user had no keras.json: its defaults would be other numbers."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # As the TensorFlow converter has it, which may be the first in the same interpreter: sums in TensorFlow's own order.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    # Sums that threads share come out otherwise each time.
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
    os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
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


def count_anew() -> None:
    """tf2onnx numbers names from model to model, and orders the variables of loops by their names: each model starts at 1."""
    import tf2onnx.utils

    tf2onnx.utils.INTERNAL_NAME = 1


def clear(generation: int, size: int) -> None:
    """What Keras keeps of each model would add up; looking for it takes a sixth of a small model's conversion. `size`: of the file."""
    kept[generation] = kept.get(generation, 0) + size + LEAST
    if kept[generation] > MOST_KEPT:
        kept[generation] = 0
        import_keras(generation).backend.clear_session()


def versions(generation: int) -> dict[str, str]:
    packages = (*LIBRARIES, "keras" if generation == 3 else "tf_keras")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}
