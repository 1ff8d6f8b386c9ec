"""TensorFlow and tf2onnx, imported without a word, on the processor only."""

from __future__ import annotations

import logging
import os
from importlib.metadata import version
from typing import Any

LIBRARIES = {"tensorflow": "tensorflow-cpu", "tf2onnx": "tf2onnx", "onnx": "onnx", "numpy": "numpy"}


def import_tensorflow() -> Any:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    # Sums in another order than TensorFlow's own kernels, and a line about it at each start.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
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
