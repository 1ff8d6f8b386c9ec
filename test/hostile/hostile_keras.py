"""Keras files that each try another way past what is allowed: they would write `ran-NAME`, or bring the secret's bytes into the ONNX.

    PYTHON-OF-THE-TENSORFLOW-ENVIRONMENT hostile_keras.py FOLDER
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).parents[1] / "converters"))
import keras_attacks  # which sets up TensorFlow
import keras_crafted
import keras_members
import h5py
import keras
import numpy as np
import tf_keras
from keras_attacks import SECRET, changed_file, edit, kernel, rewrite

WEIGHTS = "model.weights.h5"
LAMBDA = {"class_name": "Lambda", "module": "keras.layers", "registered_name": None}
LOADER = {"class_name": "function", "module": "keras.models", "config": "load_model", "registered_name": "load_model"}
# Names that a layer of Keras 2 may call a function by: spellings of what is not allowed, and chains of attributes from what is.
SPELLED = (
    "io.read_file", "compat.v1.read_file", "compat.v2.io.write_file", "compat.v1.compat.v1.write_file", "raw_ops.ReadFile", "py_function",
    "compat.v1.py_function", "print", "compat.v1.Print", "math.abs.__globals__", "math.abs.__call__", "__operators__.getitem.__globals__",
    "keras.activations.get", "keras.activations.deserialize", "keras.utils.custom_object_scope", "keras.backend.get_session",
    "keras.losses.deserialize", "keras.layers.deserialize", "lookup.TextFileInitializer", "lookup.StaticHashTable", "data.Dataset.from_generator",
    "data.TextLineDataset", "data.experimental.load", "summary.create_file_writer", "sysconfig.get_lib", "train.load_variable", "Module",
    "Variable.from_proto", "function", "while_loop", "map_fn", "vectorized_map", "custom_gradient", "grad_pass_through", "switch_case",
    "Math.abs", "math..abs", "math.abs ", " math.abs", "tf.math.abs", "tensorflow.io.read_file", "nn.embedding_lookup.__wrapped__",
)  # fmt: skip
MODULES = (
    ("os", "function", "system"), ("builtins", "function", "eval"), ("builtins", "function", "open"), ("keras.utils", "function", "get_file"),
    ("keras.src.utils.file_utils", "function", "get_file"), ("keras.src.saving.serialization_lib", "function", "enable_unsafe_deserialization"),
    ("keras.src.saving", "Layer", None), ("keras.layers.os", "Dense", None), ("keras", "Lambda", None), ("Keras.layers", "Dense", None),
    ("keras.layers", "keras.layers>Lambda", None), ("keras.layers", "core.Lambda", None), ("keras_hub.layers", "Dense", None), ("", "Dense", None),
    ("keras.layers", "TorchModuleWrapper", None), ("keras.layers", "JaxLayer", None), ("keras.layers", "FlaxLayer", None), ("keras.layers", "TFSMLayer", None),
    ("tf_keras.src.layers.core.lambda_layer", "Lambda", None), ("keras.src.utils.torch_utils", "TorchModuleWrapper", None),
)  # fmt: skip


def main(folder: Path) -> None:
    keras_attacks.main(folder)
    keras_members.main(folder)
    keras_crafted.main(folder)
    aligned(folder)
    named(folder)
    nested(folder)
    stored(folder)
    older(folder)
    for marker in folder.glob("ran-*"):
        marker.unlink()


def model(library: Any, path: Path) -> Path:
    layers = library.layers
    given = library.Input((4,), name="row")
    library.Model(given, layers.Dense(8)(layers.Activation("linear", name="step")(given))).save(path)
    return path


def changed(folder: Path, name: str, change: Callable[[dict[str, Any]], Any], library: Any = keras, ending: str = ".keras") -> None:
    """`change`: of the description of the layer `step`."""

    def whole(text: str) -> str:
        config = json.loads(text)
        (step,) = [layer for layer in config["config"]["layers"] if (layer.get("name") or layer["config"]["name"]) == "step"]
        change(step)
        return json.dumps(config)

    edit(model(library, folder / f"{name}{ending}"), whole)


def aligned(folder: Path) -> None:
    """A zip whose stored weights lie where HDF5 looks for the beginning of a file: in it, or only in a copy that is made of it."""
    path = folder / "aligned.before"
    tf_keras.Sequential([tf_keras.Input((4,)), tf_keras.layers.Lambda(keras_crafted.writing(str(folder / "ran-aligned")))]).save(path, save_format="h5")
    source = model(tf_keras, folder / "aligned.keras")
    parts = keras_members.contents(source)
    source.unlink()
    parts[WEIGHTS] = path.read_bytes()
    path.unlink()
    for name, copied, packed, order in (
        ("aligned", True, zipfile.ZIP_DEFLATED, ("metadata.json", "config.json", WEIGHTS)),
        ("aligned-first", True, zipfile.ZIP_DEFLATED, (WEIGHTS, "metadata.json", "config.json", "assets/a.txt")),
        ("aligned-now", False, zipfile.ZIP_STORED, ("metadata.json", "config.json", WEIGHTS)),
    ):
        contents = {**parts, "assets/a.txt": parts[WEIGHTS]}
        start = place(order, contents, copied)
        contents["config.json"] += b" " * (next(2**power for power in range(9, 30) if 2**power >= start) - start)
        for ending in (".h5", ".hdf5"):
            with zipfile.ZipFile(folder / f"{name}-{ending[1:]}{ending}", "w", packed) as whole:
                for member in order:
                    whole.writestr(member, contents[member])


def place(order: tuple[str, ...], contents: dict[str, bytes], copied: bool) -> int:
    """Where the last member's bytes begin in a zip that stores them; `copied`: as our own copy writes it, with room for larger sizes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as whole:
        for member in order:
            with whole.open(zipfile.ZipInfo(member), "w", force_zip64=copied) as one:
                one.write(contents[member])
    with zipfile.ZipFile(written) as whole:
        header = whole.getinfo(order[-1]).header_offset
    lengths = written.getvalue()[header + 26 : header + 30]
    return header + 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")


