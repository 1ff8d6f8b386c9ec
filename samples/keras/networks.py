"""The networks of the Keras samples; each is built with the Keras that it is given, 3 or 2."""

from __future__ import annotations

from typing import Any

import numpy as np


def digit_conv(keras: Any) -> Any:
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((8, 8, 1), name="pixel"),
            layers.Rescaling(1 / 16),
            layers.Conv2D(8, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Conv2D(12, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.1),
            layers.Dense(10, activation="softmax", name="digit"),
        ]
    )


def digit_attention(keras: Any) -> Any:
    """The eight lines of an image as a sentence of eight words."""
    layers = keras.layers
    lines = keras.Input((8, 8), name="pixel")
    words = layers.Dense(16)(lines)
    words = layers.LayerNormalization()(words + layers.MultiHeadAttention(2, 8)(words, words))
    return keras.Model(lines, layers.Dense(10, activation="softmax", name="digit")(layers.GlobalAveragePooling1D()(words)))


def penguin_tabular(keras: Any, measures: np.ndarray, year: str = "int64") -> Any:
    """Float32, int32 (a code that an embedding looks up) and int64 inputs; a dictionary of outputs."""
    layers = keras.layers
    given = {
        "measures": keras.Input((3,), name="measures"),
        "island": keras.Input((1,), name="island", dtype="int32"),
        "year": keras.Input((1,), name="year", dtype=year),
    }
    scaled = layers.Normalization()
    scaled.adapt(measures)
    since = layers.Rescaling(1.0, offset=-2008.0)(given["year"])
    island = layers.Flatten()(layers.Embedding(3, 2)(given["island"]))
    found = layers.Concatenate()([scaled(given["measures"]), island, since])
    found = layers.LayerNormalization()(layers.Dense(16, activation="gelu")(found))
    outputs = {"species": layers.Dense(3, activation="softmax", name="species")(found), "mass": layers.Dense(1, name="mass")(found)}
    return keras.Model(given, outputs)


def penguin_species(keras: Any, *first: Any) -> Any:
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((3,), name="measures"),
            *first,
            layers.BatchNormalization(),
            layers.Dense(12, activation="tanh"),
            layers.Dense(3, activation="softmax", name="species"),
        ]
    )


def sunspots_series(keras: Any, kind: str) -> Any:
    layers = keras.layers
    body = {
        "lstm": [layers.LSTM(8)],
        "gru": [layers.GRU(8)],
        "unrolled": [layers.LSTM(4, unroll=True)],
        "bidirectional": [layers.Bidirectional(layers.LSTM(6, return_sequences=True)), layers.GRU(6)],
    }[kind]
    return keras.Sequential([keras.Input((12, 1), name="years"), *body, layers.Dense(1, name="following")])
