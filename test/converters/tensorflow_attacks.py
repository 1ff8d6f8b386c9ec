"""TensorFlow files that reach beyond themselves when they are loaded without care: each would write `ran-NAME` into its folder, or
bring the words of `secret.txt` into the ONNX.

    PYTHON-OF-THE-TENSORFLOW-ENVIRONMENT tensorflow_attacks.py FOLDER           makes them
    PYTHON-OF-THE-TENSORFLOW-ENVIRONMENT tensorflow_attacks.py FOLDER NAME...   loads each as TensorFlow does, and prints what then ran
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Callable

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf.saved_model_pb2 import SavedModel
from tensorflow.python.trackable.resource import CapturableResource

tf.get_logger().setLevel("ERROR")
v1, raw = tf.compat.v1, tf.raw_ops
ROWS = tf.TensorSpec([None, 3], tf.float32, "x")
SECRET = "s3cret-words-of-another-file"


class Initialized(CapturableResource):
    """What loading initialises; `run` is traced into it."""

    def __init__(self, run: Callable[[], Any]) -> None:
        super().__init__()
        self.run = run

    def _create_resource(self) -> Any:
        return raw.HashTableV2(key_dtype=tf.string, value_dtype=tf.int64, shared_name="held")

    @tf.function(input_signature=[], autograph=False)
    def _initialize(self) -> Any:
        ran = tf.nest.flatten(self.run())
        with tf.control_dependencies([each for each in ran if each is not None]):
            return tf.constant(1)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secret.txt").write_text(SECRET)
    at_load(folder)
    within(folder)
    replaced(folder)
    tables(folder)
    loose_ends(folder)
    damaged(folder)
    frozen(folder)
    checkpoints(folder)
    for marker in folder.glob("ran-*"):
        marker.unlink()


def save(path: Path, call: Callable[..., Any], held: Any = None, spec: Any = ROWS) -> None:
    module = tf.Module()
    module.held = held
    module.weights = tf.Variable(np.arange(3, dtype=np.float32))
    signature = tf.function(lambda x: {"y": call(module, x)}, input_signature=[spec], autograph=False)
    tf.saved_model.save(module, str(path), signatures=signature)


def serialized(marker: str) -> Any:
    """A dataset whose graph writes a file, as the text that such graphs are kept in."""

    def write(at: Any) -> Any:
        with tf.control_dependencies([raw.WriteFile(filename=marker, contents="ran")]):
            return tf.identity(at)

    return tf.data.Dataset.range(1).map(write)._as_serialized_graph(allow_stateful=True).numpy()


def element(graph: bytes) -> Any:
    # TensorFlow would compute what is constant once, and fail; this it does not know to be.
    text = tf.where(tf.random.uniform([]) >= 0.0, tf.constant(graph), tf.constant(b""))
    return raw.DatasetToSingleElement(dataset=raw.DatasetFromGraph(graph_def=text), output_types=[tf.int64], output_shapes=[[]])


def at_load(folder: Path) -> None:
    def plain(module: Any, x: Any) -> Any:
        return x * module.weights

    def marker(name: str) -> str:
        return str(folder / f"ran-{name}")

    def hidden(name: str) -> Callable[[], Any]:
        graph = serialized(marker(name))
        return lambda: element(graph)

    def called(name: str) -> Callable[[], Any]:
        inner = tf.function(hidden(name), autograph=False)
        return lambda: tf.function(lambda: inner(), autograph=False)()

    save(folder / "dataset", plain, Initialized(hidden("dataset")))
    save(folder / "dataset-called", plain, Initialized(called("dataset-called")))
    save(folder / "writes", plain, Initialized(lambda: raw.WriteFile(filename=marker("writes"), contents="ran")))
    save(folder / "saves", plain, Initialized(lambda: raw.SaveV2(prefix=marker("saves"), tensor_names=["a"], shape_and_slices=[""], tensors=[tf.ones(1)])))
    configure = lambda: raw.FileSystemSetConfiguration(scheme="file", key="a", value="b")  # noqa: E731
    save(folder / "configures", plain, Initialized(configure))
    renamed(folder, "dataset", "dataset-named")


def renamed(folder: Path, source: str, name: str) -> None:
    """A function of the library that is called like an operator."""
    shutil.copytree(folder / source, folder / name)
    def rename(graph: Any) -> None:
        function = graph.graph_def.library.function.add()
        function.signature.name = "DatasetFromGraph"

    edit(folder / name, rename)


def within(folder: Path) -> None:
    """In what predicts."""
    save(folder / "memory", lambda module, x: x * module.weights + memory(folder))
    graph = serialized(str(folder / "ran-predicts"))
    save(folder / "predicts", lambda module, x: x * module.weights + tf.cast(element(graph)[0], tf.float32))
    loop = lambda module, x: tf.while_loop(lambda at, _: at < 2, lambda at, y: (at + 1, y + memory(folder)), [0, x])[1]  # noqa: E731
    save(folder / "memory-loop", loop)
    words = lambda x: tf.strings.length(tf.io.read_file(str(folder / "secret.txt")))  # noqa: E731
    save(folder / "reads", lambda module, x: x + tf.cast(words(x), tf.float32))
    sampler = lambda: raw.FixedUnigramCandidateSampler(  # noqa: E731
        true_classes=[[1]], num_true=1, num_sampled=2, unique=True, range_max=3, vocab_file=str(folder / "secret.txt")
    )
    save(folder / "sampler", lambda module, x: x + tf.cast(sampler()[0][0], tf.float32))


def replaced(folder: Path) -> None:
    """A function that TensorFlow's optimizer takes for the one that is called; and what only prints."""

    def function(name: str, device: str, run: Callable[[Any], Any]) -> Any:
        attributes = {"api_implements": name, "api_preferred_device": device}
        return tf.function(run, input_signature=[ROWS], experimental_attributes=attributes, autograph=False)

    def saves(name: str) -> Callable[[Any], Any]:
        def run(x: Any) -> Any:
            raw.Save(filename=str(folder / f"ran-{name}"), tensor_names=["x"], data=[x])
            return x * 2.0

        return function(name, "CPU", run)

    for name in ("implements", "implements-graph"):
        harmless = function(name, "GPU", lambda x: x * 2.0)
        save(folder / name, lambda module, x, harmless=harmless: harmless(x) * module.weights)
        definition = saves(name).get_concrete_function().function_def
        edit(folder / name, lambda graph, definition=definition: graph.graph_def.library.function.add().CopyFrom(definition))
    # So it is loaded as a graph of TensorFlow 1.
    edit(folder / "implements-graph", lambda graph: graph.ClearField("object_graph_def"))
    also = function("implements-called", "GPU", lambda x: x * 2.0), saves("implements-called")
    save(folder / "implements-called", lambda module, x: also[0](x) * module.weights + also[1](x))

    def prints(where: Any) -> Callable[..., Any]:
        def run(module: Any, x: Any) -> Any:
            with tf.control_dependencies([tf.print("words", x, output_stream=where)]):
                return x * module.weights

        return run

    save(folder / "prints", prints(sys.stderr))
    save(folder / "prints-file", prints(f"file://{folder / 'ran-prints-file'}"))


