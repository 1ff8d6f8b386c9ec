"""Keras files whose zip, or whose description, says one thing to one reader and another to the next: some would write `ran-NAME` into
their folder. In `fine/` are those that look unusual and are what Keras writes.

    PYTHON-OF-THE-TENSORFLOW-ENVIRONMENT keras_members.py FOLDER
"""

from __future__ import annotations

import io
import json
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keras_attacks import edit, rewrite  # which sets up TensorFlow
import numpy as np
import tf_keras
from marker import Runs

WEIGHTS = "model.weights.h5"


def main(folder: Path) -> None:
    pickles(folder)
    members(folder)
    descriptions(folder)
    (folder / "factory2.py").write_text("import tf_keras\n\ndef build():\n    return tf_keras.Sequential([tf_keras.Input((4,)), tf_keras.layers.Dense(2)])\n")
    fine(folder / "fine")


def plain(path: Path) -> Path:
    layers = tf_keras.layers
    given = tf_keras.Input((4,), name="row")
    tf_keras.Model(given, layers.Dense(2)(layers.Activation("linear", name="step")(given))).save(path)
    return path


def pickles(folder: Path) -> None:
    """Weights as NumPy's pickles, which Keras 2 reads where it finds no HDF5."""
    for name, kept in (("npz-renamed", False), ("npz-folded", False), ("npz-beside", True)):
        path = plain(folder / f"{name}.keras")
        value = np.empty((), dtype=object)
        value[()] = Runs(folder / f"ran-{name}")
        packed = io.BytesIO()
        np.savez(packed, __root__=value)
        members = contents(path)
        weights = members.pop(WEIGHTS)
        with zipfile.ZipFile(path, "w") as archive:
            for member, content in {**members, "model.weights.npz": packed.getvalue()}.items():
                archive.writestr(member, content)
            if kept:
                archive.writestr(WEIGHTS, weights)
            else:
                archive.writestr(second_name("assets/a.txt" if name == "npz-folded" else "dummy", WEIGHTS), b"x")


def second_name(name: str, other: str) -> zipfile.ZipInfo:
    """Info-ZIP's Unicode Path: who knows it takes the other name."""
    info = zipfile.ZipInfo(name)
    body = b"\x01" + struct.pack("<I", zlib.crc32(name.encode())) + other.encode()
    info.extra = struct.pack("<HH", 0x7075, len(body)) + body
    return info


def members(folder: Path) -> None:
    for name, member in (("upper", "Model.weights.h5"), ("pickle", "assets.pkl"), ("hidden", "assets/.vocabulary.txt"), ("climbing", "assets/../a.txt")):
        rewrite(plain(folder / f"member-{name}.keras"), {}, **{member: b"x"})
    rewrite(plain(folder / "member-case.keras"), {}, **{"assets/a.txt": b"x", "assets/A.txt": b"x"})
    path = plain(folder / "member-second.keras")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(second_name("assets/a.txt", "assets/b.txt"), b"x")
    path = plain(folder / "member-encrypted.keras")
    data = bytearray(path.read_bytes())
    # The flags of its last entry in the zip's directory.
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))


def descriptions(folder: Path) -> None:
    def change(name: str, how: Callable[[dict[str, Any]], Any]) -> None:
        def changed(text: str) -> str:
            config = json.loads(text)
            how(config["config"])
            return json.dumps(config)

        edit(plain(folder / f"said-{name}.keras"), changed)

    def nested(config: dict[str, Any]) -> None:
        config["deep"] = json.loads("[" * 900 + "]" * 900)

    def nested_text(config: dict[str, Any]) -> None:
        config["deep"] = "[" * 100_000

    change("layers", lambda config: config.update(layers="none"))
    change("layer", lambda config: config.update(layers=["none"]))
    change("class", lambda config: config["layers"][1].update(class_name=["Dense"]))
    change("module", lambda config: config["layers"][1].update(module=["keras"]))
    change("nested", nested)
    change("nested-text", nested_text)
    change("src", lambda config: config["layers"][1].update(module="src"))
    change("src-keras", lambda config: config["layers"][1].update(module="src.keras.layers"))
    for name, metadata in (("list", []), ("digit", {"keras_version": "²"}), ("number", {"keras_version": 2}), ("long", {"keras_version": "2" * 10_000})):
        text = json.dumps(metadata).encode()
        rewrite(plain(folder / f"said-{name}.keras"), {"metadata.json": lambda content, text=text: text})


def fine(folder: Path) -> None:
    folder.mkdir()
    layers = tf_keras.layers
    path = plain(folder / "packed.keras")
    packed = contents(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("assets/", b"")
        for member in reversed(packed):
            archive.writestr(member, packed[member])
    given = tf_keras.Input((4,), name="row")
    whole = layers.Dense(2)(given)
    tf_keras.Model(given, [whole // 2, 2 // (whole * whole + 1), whole % 3]).save(folder / "floor.h5")
    lookup = layers.IntegerLookup()
    lookup.adapt([[3], [5], [7]])
    tf_keras.Sequential([tf_keras.Input((2,), dtype="int64"), lookup, layers.Embedding(4, 2), layers.Flatten()]).save(folder / "assets.keras")


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {member: archive.read(member) for member in archive.namelist()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
