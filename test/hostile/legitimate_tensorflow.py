"""Files as people write them with TensorFlow itself: functions with signatures, tables, graphs of TensorFlow 1, TensorFlow Lite.

    PYTHON-OF-THE-TENSORFLOW-ENVIRONMENT legitimate_tensorflow.py FOLDER
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Callable

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

v1 = tf.compat.v1
WIDTH = 4
ROWS = tf.TensorSpec([None, WIDTH], tf.float32, "row")
RANDOM = np.random.default_rng(20261201)
WEIGHTS = RANDOM.normal(size=(WIDTH, 3)).astype(np.float32)


def main(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, call in FUNCTIONS.items():
        saved(folder / f"function-{name}", call)
    several(folder / "function-several")
    frozen(folder)
    session(folder / "session")
    checkpoint(folder / "saver")
    lite(folder)


class Network(tf.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weights = tf.Variable(WEIGHTS)
        self.bias = tf.Variable(tf.zeros(3))
        self.table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["0", "1", "2"], tf.constant([5, 6, 7], tf.int64)), -1)


def looped(network: Network, row: Any) -> Any:
    for _ in tf.range(3):
        row = tf.tanh(row) * 1.5
    return row @ network.weights


def branched(network: Network, row: Any) -> Any:
    return tf.where(tf.reduce_sum(row, 1, keepdims=True) > 0, row @ network.weights, network.bias - row[:, :3])


def nested(network: Network, row: Any) -> Any:
    @tf.function
    def inner(values: Any) -> Any:
        return tf.nn.relu(values @ network.weights + network.bias)

    return inner(row) + inner(-row)


FUNCTIONS: dict[str, Callable[[Network, Any], Any]] = {
    "dense": lambda network, row: tf.nn.softmax(row @ network.weights + network.bias),
    "branched": branched,
    "nested": nested,
    "split": lambda network, row: tf.concat([tf.exp(part) for part in tf.split(row, 2, 1)], 1),
    "gathered": lambda network, row: tf.gather(row @ network.weights, [2, 0], axis=1),
    "convolved": lambda network, row: tf.reshape(tf.nn.conv2d(tf.reshape(row, [-1, 2, 2, 1]), tf.ones([2, 2, 1, 2]), 1, "SAME"), [-1, 8]),
    "sorted": lambda network, row: tf.math.top_k(row, 2).values,
    "reduced": lambda network, row: tf.stack([tf.reduce_mean(row, 1), tf.math.reduce_std(row, 1), tf.reduce_max(row, 1)], 1),
    "cast": lambda network, row: tf.cast(row > 0, tf.float32) @ network.weights,
    "checked": lambda network, row: with_check(row) @ network.weights,
    "einsum": lambda network, row: tf.einsum("ij,jk->ik", row, network.weights),
    "normalized": lambda network, row: tf.math.l2_normalize(row, 1),
    "looked-up": lambda network, row: tf.cast(network.table.lookup(tf.strings.as_string(tf.cast(row, tf.int64))), tf.float32) @ network.weights,
    "printed": lambda network, row: with_print(row) @ network.weights,
}


def with_check(row: Any) -> Any:
    with tf.control_dependencies([tf.debugging.assert_rank(row, 2)]):
        return tf.identity(row)


def with_print(row: Any) -> Any:
    with tf.control_dependencies([tf.print("rows", tf.shape(row)[0])]):
        return tf.identity(row)


def saved(path: Path, call: Callable[[Network, Any], Any]) -> None:
    network = Network()
    signature = tf.function(lambda row: {"y": call(network, row)}, input_signature=[ROWS])
    tf.saved_model.save(network, str(path), signatures=signature)


def several(path: Path) -> None:
    """Inputs of several types, two signatures, and a method that is none."""
    network = Network()

    class Model(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        @tf.function(input_signature=[ROWS, tf.TensorSpec([None, 1], tf.int32, "code")])
        def predict(self, row: Any, code: Any) -> Any:
            return {"scores": row @ self.network.weights + tf.cast(code, tf.float32)}

        @tf.function(input_signature=[ROWS])
        def embed(self, row: Any) -> Any:
            return {"embedding": tf.nn.elu(row)}

    model = Model()
    tf.saved_model.save(model, str(path), signatures={"serving_default": model.predict, "embed": model.embed})


def frozen(folder: Path) -> None:
    for name, call in (("dense", lambda row: tf.nn.sigmoid(row @ WEIGHTS, name="y")), ("pooled", lambda row: tf.reduce_max(tf.reshape(row, [-1, 2, 2]), 2, name="y"))):
        with tf.Graph().as_default() as graph:
            call(v1.placeholder(tf.float32, [None, WIDTH], "row"))
        (folder / f"frozen-{name}.pb").write_bytes(graph.as_graph_def().SerializeToString())


def session(path: Path) -> None:
    with tf.Graph().as_default(), v1.Session() as running:
        row = v1.placeholder(tf.float32, [None, WIDTH], "row")
        y = row @ v1.get_variable("weights", initializer=WEIGHTS)
        running.run(v1.global_variables_initializer())
        v1.saved_model.simple_save(running, str(path), {"row": row}, {"y": y})


def checkpoint(path: Path) -> None:
    with tf.Graph().as_default(), v1.Session() as running:
        row = v1.placeholder(tf.float32, [None, WIDTH], "row")
        tf.nn.relu(row @ v1.get_variable("weights", initializer=WEIGHTS), name="y")
        running.run(v1.global_variables_initializer())
        v1.train.Saver().save(running, str(path), write_state=False)


def lite(folder: Path) -> None:
    call = tf.function(lambda row: {"y": tf.nn.softmax(tf.nn.relu(row @ WEIGHTS))}, input_signature=[tf.TensorSpec([1, WIDTH], tf.float32, "row")])
    (folder / "lite.tflite").write_bytes(tf.lite.TFLiteConverter.from_concrete_functions([call.get_concrete_function()]).convert())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
