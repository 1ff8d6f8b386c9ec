"""How TensorFlow and tf2onnx work in an interpreter: the same for every converter, since whichever comes first decides for all."""

from __future__ import annotations

import os
from typing import Tuple, Type

from predictable_networks.sample import NO_SUCH_LINE

VARIABLES = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    # Sums in another order than TensorFlow's own kernels, and a line about it at each start.
    "TF_ENABLE_ONEDNN_OPTS": "0",
    # Sums that threads share come out otherwise each time.
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


def set_up() -> None:
    """Has to be called before anything imports TensorFlow."""
    for name, value in VARIABLES.items():
        os.environ.setdefault(name, value)


def no_such_line() -> Tuple[Type[Exception], ...]:
    """What TensorFlow raises for a code that its tables have no line for."""
    import tensorflow as tf

    return (*NO_SUCH_LINE, tf.errors.InvalidArgumentError)


def count_anew() -> None:
    """tf2onnx numbers names from model to model, and orders the variables of loops by their names: each model starts at 1."""
    import tf2onnx.utils

    tf2onnx.utils.INTERNAL_NAME = 1
