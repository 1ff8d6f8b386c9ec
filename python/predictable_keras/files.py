"""What a Keras file says of its model, read without Keras: nothing of it is executed."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import Any, Dict, Iterator, Tuple

from predictable_bridge.errors import ConverterError
from predictable_facts.reading import reading
from predictable_facts.zips import open_zip
from predictable_keras.description import check_shape, shown

INTACT_HINT = "Check that the file was copied whole, or save the model again."
WHOLE_HINT = "Save the whole model, model.save('model.keras'), or name the function that builds it: --factory module:function."
HDF5 = b"\x89HDF\r\n\x1a\n"
# A configuration of more is no description of a model.
MOST_BYTES = 64 * 2**20
# Field numbers of SavedMetadata and SavedObject in keras/protobuf/saved_metadata.proto.
NODES, METADATA = 1, 5


@dataclass
class KerasFile:
    """`version`: of the Keras that saved it. `config`: {class_name, config, …} of the model."""

    name: str
    version: str
    config: Dict[str, Any]

    @property
    def generation(self) -> int:
        major = re.match("[0-9]+", self.version)
        return 3 if major is not None and int(major[0]) >= 3 else 2


def read_keras_file(path: str) -> KerasFile:
    """Raises CORRUPT_MODEL, and UNSUPPORTED_MODEL for weights alone."""
    name = os.path.basename(path)
    with reading(name, corrupt):
        if os.path.isdir(path):
            version, config = from_saved_model(path)
        else:
            version, text = from_hdf5(path) if is_hdf5(path) else from_zip(path)
            config = json.loads(text)
        if isinstance(config, dict):
            # How it was trained is not loaded.
            config.pop("compile_config", None)
        check_shape(version, config)
    return KerasFile(name, version, config)


def corrupt(name: str, reason: str) -> ConverterError:
    return ConverterError("CORRUPT_MODEL", "%s is no whole Keras model: %s." % (name, shown(reason)), INTACT_HINT)


def is_hdf5(path: str) -> bool:
    if os.path.isdir(path):
        return False
    with open(path, "rb") as file:
        return file.read(len(HDF5)) == HDF5


def from_hdf5(path: str) -> Tuple[str, Any]:
    import h5py

    with h5py.File(path, "r") as file:
        text = file.attrs.get("model_config")
        if text is None:
            raise without_model(os.path.basename(path), set(file.keys()) | set(file.attrs.keys()))
        version = file.attrs.get("keras_version", "2")
    return as_text(version), as_text(text)


def without_model(name: str, members: Any) -> ConverterError:
    if members & {"layer_names", "keras_version", "layers", "_layer_checkpoint_dependencies", "vars"}:
        message = "%s holds the weights of a Keras model, not the model." % name
        return ConverterError("UNSUPPORTED_MODEL", message, WHOLE_HINT, next="nothing")
    return ConverterError("UNSUPPORTED_MODEL", "%s is an HDF5 file, but no Keras model is in it." % name, WHOLE_HINT, next="nothing")


def from_zip(path: str) -> Tuple[Any, str]:
    with open_zip(path) as archive:
        for member in ("metadata.json", "config.json"):
            if archive.getinfo(member).file_size > MOST_BYTES:
                raise ValueError("%s is %d MB" % (member, archive.getinfo(member).file_size >> 20))
        metadata = json.loads(archive.read("metadata.json"))
        if not isinstance(metadata, dict):
            raise ValueError("metadata.json says nothing of Keras")
        return metadata.get("keras_version", "3"), archive.read("config.json").decode("utf-8")


def from_saved_model(folder: str) -> Tuple[str, Dict[str, Any]]:
    """What Keras 2 wrote of each layer beside the SavedModel: strings of JSON in a message of messages."""
    with open(os.path.join(folder, "keras_metadata.pb"), "rb") as file:
        nodes = [value for number, value in fields(file.read()) if number == NODES]
    texts = [value for node in nodes for number, value in fields(node) if number == METADATA]
    layers = [json.loads(text) for text in texts]
    if not all(isinstance(node, dict) for node in layers):
        raise ValueError("keras_metadata.pb is damaged")
    version = next((node["keras_version"] for node in layers if node.get("keras_version")), "2")
    return version, {"class_name": "Model", "config": {"layers": layers}}


def fields(data: bytes) -> Iterator[Tuple[int, bytes]]:
    """The fields of a protobuf message that have a length. Raises ValueError where it is no message."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            _, at = varint(data, at)
        elif key & 7 == 2:
            size, at = varint(data, at)
            if at + size > len(data):
                raise ValueError("keras_metadata.pb ends too early")
            yield key >> 3, data[at : at + size]
            at += size
        else:
            raise ValueError("keras_metadata.pb is damaged")


def varint(data: bytes, at: int) -> Tuple[int, int]:
    value = shift = 0
    while at < len(data):
        byte = data[at]
        value, shift, at = value | (byte & 127) << shift, shift + 7, at + 1
        if byte < 128:
            return value, at
    raise ValueError("keras_metadata.pb ends too early")


def unsupported(file: KerasFile, why: str, hint: str | None = None, *, next: str | None = None, **details: Any) -> ConverterError:
    return ConverterError("UNSUPPORTED_MODEL", "%s %s" % (file.name, why), hint, next=next, **details)


def as_text(value: Any) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)
