"""What in a Keras model's description would run code of its author when it is loaded, or cannot become columns of numbers."""

from __future__ import annotations

import hashlib
import os
from typing import Any, Dict, Iterator, List, Optional, Tuple

from predictable_bridge.errors import ConverterError
from predictable_keras.files import KerasFile, bare, objects

CODE = {
    "Lambda": "is a Lambda, whose Python code is in the file",
    "__lambda__": "holds Python code",
    "TFSMLayer": "loads another model from a path",
    "TorchModuleWrapper": "holds a pickle",
    "JaxLayer": "holds Python code",
    "FlaxLayer": "holds Python code",
}
TEXT = ("StringLookup", "TextVectorization", "Hashing", "HashedCrossing")
TEXT_HINT = "Do the text step outside, and convert the part of the model that takes numbers (codes of the words, or one-hot columns)."

# Parts of Keras that only compute. Others, such as keras.utils, download files or load modules.
COMPUTING = {
    "activations", "applications", "constraints", "core", "dtype_policies", "engine", "feature_column", "functional",
    "initializers", "layers", "losses", "metrics", "mixed_precision", "models", "ops", "optimizers", "quantizers", "random",
    "regularizers",
}  # fmt: skip
OF_KERAS_ITSELF = {"Sequential", "Functional", "Model", "Variable", "DTypePolicy", "FloatDTypePolicy", "KerasTensor", "Layer", "Operation"}

# TensorFlow functions that a functional model of Keras 2 calls by name.
OPERATORS = ("TFOpLambda", "SlicingOpLambda", "ClassMethod", "InstanceMethod", "InstanceProperty")
COMPUTING_OPERATORS = ("math", "nn", "linalg", "signal", "image", "__operators__", "keras.activations", "keras.backend")


def check_trust(file: KerasFile, path: str, trusted: bool) -> None:
    """Raises UNTRUSTED_ARTIFACT with what would run, where nobody vouches for the file."""
    reasons = list(dict.fromkeys("%s %s" % (layer, why) for layer, why in running(file.config)))
    if trusted or not reasons:
        return
    message = "%s runs code when it is loaded: %s.\nIt was not loaded. If you know where it comes from, say so:"
    hint = [
        *("this file once      --trust-sha256 %s" % found for found in sha256_of(path)),
        "files you review    predictable trust %s -o trust.lock, then --trust-lock trust.lock" % file.name,
        "all of one command  --trust",
    ]
    raise ConverterError("UNTRUSTED_ARTIFACT", message % (file.name, "; ".join(reasons[:5])), "\n".join(hint), reasons=reasons)


def running(config: Any) -> Iterator[Tuple[str, str]]:
    for layer, described in objects(config):
        kind = bare(described.get("class_name"))
        module = described.get("module")
        registered = described.get("registered_name")
        if kind in CODE:
            yield layer, CODE[kind]
        elif kind in OPERATORS:
            name = operator_name(described)
            if not computes(name):
                yield layer, "calls tf.%s" % name
        elif module is None and isinstance(registered, str) and ">" in registered:
            yield layer, "is of the class %s, which is not Keras's own" % registered
        elif isinstance(module, str) and not of_keras(module, kind):
            yield layer, "is of the class %s.%s, which is not Keras's own" % (module, kind)


def foreign_modules(file: KerasFile) -> List[Tuple[str, Optional[str], str]]:
    """Of each class that is not Keras's own: the layer, its module when the file says it, and its name."""
    found = []
    for layer, described in objects(file.config):
        kind, module, registered = bare(described.get("class_name")), described.get("module"), described.get("registered_name")
        if isinstance(module, str) and not of_keras(module, kind):
            found.append((layer, module, kind))
        elif module is None and isinstance(registered, str) and ">" in registered:
            found.append((layer, None, registered))
    return found


def of_keras(module: str, kind: str) -> bool:
    parts = [part for part in module.split(".") if part != "src"]
    if parts[:3] == ["tensorflow", "python", "keras"]:
        parts = parts[2:]
    if parts == ["builtins"]:
        return True
    if parts[0] not in ("keras", "tf_keras"):
        return False
    return kind in OF_KERAS_ITSELF if len(parts) == 1 else parts[1] in COMPUTING


def operator_name(described: Dict[str, Any]) -> str:
    config = described.get("config")
    return str((config or {}).get("function", "slice")) if isinstance(config, dict) else "?"


def computes(name: str) -> bool:
    """`tf.reshape` and its like have no dot; the few of those that do more than compute are named here."""
    first, _, rest = name.partition(".")
    if not rest:
        return not name.endswith(("py_function", "numpy_function", "library", "py_func")) and name not in ("print", "function", "Module")
    return any(name.startswith(each + ".") for each in COMPUTING_OPERATORS)


def check_text(file: KerasFile) -> None:
    """Raises UNSUPPORTED_MODEL with the layer that takes text."""
    for layer, described in objects(file.config):
        kind, config = bare(described.get("class_name")), described.get("config")
        text = isinstance(config, dict) and kind == "InputLayer" and config.get("dtype") == "string"
        if kind in TEXT or text:
            what = "takes text" if text else "is a %s" % kind
            message = "%s: %s %s, and text is no column of numbers." % (file.name, layer, what)
            raise ConverterError("UNSUPPORTED_MODEL", message, TEXT_HINT, layer=layer, everyRoad=True)


def sha256_of(path: str) -> List[str]:
    """Of a folder none: its sum, over a list of its files, is `predictable trust`'s to make."""
    if os.path.isdir(path):
        return []
    with open(path, "rb") as file:
        return [hashlib.sha256(file.read()).hexdigest()]
