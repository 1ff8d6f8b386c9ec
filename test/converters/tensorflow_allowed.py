"""Operators that tf2onnx converts and that no file may name, and allowed ones that TensorFlow does not have: there are none of either."""

from __future__ import annotations

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "python"))
import tensorflow  # noqa: F401
import tf2onnx.convert
from predictable_tensorflow.operators import OF_A_MODEL, RESTORING, SAVING
from tensorflow.python.framework import op_def_registry

handled = {name for opsets in tf2onnx.handler.tf_op.get_opsets().values() for opset in opsets for name in opset}
# Its handlers' own names, and TensorFlow Lite's, are none of TensorFlow's operators.
registered = {name for name in handled if op_def_registry.get(name) is not None}
unknown = [name for name in OF_A_MODEL | SAVING | RESTORING if op_def_registry.get(name) is None]
print(json.dumps({"missing": sorted(registered - OF_A_MODEL), "unknown": sorted(unknown)}))
