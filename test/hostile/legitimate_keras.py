"""Models as people build them with Keras 3 and Keras 2, one a way of building: each has to convert without trust.

    PYTHON-OF-THE-TENSORFLOW-ENVIRONMENT legitimate_keras.py FOLDER
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf
import tf_keras

WIDTH = 4
ROWS = np.random.default_rng(20261201).normal(size=(64, WIDTH)).astype(np.float32)


def main(folder: Path) -> None:
    folder.mkdir(parents=True)
    keras.utils.set_random_seed(20261201)
    for name, model in {**common(keras), **three()}.items():
        model.save(folder / f"three-{name}.keras")
    for name, model in {**common(tf_keras), **two()}.items():
        model.save(folder / f"two-{name}.h5", save_format="h5")
    for name in ("activations", "residual", "gru"):
        common(tf_keras)[name].save(folder / f"two-zip-{name}.keras", save_format="keras")
    common(keras)["dense"].save(folder / "three-legacy.h5")
    exports(folder)


def common(library: Any) -> dict[str, Any]:
    """What both generations have."""
    layers = library.layers

    def sequential(*steps: Any, **options: Any) -> Any:
        return library.Sequential([library.Input((WIDTH,)), *steps], **options)

    def functional(build: Any) -> Any:
        given = library.Input((WIDTH,), name="row")
        return library.Model(given, build(given))

    def residual(given: Any) -> Any:
        hidden = layers.Dense(WIDTH, activation="relu")(given)
        return layers.Dense(1)(layers.Add()([given, layers.LayerNormalization()(hidden)]))

    def branches(given: Any) -> Any:
        parts = [layers.Dense(3, activation=activation)(given) for activation in ("tanh", "elu", "softsign", "selu")]
        return layers.Dense(2, activation="softmax")(layers.Concatenate()([layers.Maximum()(parts[:2]), layers.Multiply()(parts[2:]), layers.Average()(parts)]))

    compiled = sequential(
        layers.Dense(
            8,
            kernel_initializer=library.initializers.HeNormal(seed=1),
            kernel_regularizer=library.regularizers.L1L2(1e-4, 1e-4),
            kernel_constraint=library.constraints.MaxNorm(3.0),
            bias_initializer="ones",
            activity_regularizer="l2",
        ),
        layers.Dropout(0.3),
        layers.BatchNormalization(),
        layers.Dense(1, activation="sigmoid"),
    )
    compiled.compile(library.optimizers.Adam(library.optimizers.schedules.ExponentialDecay(1e-3, 100, 0.9)), loss="binary_crossentropy", metrics=[library.metrics.AUC(), "accuracy"])
    compiled.fit(ROWS, (ROWS[:, 0] > 0).astype(np.float32), epochs=1, verbose=0)
    normalization = layers.Normalization()
    normalization.adapt(ROWS)
    inner = sequential(layers.Dense(3, activation="relu"), layers.Dense(2))
    wide = sequential(layers.Reshape((2, 2, 1)), layers.Conv2D(3, 2, padding="same", activation="relu"), layers.MaxPooling2D(1), layers.GlobalAveragePooling2D(), layers.Dense(2))
    return {
        "dense": sequential(layers.Dense(8, activation="relu"), layers.Dense(1)),
        "activations": sequential(layers.Dense(8, activation="gelu"), layers.LeakyReLU(), layers.PReLU(), layers.ELU(), layers.Activation("swish"), layers.Dense(3, "softmax")),
        "compiled": compiled,
        "normalized": sequential(normalization, layers.Dense(2)),
        "residual": functional(residual),
        "branches": functional(branches),
        "nested": functional(lambda given: layers.Dense(1)(inner(layers.Dense(WIDTH)(given)))),
        "convolution": wide,
        "series": sequential(layers.Reshape((WIDTH, 1)), layers.Conv1D(4, 2, activation="relu"), layers.GlobalMaxPooling1D(), layers.Dense(1)),
        "lstm": sequential(layers.Reshape((WIDTH, 1)), layers.LSTM(3, return_sequences=True), layers.LSTM(2), layers.Dense(1)),
        "gru": sequential(layers.Reshape((WIDTH, 1)), layers.Bidirectional(layers.GRU(3)), layers.Dense(1)),
        "distributed": sequential(layers.Reshape((2, 2)), layers.TimeDistributed(layers.Dense(3, "tanh")), layers.Flatten(), layers.Dense(1)),
        "attention": functional(lambda given: attention(layers, given)),
        "rescaled": sequential(layers.Rescaling(1 / 255.0, offset=-0.5), layers.GaussianNoise(0.1), layers.Dense(2)),
        "separable": sequential(layers.Reshape((2, 2, 1)), layers.SeparableConv2D(2, 2), layers.Flatten(), layers.Dense(1)),
    }


def attention(layers: Any, given: Any) -> Any:
    series = layers.Reshape((2, 2))(given)
    return layers.Dense(1)(layers.Flatten()(layers.MultiHeadAttention(2, 2)(series, series)))


def three() -> dict[str, Any]:
    layers, ops = keras.layers, keras.ops

    def functional(build: Any) -> Any:
        given = keras.Input((WIDTH,), name="row")
        return keras.Model(given, build(given))

    space = keras.utils.FeatureSpace({"age": "float_normalized", "size": "float_rescaled", "price": "float"}, output_mode="concat")
    space.adapt(tf.data.Dataset.from_tensor_slices({"age": ROWS[:, 0], "size": ROWS[:, 1], "price": ROWS[:, 2]}).batch(8))
    encoded = space.get_encoded_features()
    given = space.get_inputs()
    several = [keras.Input((1,), name=name) for name in ("first", "second")]
    outputs = {"sum": layers.Add()(several), "both": layers.Dense(2)(layers.Concatenate()(several))}
    buckets = layers.Discretization(bin_boundaries=[-1.0, 0.0, 1.0])
    return {
        "operations": functional(lambda row: ops.concatenate([ops.sqrt(ops.abs(row)), ops.exp(-row), ops.clip(row, -1.0, 1.0)], axis=1)),
        "slices": functional(lambda row: layers.Dense(1)(row[:, 1:3] * 2.0 + ops.expand_dims(row[:, 0], 1))),
        "where": functional(lambda row: ops.where(row > 0, row, ops.zeros_like(row))),
        "statistics": functional(lambda row: ops.stack([ops.mean(row, axis=1), ops.max(row, axis=1), ops.sum(row, axis=1)], axis=1)),
        "silu": functional(lambda row: layers.Dense(2, activation=keras.activations.silu)(ops.relu(row))),
        "einsum": functional(lambda row: layers.Flatten()(layers.EinsumDense("abc,cd->abd", (None, 3), bias_axes="d")(layers.Reshape((2, 2))(row)))),
        "group": functional(lambda row: layers.Flatten()(layers.GroupNormalization(2)(layers.Reshape((1, 4))(row)))),
        "unit": functional(lambda row: layers.UnitNormalization()(layers.Dense(3)(row))),
        "spectral": functional(lambda row: layers.SpectralNormalization(layers.Dense(3))(row)),
        "feature-space": keras.Model(given, layers.Dense(1)(encoded)),
        "inputs": keras.Model(several, outputs),
        "buckets": functional(lambda row: layers.Dense(1)(ops.cast(buckets(row), "float32"))),
        "seeded": keras.Sequential([keras.Input((WIDTH,)), layers.Dense(3, kernel_initializer=keras.initializers.GlorotUniform(seed=keras.random.SeedGenerator(1))), layers.Dropout(0.5, seed=3)]),
        "cells": keras.Sequential([keras.Input((WIDTH,)), layers.Reshape((WIDTH, 1)), layers.RNN(layers.StackedRNNCells([layers.LSTMCell(3), layers.GRUCell(2)])), layers.Dense(1)]),
    }


def two() -> dict[str, Any]:
    layers = tf_keras.layers

    def functional(build: Any) -> Any:
        given = tf_keras.Input((WIDTH,), name="row")
        return tf_keras.Model(given, build(given))

    return {
        "functions": functional(lambda row: tf.concat([tf.math.tanh(row), tf.nn.relu(row), tf.clip_by_value(row, -1.0, 1.0)], 1)),
        "operators": functional(lambda row: layers.Dense(1)(row[:, :2] * 2.0 - row[:, 2:] / 3.0)),
        "reduced": functional(lambda row: tf.stack([tf.reduce_mean(row, 1), tf.reduce_max(row, 1)], 1)),
        "backend": functional(lambda row: tf_keras.backend.square(tf_keras.backend.abs(row))),
        "local": tf_keras.Sequential([tf_keras.Input((WIDTH,)), layers.Reshape((WIDTH, 1)), layers.LocallyConnected1D(2, 2), layers.Flatten(), layers.Dense(1)]),
    }


class Subclassed(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = keras.layers.Dense(5, activation="relu"), keras.layers.Dense(2)

    def call(self, row: Any) -> Any:
        return keras.ops.softmax(self.last(self.first(row)))


class Older(tf_keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = [tf_keras.layers.Dense(4, activation="tanh") for _ in range(2)]
        self.last = tf_keras.layers.Dense(1)

    def call(self, row: Any) -> Any:
        for layer in self.hidden:
            row = layer(row) + row
        return self.last(row)


def exports(folder: Path) -> None:
    """SavedModels that Keras writes: of models whose classes are the user's own, too."""
    subclassed, older = Subclassed(), Older()
    subclassed(ROWS)
    older(ROWS)
    subclassed.export(folder / "export-subclassed", input_signature=[keras.InputSpec("float32", (None, WIDTH), name="row")], verbose=False)
    tf.saved_model.save(older, str(folder / "saved-older"))
    older.save(folder / "saved-older-keras", save_format="tf")
    for name in ("dense", "branches", "lstm", "normalized", "convolution"):
        common(keras)[name].export(folder / f"export-{name}", verbose=False)
        common(tf_keras)[name].save(folder / f"saved-{name}", save_format="tf")
    archive = keras.export.ExportArchive()
    model = common(keras)["residual"]
    archive.track(model)
    archive.add_endpoint("serve", model.call, [tf.TensorSpec((None, WIDTH), tf.float32, "row")])
    archive.write_out(folder / "export-archive", verbose=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