def memory(folder: Path) -> Any:
    """The first bytes of a file as a number."""
    return raw.ImmutableConst(dtype=tf.float32, shape=[1], memory_region_name=str(folder / "secret.txt"))


def tables(folder: Path) -> None:
    """Words of a file as the keys of a table: tf2onnx writes them into the graph."""
    own = folder / "words.txt"
    own.write_text("1\n2\n")

    def lookup(module: Any, x: Any) -> Any:
        return tf.cast(module.held.lookup(tf.strings.as_string(x)), tf.float32)

    def table() -> Any:
        kinds = (tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER)
        return tf.lookup.StaticHashTable(tf.lookup.TextFileInitializer(str(own), *kinds), -1)

    codes = tf.TensorSpec([None, 3], tf.int64, "x")
    save(folder / "good-table", lookup, table(), codes)
    again = tf.saved_model.load(str(folder / "good-table"))
    save(folder / "good-table-again", lambda module, x: module.held.signatures["serving_default"](x=x)["y"], again, codes)
    for name, path in (("outside", "../../secret.txt"), ("absolute", str(folder / "secret.txt")), ("other", "file:" + str(folder / "secret.txt"))):
        shutil.copytree(folder / "good-table", folder / f"table-{name}")
        edit(folder / f"table-{name}", lambda graph, path=path: setattr(graph.asset_file_def[0], "filename", path))

    class Filled(Initialized):
        def lookup(self, words: Any) -> Any:
            return raw.LookupTableFindV2(table_handle=self.resource_handle, keys=words, default_value=tf.constant(-1, tf.int64))

    named = Filled(lambda: fill(named, tf.constant(str(folder / "secret.txt"))))
    save(folder / "table-named", lookup, named, codes)
    kept = tf.constant(str(folder / "secret.txt"))
    captured = Filled(lambda: fill(captured, kept))
    save(folder / "table-captured", lookup, captured, codes)
    for name in ("good-table-1", "table-1"):
        with tf.Graph().as_default(), v1.Session() as session:
            x = v1.placeholder(tf.int64, [None, 3], "x")
            words = table()
            y = tf.cast(words.lookup(tf.strings.as_string(x)), tf.float32) * v1.get_variable("w", initializer=np.ones(3, np.float32))
            session.run([v1.global_variables_initializer(), v1.tables_initializer()])
            signature = v1.saved_model.predict_signature_def({"x": x}, {"y": y})
            # Without its collection the file stays where it is, and the graph names it.
            assets = v1.get_collection(v1.GraphKeys.ASSET_FILEPATHS) if name == "good-table-1" else None
            builder = v1.saved_model.Builder(str(folder / name))
            builder.add_meta_graph_and_variables(session, ["serve"], {"serving_default": signature}, assets, main_op=v1.tables_initializer())
            builder.save()