def named(folder: Path) -> None:
    for at, function in enumerate(SPELLED):
        config = {"name": "step", "trainable": True, "dtype": "float32", "function": function}
        step = {"class_name": "TFOpLambda", "config": config, "inbound_nodes": [["row", 0, 0, {}]]}
        changed(folder, f"spelled-{at:02d}", lambda layer, step=step: layer.update(step), tf_keras, ".h5")
    for at, (module, kind, function) in enumerate(MODULES):
        if function is None:
            changed(folder, f"module-{at:02d}", lambda layer, m=module, k=kind: layer.update(module=m, class_name=k, registered_name=k))
            continue
        called = {"module": module, "class_name": kind, "config": function, "registered_name": function}
        changed(folder, f"module-{at:02d}", lambda layer, called=called: layer["config"].update(activation=called))
    for operator in ("ReadFile", "PyFunc", "EagerPyFunc", "PartitionedCall", "DatasetFromGraph", "ImmutableConst", "readFILE2"):
        node = {"name": "step", "op": operator, "input": ["row"]}
        step = {"class_name": "TensorFlowOpLayer", "config": {"name": "step", "trainable": True, "dtype": "float32", "node_def": node, "constants": {}}}
        changed(folder, f"op-{operator}", lambda layer, step=step: layer.update(step), tf_keras, ".h5")


