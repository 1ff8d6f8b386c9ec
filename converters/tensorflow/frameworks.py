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
    # Sums that threads share come out otherwise each time.
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
    os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
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


def count_anew() -> None:
    """tf2onnx numbers names from model to model, and orders the variables of loops by their names: each model starts at 1."""
    import tf2onnx.utils

    tf2onnx.utils.INTERNAL_NAME = 1


def versions() -> dict[str, str]:
    return {title: version(package) for title, package in LIBRARIES.items()}
