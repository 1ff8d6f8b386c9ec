"""What in a Keras model's description would run code of its author when it is loaded, or cannot become columns of numbers.

What is known to only compute is allowed, by name; everything else is refused until somebody vouches for the file.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any, Dict, Iterator, List, Optional, Tuple

from predictable_bridge.errors import ConverterError
from predictable_facts.shell import for_shell
from predictable_keras.classes import CLASSES, FUNCTIONS
from predictable_keras.description import bare, objects, shown
from predictable_keras.files import KerasFile
from predictable_keras.operators import OPERATORS, called

CODE = {
    "Lambda": "is a Lambda, whose Python code is in the file",
    "__lambda__": "holds Python code",
    "TFSMLayer": "loads another model from a path",
    "TorchModuleWrapper": "holds a pickle",
    "JaxLayer": "holds Python code",
    "FlaxLayer": "holds Python code",
    "ResidualWrapper": "holds Python code",
    "DropoutWrapper": "holds Python code",
    "DeviceWrapper": "may hold Python code",
    "DenseFeatures": "holds columns that may read files",
    "SequenceFeatures": "holds columns that may read files",
}
TEXT = ("StringLookup", "TextVectorization", "Hashing", "HashedCrossing")
TEXT_HINT = "Do the text step outside, and convert the part of the model that takes numbers (codes of the words, or one-hot columns)."
MISSING_HINT = "Give the package that has it with --wheel FILE, or register the class in a module that the file names."

# Parts of Keras that only compute. Others, such as keras.utils, download files or load modules.
COMPUTING = {
    "activations", "applications", "constraints", "core", "dtype_policies", "engine", "feature_column", "functional",
    "initializers", "layers", "losses", "metrics", "mixed_precision", "models", "ops", "optimizers", "quantizers", "random",
    "regularizers",
}  # fmt: skip
OF_KERAS_ITSELF = {"Sequential", "Functional", "Model", "Variable", "DTypePolicy", "FloatDTypePolicy", "KerasTensor", "Layer", "Operation"}
# The shapes of tensors; other kinds are any class of TensorFlow's.
SPECS = ("TensorSpec", "RaggedTensorSpec", "SparseTensorSpec")
LONGEST_REASON = 400
# Where a text is the path of a file with the values.
FILE_KEYS = ("vocabulary", "vocabulary_file", "idf_weights", "initial_vocabulary")


def check_trust(file: KerasFile, path: str, trusted: bool) -> None:
    """Raises UNTRUSTED_ARTIFACT with what would run, where nobody vouches for the file; MISSING_MODULE for a class that nobody knows."""
    if trusted:
        return
    reasons = list(dict.fromkeys("%s %s" % (layer, shown(why, LONGEST_REASON)) for layer, why in running(file.config)))
    if reasons:
        message = "%s runs code when it is loaded: %s.\nIt was not loaded. If you know where it comes from, say so:"
        hint = [
            *("this file once      --trust-sha256 %s" % checksum for checksum in sha256_of(path)),
            "files you review    predictable trust %s -o trust.lock, then --trust-lock trust.lock" % for_shell(file.name),
            "all of one command  --trust",
        ]
        raise ConverterError("UNTRUSTED_ARTIFACT", message % (file.name, "; ".join(reasons[:5])), "\n".join(hint), reasons=reasons)
    for layer, name in unknown(file.config):
        message = "%s needs %s (%s), which is neither Keras's own nor in the file." % (file.name, shown(name), layer)
        raise ConverterError("MISSING_MODULE", message, MISSING_HINT, module=name)


def running(config: Any) -> Iterator[Tuple[str, str]]:
    for layer, described in objects(config):
        kinds = kinds_of(described)
        module, registered, inner = described.get("module"), described.get("registered_name"), described.get("config")
        yield from ((layer, CODE[kind]) for kind in kinds if kind in CODE)
        for kind in kinds:
            operator = called(kind, inner) if kind in OPERATORS else None
            if operator is not None:
                yield layer, "calls %s" % operator
        if module is None and isinstance(registered, str) and ">" in registered:
            yield layer, "is of the class %s, which is not Keras's own" % registered
        elif module is not None and not (isinstance(module, str) and of_keras(module, kinds[0])):
            yield layer, "is of the class %s.%s, which is not Keras's own" % (module, kinds[0])
        elif kinds[0] == "function":
            names = [inner] if registered in (None, "function") else [inner, registered]
            yield from ((layer, "calls the function %s" % name) for name in names if not isinstance(name, str) or name not in FUNCTIONS)
        elif kinds[0] in ("TypeSpec", "__typespec__"):
            names = [described[key] for key in ("type_spec", "spec_name") if key in described]
            yield from ((layer, "is described by the class %s" % name) for name in names or [None] if bare(name) not in SPECS)
        for key in FILE_KEYS:
            if isinstance(inner, dict) and isinstance(inner.get(key), str):
                yield layer, "reads the file %s" % inner[key]


def unknown(config: Any) -> Iterator[Tuple[str, str]]:
    """Classes that are on no list: of another version of Keras, or its user's own."""
    for layer, described in objects(config):
        for kind in kinds_of(described):
            if kind not in CLASSES and kind not in OPERATORS and kind not in TEXT and kind not in ("function", "TypeSpec", "__typespec__"):
                yield layer, kind


def kinds_of(described: Dict[str, Any]) -> List[str]:
    """The class's name, and the name that it is registered under: Keras looks for the second where it has no class of the first."""
    kind, registered = bare(described.get("class_name")), described.get("registered_name")
    if kind == "function" or registered is None or bare(registered) == kind:
        return [kind]
    return [kind, bare(registered)]


def foreign_modules(file: KerasFile) -> List[Tuple[str, Optional[str], str]]:
    """Of each class that is not Keras's own: the layer, its module when the file says it, and its name."""
    foreign: List[Tuple[str, Optional[str], str]] = []
    for layer, described in objects(file.config):
        kind, module, registered = bare(described.get("class_name")), described.get("module"), described.get("registered_name")
        if isinstance(module, str) and not of_keras(module, kind):
            foreign.append((layer, module, kind))
        elif module is None and isinstance(registered, str) and ">" in registered:
            foreign.append((layer, None, registered))
    return foreign


def of_keras(module: str, kind: str) -> bool:
    parts = module.split(".")
    if parts[:3] == ["tensorflow", "python", "keras"]:
        parts = parts[2:]
    if parts[1:2] == ["src"]:
        del parts[1]
    if parts == ["builtins"]:
        # Where Keras puts its own functions; Python's builtins are found there, too.
        return kind == "function"
    if parts[0] not in ("keras", "tf_keras"):
        return False
    return kind in OF_KERAS_ITSELF if len(parts) == 1 else parts[1] in COMPUTING


def check_text(file: KerasFile) -> None:
    """Raises UNSUPPORTED_MODEL with the layer that takes text."""
    for layer, described in objects(file.config):
        kind, config = bare(described.get("class_name")), described.get("config")
        text = isinstance(config, dict) and kind == "InputLayer" and config.get("dtype") == "string"
        if kind in TEXT or text:
            what = "takes text" if text else "is a %s" % kind
            message = "%s: %s %s, and text is no column of numbers." % (file.name, layer, what)
            raise ConverterError("UNSUPPORTED_MODEL", message, TEXT_HINT, next="nothing", layer=layer)


def sha256_of(path: str) -> List[str]:
    """The checksum of a file; of a folder none, since `predictable trust` makes one over the list of its files."""
    if os.path.isdir(path):
        return []
    with open(path, "rb") as file:
        return [hashlib.sha256(file.read()).hexdigest()]
