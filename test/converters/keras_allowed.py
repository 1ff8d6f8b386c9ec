"""Public classes and functions of both Keras that are on no list of predictable_keras, neither of those allowed nor of those refused."""

from __future__ import annotations

import inspect
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "python"))
import keras
import tf_keras
from keras.src.ops.operation import Operation
from predictable_keras.classes import CLASSES, FUNCTIONS
from predictable_keras.functions import computes
from predictable_keras.operators import OPERATORS
from predictable_keras.trust import CODE, TEXT
from tensorflow.python.util.tf_export import get_symbol_from_name

# They look up others by name, or are given functions of their user.
LOOKING_UP = {"DynamicLookup", "DynamicEmbedding"}
GIVEN_FUNCTIONS = {"AssociativeScan", "Cond", "ForiLoop", "Function", "JVP", "Map", "Scan", "Switch", "VectorizedMap", "WhileLoop"}
KNOWN = CLASSES | set(CODE) | set(TEXT) | set(OPERATORS) | LOOKING_UP


def classes(*modules: str) -> set[str]:
    places = [getattr(library, module) for library in (keras, tf_keras) for module in modules if hasattr(library, module)]
    return {name for place in places for name, value in vars(place).items() if inspect.isclass(value)}


def operations(kind: type) -> set[str]:
    return {name for each in kind.__subclasses__() for name in {each.__name__, *operations(each)} if each.__module__.startswith("keras.src.ops")}


named = ("cast", "concat", "reshape", "math.multiply", "nn.softmax", "linalg.matmul", "image.resize", "__operators__.getitem", "keras.activations.gelu")
print(
    json.dumps(
        {
            "layers": sorted(classes("layers") - KNOWN),
            "parts": sorted(classes("initializers", "constraints", "regularizers", "losses", "metrics") - KNOWN),
            "operations": sorted(operations(Operation) - KNOWN - GIVEN_FUNCTIONS),
            "functions": [name for name in named if not computes(name) or get_symbol_from_name(name) is None]
            + [name for name in ("relu", "gelu", "softmax", "tanh") if name not in FUNCTIONS],
        }
    )
)
