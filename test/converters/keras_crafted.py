"""Makes Keras files that run code when they are loaded without care: each would write `ran-NAME` into its folder.

    PYTHON-OF-THE-TENSORFLOW-ENVIRONMENT keras_crafted.py FOLDER            makes them
    PYTHON-OF-THE-TENSORFLOW-ENVIRONMENT keras_crafted.py FOLDER NAME...    loads each as Keras does where its author is trusted
"""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tf_keras


def writing(path: str) -> Any:
    """A function that carries its path in its closure, as a Lambda's may."""
    return lambda row: row if open(path, "w").close() is None else row


def main(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for library, ending in ((keras, ".keras"), (tf_keras, ".h5"), (tf_keras, ".keras")):
        layers = library.layers
        suffix = "3" if library is keras else f"2{ending[1:]}"
        options = {"output_shape": (4,)} if library is keras else {}

        def harmful(name: str, shape: Any = None) -> Any:
            given = options if shape is None else {"output_shape": shape}
            return layers.Lambda(writing(str(folder / f"ran-{name}-{suffix}")), **(given if library is keras else {}))

        first = library.Input((4,))
        models = {
            "lambda": library.Sequential([library.Input((4,)), harmful("lambda")]),
            "nested": library.Model(first, library.Sequential([library.Input((4,)), harmful("nested")])(first)),
            "wrapped": library.Sequential([library.Input((3, 4)), layers.TimeDistributed(harmful("wrapped"))]),
        }
        for name, model in models.items():
            model.save(folder / f"{name}-{suffix}{ending}")
    renamed(folder)
    for ran in folder.glob("ran-*"):
        ran.unlink()


def renamed(folder: Path) -> None:
    """A class of another module in a plain layer's place: loading would import that module."""
    plain = folder / "plain.keras"
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]).save(plain)
    (folder / "harmful_module.py").write_text(f"open({str(folder / 'ran-module')!r}, 'w').close()\n", "utf-8")
    places = {"module": ("harmful_module", "Dense"), "utility": ("keras.utils", "get_file"), "served": ("keras.layers", "TFSMLayer")}
    for name, (module, kind) in places.items():
        with zipfile.ZipFile(plain) as whole, zipfile.ZipFile(folder / f"{name}.keras", "w") as copy:
            for member in whole.namelist():
                content = whole.read(member)
                copy.writestr(member, changed(content, module, kind) if member == "config.json" else content)
    plain.unlink()


def changed(content: bytes, module: str, kind: str) -> bytes:
    config = json.loads(content)
    for layer in config["config"]["layers"]:
        if layer["class_name"] == "Dense":
            layer.update(module=module, class_name=kind, registered_name=kind)
    return json.dumps(config).encode()


def load(file: Path) -> None:
    library = keras if file.stem.endswith("-3") else tf_keras
    model = library.models.load_model(file, **({"safe_mode": False} if file.suffix == ".keras" else {}))
    model(np.zeros((1, *model.input_shape[1:]), np.float32))


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(Path(sys.argv[1]))
    for name in sys.argv[2:]:
        load(Path(sys.argv[1]) / name)
