"""TensorFlow models at the edges: types, static rows, operators that ONNX lacks, operators that reach beyond a model, damaged files.

    PYTHON-OF-THE-TENSORFLOW-ENVIRONMENT test/converters/tensorflow_special.py FOLDER
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

tf.get_logger().setLevel("ERROR")
v1 = tf.compat.v1
ROWS = [None, 3]


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    saved_models(folder)
    keras_models(folder)
    graphs(folder)
    session_model(folder)
    crafted_checkpoint(folder)
    lite(folder)
    damaged(folder)


def save(path: Path, call: Any, *specs: tf.TensorSpec, held: Any = None) -> None:
    module = tf.Module()
    module.held = held if held is not None else tf.Variable(np.arange(3, dtype=np.float32))
    signature = tf.function(lambda *given: call(module.held, *given), input_signature=specs, autograph=False)
    tf.saved_model.save(module, str(path), signatures=signature)


def saved_models(folder: Path) -> None:
    rows = tf.TensorSpec(ROWS, tf.float32, "x")
    save(folder / "bessel", lambda w, x: {"y": tf.math.bessel_i0(x * w)}, rows)
    marker = str(folder / "written.txt")
    write = lambda: tf.raw_ops.WriteFile(filename=marker, contents="written")  # noqa: E731
    save(folder / "writes", lambda w, x: {"y": after(write(), x * w)}, rows)
    save(folder / "reads", lambda w, x: {"y": x * w + tf.strings.to_number(tf.io.read_file(marker))}, rows)
    save(folder / "python", lambda w, x: {"y": tf.ensure_shape(tf.py_function(lambda each: each, [x * w], tf.float32), ROWS)}, rows)
    stores = lambda: tf.raw_ops.SaveV2(prefix=marker, tensor_names=["a"], shape_and_slices=[""], tensors=[tf.ones(1)])  # noqa: E731
    save(folder / "stores", lambda w, x: {"y": after(stores(), x * w)}, rows)
    features = {"x": tf.io.FixedLenFeature([3], tf.float32)}
    example = tf.TensorSpec([None], tf.string, "examples")
    save(folder / "examples", lambda w, text: {"y": tf.io.parse_example(text, features)["x"] * w}, example)
    save(folder / "any-length", lambda w, x: {"y": tf.reduce_sum(x, 1)}, tf.TensorSpec([None, None], tf.float32, "x"))
    kinds = [tf.TensorSpec([None], kind, kind.name) for kind in (tf.bool, tf.int32, tf.int64, tf.float64, tf.float16)]
    save(folder / "kinds", lambda w, *each: {"sum": tf.add_n([tf.cast(one, tf.float32) for one in each]) * w[1]}, *kinds)
    table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a", "b"], [1, 2]), -1)
    save(folder / "table", lambda w, text: {"y": w.lookup(text)}, tf.TensorSpec([None], tf.string, "word"), held=table)
    module = tf.Module()
    module.first = tf.function(lambda x: x, input_signature=[rows])
    module.second = tf.function(lambda x: x, input_signature=[rows])
    tf.saved_model.save(module, str(folder / "unsigned"))


def keras_models(folder: Path) -> None:
    """Inputs that are not in the order of the alphabet, in SavedModels of both Keras."""
    import keras
    import tf_keras

    for kind, name in ((tf_keras, "keras-2"), (keras, "keras-3")):
        layers = kind.layers
        measures, code = layers.Input((3,), name="measures"), layers.Input((1,), name="code", dtype="int32")
        known = layers.Concatenate()([measures, layers.Flatten()(layers.Embedding(5, 2)(code))])
        hidden = layers.LayerNormalization()(layers.Dense(8, activation="gelu")(layers.BatchNormalization()(known)))
        model = kind.Model([measures, code], layers.Dense(2, activation="softmax", name="likely")(hidden))
        if kind is keras:
            model.export(str(folder / name), verbose=False)
        else:
            model.save(str(folder / name), save_format="tf")
    # Each holds two implementations of its layer, of which TensorFlow may take either.
    for layer in (tf_keras.layers.LSTM, tf_keras.layers.GRU):
        series = tf_keras.Sequential([tf_keras.layers.Input((3,)), tf_keras.layers.Reshape((3, 1)), layer(4), tf_keras.layers.Dense(2)])
        series.save(str(folder / layer.__name__.lower()), save_format="tf")


def after(operation: Any, tensor: Any) -> Any:
    with tf.control_dependencies([operation]):
        return tf.identity(tensor)


def graphs(folder: Path) -> None:
    for name, build in GRAPHS.items():
        with tf.Graph().as_default() as graph:
            build()
            (folder / f"{name}.pb").write_bytes(graph.as_graph_def().SerializeToString(deterministic=True))


def two_ends() -> None:
    x = v1.placeholder(tf.float32, ROWS, "x")
    tf.nn.softmax(x, name="first")
    tf.nn.tanh(x, name="second")


def open_shape() -> None:
    tf.reduce_sum(v1.placeholder(tf.float32, None, "x"), 1, name="y")


def fixed_rows() -> None:
    tf.nn.softmax(v1.placeholder(tf.float64, [5, 3], "x") * np.array([1.0, 2.0, 3.0]), name="y")


def variable() -> None:
    tf.multiply(v1.placeholder(tf.float32, ROWS, "x"), v1.get_variable("weights", [3]), name="y")


def reads_a_file() -> None:
    tf.add(v1.placeholder(tf.float32, ROWS, "x"), tf.strings.to_number(tf.io.read_file("/etc/hostname")), name="y")


def parses() -> None:
    found = tf.io.parse_example(v1.placeholder(tf.string, [None], "examples"), {"x": tf.io.FixedLenFeature([3], tf.float32)})
    tf.nn.softmax(found["x"], name="y")


GRAPHS = {
    "two-ends": two_ends,
    "open-shape": open_shape,
    "fixed-rows": fixed_rows,
    "variable": variable,
    "reads-a-file": reads_a_file,
    "parses": parses,
}


def session_model(folder: Path) -> None:
    """As TensorFlow 1 saved models: variables that are references, several tags, other names in the signature than in the graph."""
    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, ROWS, "x")
        weights = v1.get_variable("weights", initializer=np.arange(6, dtype=np.float32).reshape(3, 2), use_resource=False)
        y = tf.nn.softmax(x @ weights, name="y")
        session.run(v1.global_variables_initializer())
        signature = v1.saved_model.predict_signature_def({"rows": x}, {"scores": y})
        builder = v1.saved_model.Builder(str(folder / "session"))
        builder.add_meta_graph_and_variables(session, ["train"], {"serving_default": signature})
        builder.add_meta_graph(["serve", "gpu"], {"serving_default": signature})
        builder.save()


def crafted_checkpoint(folder: Path) -> None:
    """Whose restoring writes a file first."""
    with tf.Graph().as_default(), v1.Session() as session:
        tf.multiply(v1.placeholder(tf.float32, ROWS, "x"), v1.get_variable("weights", [3]), name="y")
        session.run(v1.global_variables_initializer())
        saver = v1.train.Saver()
        tf.raw_ops.WriteFile(filename=str(folder / "written.txt"), contents="written", name="log")
        saver.save(session, str(folder / "crafted"), write_state=False)
    meta = v1.MetaGraphDef.FromString((folder / "crafted.meta").read_bytes())
    (restore,) = [node for node in meta.graph_def.node if node.name == meta.saver_def.restore_op_name]
    restore.input.append("^log")
    (folder / "crafted.meta").write_bytes(meta.SerializeToString())


def lite(folder: Path) -> None:
    call = tf.function(lambda x: x + tf.strings.to_number(tf.io.read_file("/etc/hostname")), input_signature=[tf.TensorSpec([1, 3], tf.float32, "x")])
    converter = tf.lite.TFLiteConverter.from_concrete_functions([call.get_concrete_function()])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    (folder / "flex.tflite").write_bytes(converter.convert())
    whole = tf.function(lambda x: {"y": tf.nn.softmax(x)}, input_signature=[tf.TensorSpec([None, 3], tf.float32, "x")])
    (folder / "whole.tflite").write_bytes(tf.lite.TFLiteConverter.from_concrete_functions([whole.get_concrete_function()]).convert())


def damaged(folder: Path) -> None:
    for name, whole in (("cut.tflite", "whole.tflite"), ("cut.pb", "two-ends.pb")):
        content = (folder / whole).read_bytes()
        (folder / name).write_bytes(content[: len(content) * 2 // 3])
    for name, part in (("cut-graph", "saved_model.pb"), ("cut-weights", "variables/variables.data-00000-of-00001")):
        save(folder / name, lambda w, x: {"y": x * w}, tf.TensorSpec(ROWS, tf.float32, "x"))
        content = (folder / name / part).read_bytes()
        (folder / name / part).write_bytes(content[: len(content) // 2])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