def loose_ends(folder: Path) -> None:
    """What TensorFlow gives a value only while it initialises, or by another number, keeps its own where it is used besides."""
    secret = tf.make_tensor_proto(str(folder / "secret.txt"))

    def own_value(graph: Any) -> Any:
        table = filling(graph)
        (place,) = [node for node in graph.graph_def.node if node.name == table.input[1].split(":")[0]]
        place.attr["value"].tensor.CopyFrom(secret)
        return table

    def restored(graph: Any) -> None:
        (restoring,) = [node for node in graph.graph_def.node if node.name == graph.saver_def.restore_op_name]
        restoring.input.append(f"^{own_value(graph).name}")

    def predicted(graph: Any) -> None:
        end = graph.signature_def["serving_default"].outputs["y"].name.split(":")[0]
        (node,) = [each for each in graph.graph_def.node if each.name == end]
        node.input.append(f"^{own_value(graph).name}")

    def other_number(graph: Any) -> None:
        several(graph, str(folder / "secret.txt"))
        filling(graph).input[1] = "apart"
        # It is taken before the collection.
        graph.asset_file_def.add(filename="words.txt").tensor_info.name = "apart:1"

    def other_prefix(graph: Any) -> None:
        several(graph, str(folder / "other"))
        (node,) = [each for each in graph.graph_def.node if each.op == "RestoreV2"]
        node.input[0], graph.saver_def.filename_tensor_name = "apart", "apart:1"

    def far(graph: Any) -> None:
        table = filling(graph)
        for at in range(1500):
            node = graph.graph_def.node.add(name=f"far_{at}", op="Identity", input=[table.input[1]])
            node.attr["T"].type = tf.string.as_datatype_enum
            table.input[1] = node.name

    for name, change in (("restored", restored), ("predicted", predicted), ("number", other_number), ("prefix", other_prefix)):
        changed(folder, "good-table-1", f"table-{name}", change)
    changed(folder, "good-table-1", "good-table-own", lambda graph: own_value(graph) and None)
    changed(folder, "good-table-1", "good-table-far", far)
    for part in ("assets", "variables"):
        shutil.copytree(folder / "good-table-1", folder / f"linked-{part}")
        shutil.move(folder / f"linked-{part}" / part, folder / f"elsewhere-{part}")
        os.symlink(folder / f"elsewhere-{part}", folder / f"linked-{part}" / part)


def several(graph: Any, path: str) -> None:
    places = graph.graph_def.node.add(name="places", op="Const")
    places.attr["dtype"].type = tf.string.as_datatype_enum
    places.attr["value"].tensor.CopyFrom(tf.make_tensor_proto([path, path]))
    apart = graph.graph_def.node.add(name="apart", op="Unpack", input=["places"])
    apart.attr["T"].type, apart.attr["num"].i = tf.string.as_datatype_enum, 2


def filling(graph: Any) -> Any:
    (node,) = [each for each in graph.graph_def.node if each.op == "InitializeTableFromTextFileV2"]
    return node


def damaged(folder: Path) -> None:
    def packed(graph: Any) -> None:
        graph.collection_def["saved_model_assets"].any_list.value[0].value = b"\xff\xff"

    def restoring(graph: Any) -> None:
        for node in graph.graph_def.node:
            if node.op == "RestoreV2":
                del node.input[:]

    def zero(graph: Any) -> None:
        graph.asset_file_def[0].filename = "wor\0ds.txt"

    def other_input(graph: Any) -> None:
        graph.signature_def["serving_default"].inputs["x"].dtype = tf.float32.as_datatype_enum

    variable = b"\xff\xff\xff"
    changed(folder, "good-table-1", "damaged-asset", packed)
    changed(folder, "good-table-1", "damaged-variable", lambda graph: graph.collection_def["trainable_variables"].bytes_list.value.append(variable))
    changed(folder, "good-table-1", "damaged-table", lambda graph: filling(graph).ClearField("input"))
    changed(folder, "good-table-1", "damaged-restoring", restoring)
    changed(folder, "good-table", "damaged-name", zero)
    changed(folder, "good-table", "damaged-input", other_input)
    changed(folder, "good-table", "damaged-object", lambda graph: graph.object_graph_def.nodes[0].children.add(node_id=9999, local_name="z"))


