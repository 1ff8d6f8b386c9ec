"""TensorFlow and tf2onnx, imported without a word, on the processor only."""

from __future__ import annotations

import logging
from importlib.metadata import version
from typing import Any

from predictable_networks.tensorflow_setup import set_up

LIBRARIES = {"tensorflow": "tensorflow-cpu", "tf2onnx": "tf2onnx", "onnx": "onnx", "numpy": "numpy"}


def import_tensorflow() -> Any:
    set_up()
    import tensorflow

    tensorflow.get_logger().setLevel(logging.ERROR)
    logging.getLogger("absl").setLevel(logging.ERROR)
    return tensorflow


def import_tf2onnx() -> Any:
    import_tensorflow()
    import tf2onnx.convert

    # What it can't convert it logs, and goes on; leftovers are found in its graph.
    logging.getLogger("tf2onnx").setLevel(logging.CRITICAL)
    return tf2onnx


def versions() -> dict[str, str]:
    return {title: version(package) for title, package in LIBRARIES.items()}
