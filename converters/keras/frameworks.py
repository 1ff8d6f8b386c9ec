"""Which Keras works here: 3 as `keras`, 2 as `tf_keras`, side by side in one process."""

from __future__ import annotations

import logging
import os
import platform
from importlib.metadata import version
from typing import Any

from predictable_networks.tensorflow_setup import set_up

# Bytes: of files whose models may be kept together, and what a model takes beside its weights.
MOST_KEPT = 20 * 2**20
LEAST = 2**20
kept: dict[int, int] = {}
LIBRARIES = ("tensorflow-cpu", "tf2onnx", "onnx", "numpy")


def import_keras(generation: int) -> Any:
    """`keras` or `tf_keras`, as if the user had no keras.json: its defaults would be other numbers."""
    set_up()
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


def clear(generation: int, size: int) -> None:
    """What Keras keeps of each model would add up; looking for it takes a sixth of a small model's conversion. `size`: of the file."""
    kept[generation] = kept.get(generation, 0) + size + LEAST
    if kept[generation] > MOST_KEPT:
        kept[generation] = 0
        import_keras(generation).backend.clear_session()


def versions(generation: int) -> dict[str, str]:
    packages = (*LIBRARIES, "keras" if generation == 3 else "tf_keras")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}