def changed(folder: Path, source: str, name: str, change: Callable[[Any], Any]) -> None:
    shutil.copytree(folder / source, folder / name)
    edit(folder / name, change)


def fill(table: Any, path: Any) -> Any:
    return raw.InitializeTableFromTextFileV2(table_handle=table.resource_handle, filename=path, key_index=-2, value_index=-1)


def frozen(folder: Path) -> None:
    def graph(name: str, build: Callable[[Any], Any]) -> None:
        with tf.Graph().as_default() as made:
            tf.identity(build(v1.placeholder(tf.float32, [None, 3], "x")), "y")
            (folder / f"{name}.pb").write_bytes(made.as_graph_def().SerializeToString(deterministic=True))

    graph("memory-frozen", lambda x: x + memory(folder))
    graph("sound", lambda x: x + 1.0)

    def unsound(name: str, change: Callable[[Any], None]) -> None:
        content = v1.GraphDef.FromString((folder / "sound.pb").read_bytes())
        change({node.name: node for node in content.node})
        (folder / f"{name}.pb").write_bytes(content.SerializeToString())

    unsound("damaged-type", lambda nodes: setattr(nodes["x"].attr["dtype"], "type", 999))
    unsound("damaged-names", lambda nodes: setattr(nodes["add/y"], "name", "add"))
    unsound("damaged-end", lambda nodes: nodes["add"].input.append("gone"))

    @tf.function(input_signature=[ROWS], autograph=False)
    def inner(x: Any) -> Any:
        return x + memory(folder)

    graph("memory-function", inner)
    graph("restores", lambda x: x + raw.RestoreV2(prefix=str(folder / "other"), tensor_names=["a"], shape_and_slices=[""], dtypes=[tf.float32])[0])


def checkpoints(folder: Path) -> None:
    raw.SaveV2(prefix=str(folder / "other"), tensor_names=["a"], shape_and_slices=[""], tensors=[tf.constant([77.25] * 3)])

    def checkpoint(name: str, build: Callable[[Any, Any], Any], change: Callable[[Any], None] = lambda meta: None) -> None:
        with tf.Graph().as_default(), v1.Session() as session:
            weights = v1.get_variable("weights", initializer=np.ones(3, np.float32))
            tf.identity(build(v1.placeholder(tf.float32, [None, 3], "x"), weights), "y")
            session.run(v1.global_variables_initializer())
            v1.train.Saver([weights]).save(session, str(folder / name), write_state=False)
        meta = v1.MetaGraphDef.FromString((folder / f"{name}.meta").read_bytes())
        change(meta)
        (folder / f"{name}.meta").write_bytes(meta.SerializeToString())

    other = lambda: raw.RestoreV2(prefix=str(folder / "other"), tensor_names=["a"], shape_and_slices=[""], dtypes=[tf.float32])[0]  # noqa: E731
    checkpoint("restores-other", lambda x, weights: x * weights + other())
    checkpoint("memory-checkpoint", lambda x, weights: x * weights + memory(folder))

    def elsewhere(meta: Any) -> None:
        (node,) = [each for each in meta.graph_def.node if each.op == "RestoreV2"]
        place = meta.graph_def.node.add(name="place", op="Const")
        place.attr["dtype"].type = tf.string.as_datatype_enum
        place.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(str(folder / "other")))
        node.input[0] = "place"

    def other_number(meta: Any) -> None:
        several(meta, str(folder / "other"))
        (node,) = [each for each in meta.graph_def.node if each.op == "RestoreV2"]
        node.input[0], meta.saver_def.filename_tensor_name = "apart", "apart:1"

    def unnamed(meta: Any) -> None:
        meta.saver_def.restore_op_name = "gone"

    checkpoint("restored-elsewhere", lambda x, weights: x * weights, elsewhere)
    checkpoint("restored-number", lambda x, weights: x * weights, other_number)
    checkpoint("damaged-checkpoint", lambda x, weights: x * weights, unnamed)


def edit(path: Path, change: Callable[[Any], Any]) -> None:
    saved = SavedModel.FromString((path / "saved_model.pb").read_bytes())
    change(saved.meta_graphs[0])
    (path / "saved_model.pb").write_bytes(saved.SerializeToString())


def what_runs(folder: Path, names: list[str]) -> dict[str, list[str]]:
    found = {}
    for name in names:
        with contextlib.suppress(Exception), contextlib.redirect_stdout(sys.stderr):
            tf.saved_model.load(str(folder / name)).signatures["serving_default"](x=tf.ones([1, 3]))
        markers = list(folder.glob("ran-*"))
        found[name] = sorted(marker.name for marker in markers)
        for marker in markers:
            marker.unlink()
    return found


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(what_runs(Path(sys.argv[1]), sys.argv[2:])))
    else:
        main(Path(sys.argv[1]))
