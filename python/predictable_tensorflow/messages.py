"""A SavedModel's messages, and the messages that lie in them as bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from predictable_bridge.errors import ConverterError

WHOLE_HINT = "Save the model again: tf.saved_model.save copies the files that it needs into its own folder."


def read_saved_model(path: str) -> Any:
    """Of its saved_model.pb alone. Raises CORRUPT_MODEL."""
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    saved = parsed(SavedModel, Path(path, "saved_model.pb").read_bytes(), path, "its saved_model.pb can't be read")
    if not saved.meta_graphs:
        raise damaged(path, "its saved_model.pb holds no graph")
    return saved


def parsed(kind: Any, content: bytes, path: str, why: str) -> Any:
    from google.protobuf.message import DecodeError

    message = kind()
    try:
        message.ParseFromString(content)
    except DecodeError as error:
        raise damaged(path, why) from error
    return message


def unpacked(kind: Any, packed: Any, path: str) -> Any:
    why = f"its saved_model.pb holds an {kind.DESCRIPTOR.name} that can't be read"
    if not packed.Is(kind.DESCRIPTOR):
        raise damaged(path, why)
    return parsed(kind, packed.value, path, why)


def damaged(path: str, why: str) -> ConverterError:
    hint = "Check that the whole folder was copied, variables and assets too."
    return ConverterError("CORRUPT_MODEL", f"{Path(path).name} can't be loaded: {why}.", hint)
