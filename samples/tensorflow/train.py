"""Trains the TensorFlow samples and saves each with rows like its training data.

    PYTHON-OF-THE-TENSORFLOW-ENVIRONMENT samples/tensorflow/train.py FOLDER

samples/tensorflow/models.json says what each file shows.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

from data import MEASURES, digits, penguins, write_sample
from networks import SEED, DigitNet, PenguinNet, fit

tf.get_logger().setLevel("ERROR")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    of_penguins(folder)
    of_digits(folder)
    of_sessions(folder)


def of_penguins(folder: Path) -> None:
    table = penguins()
    given = [tf.constant(table[name]) for name in ("measures", "island", "year")]
    mean, deviation = table["measures"].mean(0), table["measures"].std(0)
    network = PenguinNet(mean, deviation)

    def loss() -> Any:
        found = network.call(*given)
        mass = tf.reduce_mean(((found["mass"][:, 0] - table["mass"]) / 800) ** 2)
        return cross_entropy(found["species"], table["species"]) + mass

    fit(network, loss, 200)
    measures, island, year = (
        tf.TensorSpec([None, 3], tf.float32, "measures"),
        tf.TensorSpec([None], tf.int64, "island"),
        tf.TensorSpec([None], tf.float64, "year"),
    )
    both = tf.function(network.call, input_signature=[measures, island, year])
    species = tf.function(lambda *each: {"species": network.call(*each)["species"]}, input_signature=[measures, island, year])
    fixed = [tf.TensorSpec([4, *spec.shape[1:]], spec.dtype, spec.name) for spec in (measures, island, year)]
    whole = tf.function(network.call).get_concrete_function(*fixed)
    tf.saved_model.save(network, str(folder / "penguin-types"), signatures=both)
    tf.saved_model.save(network, str(folder / "penguin-signatures"), signatures={"species": species, "both": both})
    tf.saved_model.save(network, str(folder / "penguin-static"), signatures=whole)
    for name in ("types", "signatures", "static"):
        columns = {each: table["measures"][:, at] for at, each in enumerate(MEASURES)}
        write_sample(folder / f"penguin-{name}.sample.csv", {**columns, "island": table["island"], "year": table["year"]})


def of_digits(folder: Path) -> None:
    pixels, label = digits()
    network = DigitNet()
    fit(network, lambda: cross_entropy(network.call(tf.constant(pixels)), label), 150)
    call = tf.function(network.call, input_signature=[tf.TensorSpec([None, 8, 8, 1], tf.float32, "pixel")])
    tf.saved_model.save(network, str(folder / "digits"), signatures=call)
    function = call.get_concrete_function()
    few = [[pixels[at : at + 1]] for at in range(200)]
    for name in ("float", "half", "weights", "whole"):
        converter = tf.lite.TFLiteConverter.from_concrete_functions([function], network)
        if name != "float":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if name == "half":
            converter.target_spec.supported_types = [tf.float16]
        if name == "whole":
            converter.representative_dataset = lambda: few
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        (folder / f"digits-{name}.tflite").write_bytes(converter.convert())
    for name in ("", "-float", "-half", "-weights", "-whole"):
        write_sample(folder / f"digits{name}.sample.csv", {f"pixel_{at // 8}_{at % 8}_0": pixels[:, at // 8, at % 8, 0] for at in range(64)})


def of_sessions(folder: Path) -> None:
    """As programs for TensorFlow 1 do it: placeholders, a loss, an optimizer, a saver."""
    table, v1 = penguins(), tf.compat.v1
    mean, deviation = table["measures"].mean(0), table["measures"].std(0)
    with tf.Graph().as_default(), v1.Session() as session:
        v1.set_random_seed(SEED)
        measures = v1.placeholder(tf.float32, [None, 3], "measures")
        species = v1.placeholder(tf.int64, [None], "species")
        keep = v1.placeholder_with_default(1.0, [], "keep")
        hidden = tf.nn.tanh(dense((measures - mean) / deviation, 12, "hidden"))
        logits = dense(tf.nn.dropout(hidden, rate=1 - keep), 3, "logits")
        probabilities = tf.nn.softmax(logits, name="probabilities")
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=species, logits=logits), name="loss")
        train = v1.train.AdamOptimizer(0.02).minimize(loss)
        v1.summary.scalar("loss", loss)
        session.run(v1.global_variables_initializer())
        for _ in range(150):
            _, value = session.run([train, loss], {measures: table["measures"], species: table["species"], keep: 0.9})
        print(f"{'session':16} loss {value:.4f}", flush=True)
        v1.train.Saver().save(session, str(folder / "penguin-checkpoint"), write_state=False)
        frozen = v1.graph_util.convert_variables_to_constants(session, session.graph_def, [probabilities.op.name])
        (folder / "penguin-frozen.pb").write_bytes(frozen.SerializeToString(deterministic=True))
    for name in ("frozen", "checkpoint"):
        write_sample(folder / f"penguin-{name}.sample.csv", {each: table["measures"][:, at] for at, each in enumerate(MEASURES)})


def dense(given: Any, width: int, name: str) -> Any:
    with tf.compat.v1.variable_scope(name, use_resource=name == "logits"):
        weights = tf.compat.v1.get_variable("weights", [given.shape[1], width], tf.float32)
        return given @ weights + tf.compat.v1.get_variable("bias", [width], tf.float32, tf.zeros_initializer())


def cross_entropy(probabilities: Any, label: np.ndarray) -> Any:
    return tf.reduce_mean(-tf.math.log(tf.gather(probabilities, label, batch_dims=1) + 1e-7))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