def nested(folder: Path) -> None:
    """Objects where none are expected, and names of which another place says more."""
    lambda_config = {"name": "step", "function": {"class_name": "__lambda__", "config": {"value": ""}}}
    inner = {"class_name": "Sequential", "module": "keras", "registered_name": "Sequential", "config": {"name": "s", "layers": []}}
    places: dict[str, Callable[[dict[str, Any]], Any]] = {
        "compile": lambda layer: layer.update({**inner, "compile_config": {"optimizer": LOADER, "loss": LOADER}}),
        "build": lambda layer: layer.update(build_config={"input_shape": [None, 4], "function": LOADER}),
        "registered": lambda layer: layer.update(registered_name="Lambda"),
        "registered-package": lambda layer: layer.update(module=None, registered_name="keras>Lambda"),
        "text": lambda layer: layer["config"].update(activation=json.dumps(LOADER)),
        "text-text": lambda layer: layer["config"].update(activation=json.dumps(json.dumps(LOADER))),
        "list": lambda layer: layer["config"].update(activation=[[[LOADER]]]),
        "initializer": lambda layer: layer.update(class_name="Dense", config={"name": "step", "units": 4, "kernel_initializer": LOADER}),
        "dtype": lambda layer: layer["config"].update(dtype=LOADER),
        "argument": lambda layer: layer["inbound_nodes"][0]["kwargs"].update(given=LOADER),
        "spec": lambda layer: layer["config"].update(activation={"class_name": "__typespec__", "module": "keras.layers", "spec_name": "Lambda", "registered_name": None, "config": []}),
        "wrapped": lambda layer: layer.update(class_name="TimeDistributed", config={"name": "step", "layer": {**LAMBDA, "config": lambda_config}}),
        "backward": lambda layer: layer.update(class_name="Bidirectional", config={"name": "step", "layer": {"class_name": "LSTM", "config": {"units": 2}}, "backward_layer": {**LAMBDA, "config": lambda_config}}),
        "cells": lambda layer: layer.update(class_name="RNN", config={"name": "step", "cell": {"class_name": "StackedRNNCells", "config": {"cells": [{**LAMBDA, "config": lambda_config}]}}}),
        "pipeline": lambda layer: layer.update(class_name="Pipeline", config={"name": "step", "layers": [{**LAMBDA, "config": lambda_config}]}),
        "string": lambda layer: layer["config"].update(activation="load_model"),
    }  # fmt: skip
    for name, change in places.items():
        changed(folder, f"nested-{name}", change)

    def twice(text: str) -> str:
        return text.replace('"class_name": "Activation"', '"class_name": "Activation", "class_name": "Lambda"', 1)

    edit(model(keras, folder / "nested-twice.keras"), twice)
    # The description of Keras 2 in a file that says that it is of Keras 3.
    for name, kind in (("lambda", "Lambda"), ("method", "ClassMethod"), ("dense-features", "DenseFeatures")):
        changed(folder, f"other-version-{name}", lambda layer, kind=kind: layer.update(class_name=kind), tf_keras, ".h5")
        with h5py.File(folder / f"other-version-{name}.h5", "r+") as file:
            file.attrs["keras_version"] = "3.15.0"
    (folder / "asset.txt").write_text("31337\n")
    for name, path in (("relative", "../../asset.txt"), ("asset", "assets/../../asset.txt"), ("url", f"file://{folder / 'asset.txt'}"), ("bytes", {"class_name": "__bytes__", "config": {"value": str(folder / "asset.txt")}})):
        lookup = {"class_name": "IntegerLookup", "config": {"name": "step", "vocabulary": path, "dtype": "int64"}}
        changed(folder, f"lookup-{name}", lambda layer, lookup=lookup: layer.update(lookup))


def stored(folder: Path) -> None:
    """Further ways by which HDF5 takes numbers from elsewhere."""
    secret, other = str(folder / "secret.bin"), str(folder / "other.data")

    def beside(file: Any, path: str) -> None:
        """A dataset that no layer has."""
        file.create_dataset("more", (4,), "<f4", external=[(secret, 0, 16)])

    def parts(file: Any, path: str) -> None:
        shape = file[path].shape
        half = int(np.prod(shape)) * 2
        del file[path]
        file.create_dataset(path, shape, "<f4", external=[(secret, 0, half), (secret, half, half)])

    def relative(file: Any, path: str) -> None:
        shape = file[path].shape
        del file[path]
        file.create_dataset(path, shape, "<f4", external=[("secret.bin", 0, int(np.prod(shape)) * 4)])

    def group(file: Any, path: str) -> None:
        """The whole group of the weights is another file's."""
        above = path.rpartition("/")[0]
        del file[above]
        file[above] = h5py.ExternalLink(other, "/")

    def chain(file: Any, path: str) -> None:
        del file[path]
        file["one"], file["two"] = h5py.SoftLink("/two"), h5py.ExternalLink(other, "numbers")
        file[path] = h5py.SoftLink("/one")

    def region(file: Any, path: str) -> None:
        file.attrs["part"] = file[path].regionref[...]

    def within(file: Any, path: str) -> None:
        kind = np.dtype([("where", h5py.ref_dtype)])
        file.create_dataset("more", data=np.array([(file[path].ref,)], kind))

    for name, change in {f.__name__: f for f in (beside, parts, relative, group, chain, region, within)}.items():
        path = model(tf_keras, folder / f"stored-{name}.h5")
        with h5py.File(path, "r+") as file:
            change(file, kernel(file))
        path = model(keras, folder / f"stored-{name}-zip.keras")
        rewrite(path, {WEIGHTS: changed_file(folder, change)})
    assert SECRET.size


def older(folder: Path) -> None:
    """What Keras wrote for its own records beside a model, made a way in."""
    for name, member in (("spaces", "config.json "), ("dot", "./config.json"), ("slash", "/config.json"), ("deep", "assets/a/../../config.json"), ("null", "config.json\x00x"), ("wide", "\uff43onfig.json"), ("npz", "model.weights.NPZ"), ("so", "assets/plugin/.so"), ("pickle", "extras.pickle")):
        rewrite(model(keras, folder / f"member2-{name}.keras"), {}, **{member: b"{}"})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
