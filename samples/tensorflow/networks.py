"""The networks of the TensorFlow samples, of TensorFlow's own operators, with what each is trained on."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

SEED = 20261128


class PenguinNet(tf.Module):
    """Three inputs of three types: measures, the code of an island, a year in double; a species and a mass."""

    def __init__(self, mean: np.ndarray, deviation: np.ndarray) -> None:
        random = np.random.default_rng(SEED)
        self.mean, self.deviation = tf.constant(mean), tf.constant(deviation)
        self.table = variable(random, 3, 2)
        self.hidden, self.bias = variable(random, 6, 16), tf.Variable(tf.zeros(16))
        self.species, self.mass = variable(random, 16, 3), variable(random, 16, 1)

    def features(self, measures: Any, island: Any, year: Any) -> Any:
        since = tf.cast(year - 2008.0, tf.float32)[:, None]
        scaled = (measures - self.mean) / self.deviation
        joined = tf.concat([scaled, tf.gather(self.table, island), since], axis=1)
        return tf.nn.gelu(joined @ self.hidden + self.bias, approximate=False)

    def call(self, measures: Any, island: Any, year: Any) -> dict[str, Any]:
        features = self.features(measures, island, year)
        return {"species": tf.nn.softmax(features @ self.species), "mass": 4200 + 800 * (features @ self.mass)}


class DigitNet(tf.Module):
    """A small convolution over 8x8 pixels of 0 to 16."""

    def __init__(self) -> None:
        random = np.random.default_rng(SEED)
        self.kernel, self.bias = variable(random, 3, 3, 1, 16), tf.Variable(tf.zeros(16))
        self.dense, self.last = variable(random, 144, 10), tf.Variable(tf.zeros(10))

    def logits(self, pixel: Any) -> Any:
        found = tf.nn.relu(tf.nn.conv2d(pixel / 16.0, self.kernel, 1, "VALID") + self.bias)
        pooled = tf.nn.max_pool2d(found, 2, 2, "VALID")
        return tf.reshape(pooled, [-1, 144]) @ self.dense + self.last

    def call(self, pixel: Any) -> Any:
        return tf.nn.softmax(self.logits(pixel))


def variable(random: np.random.Generator, *shape: int) -> tf.Variable:
    deviation = (2 / np.prod(shape[:-1])) ** 0.5
    return tf.Variable((random.standard_normal(shape) * deviation).astype(np.float32))


def fit(network: tf.Module, loss: Any, steps: int, rate: float = 0.02) -> None:
    """Adam, by hand: no optimizer of Keras is needed for that."""
    variables = network.trainable_variables
    moments = [(tf.Variable(tf.zeros_like(each)), tf.Variable(tf.zeros_like(each))) for each in variables]

    @tf.function
    def step(at: Any) -> Any:
        with tf.GradientTape() as tape:
            value = loss()
        for each, gradient, (mean, square) in zip(variables, tape.gradient(value, variables), moments):
            mean.assign(0.9 * mean + 0.1 * tf.convert_to_tensor(gradient))
            square.assign(0.999 * square + 0.001 * tf.convert_to_tensor(gradient) ** 2)
            each.assign_sub(rate * (mean / (1 - 0.9**at)) / (tf.sqrt(square / (1 - 0.999**at)) + 1e-7))
        return value

    for at in range(1, steps + 1):
        value = step(tf.constant(float(at)))
    print(f"{type(network).__name__:16} loss {float(value):.4f}", flush=True)
