"""Random features, drawn when the sampler was fitted: RBFSampler, SkewedChi2Sampler, AdditiveChi2Sampler, PolynomialCountSketch."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.nodes import Nodes
from writing.registration import add_values

# The transform is a matrix of components²: 1024² doubles are 8 MiB.
SKETCH_LIMIT = 1024


def register() -> None:
    from sklearn.kernel_approximation import AdditiveChi2Sampler, PolynomialCountSketch, RBFSampler, SkewedChi2Sampler

    add_values(RBFSampler, lambda model: model.random_weights_.shape[1], convert_rbf)
    add_values(SkewedChi2Sampler, lambda model: model.random_weights_.shape[1], convert_skewed)
    add_values(AdditiveChi2Sampler, lambda model: model.n_features_in_ * (2 * model.sample_steps - 1), convert_additive)
    add_values(PolynomialCountSketch, lambda model: model.n_components, convert_sketch)


def convert_rbf(nodes: Nodes, model: Any) -> None:
    deliver_waves(nodes, nodes.rows(), model, np.sqrt(2.0 / model.n_components))


def convert_skewed(nodes: Nodes, model: Any) -> None:
    """Rows at or below −skewedness, which the original refuses, become NaN."""
    logarithms = nodes.log(nodes.emit("Add", nodes.rows(), float(model.skewedness)))
    deliver_waves(nodes, logarithms, model, np.sqrt(2.0) / np.sqrt(model.n_components))


def deliver_waves(nodes: Nodes, rows: str, model: Any, factor: float) -> None:
    angle = nodes.emit("Add", nodes.product(rows, model.random_weights_), model.random_offset_[np.newaxis])
    nodes.deliver(nodes.emit("Mul", nodes.cosine(angle), factor))


def convert_additive(nodes: Nodes, model: Any) -> None:
    """√ and waves of the logarithm; a zero stays zero, and has no logarithm."""
    step = {1: 0.8, 2: 0.5, 3: 0.4}.get(model.sample_steps) if model.sample_interval is None else model.sample_interval
    assert step is not None
    rows = nodes.rows()
    zero = nodes.number(nodes.emit("Equal", rows, 0.0))
    logarithm = nodes.emit("Mul", nodes.log(nodes.emit("Add", rows, zero)), step)
    parts = [nodes.emit("Sqrt", nodes.emit("Mul", rows, step))]
    for at in range(1, model.sample_steps):
        factor = nodes.emit("Sqrt", nodes.emit("Mul", rows, 2.0 * step / np.cosh(np.pi * at * step)))
        angle = nodes.emit("Mul", logarithm, float(at))
        parts += [nodes.emit("Mul", factor, wave) for wave in (nodes.cosine(angle), nodes.emit("Sin", angle))]
    nodes.deliver(nodes.beside(parts))


def convert_sketch(nodes: Nodes, model: Any) -> None:
    """Count sketches, multiplied as polynomials: by Fourier transforms, which are matrices here."""
    count = model.n_components
    if count > SKETCH_LIMIT:
        raise NotImplementedError(f"it has {count} components, more than {SKETCH_LIMIT}")
    angles = 2.0 * np.pi * np.outer(np.arange(count), np.arange(count)) % (2.0 * np.pi * count) / count
    cosines, sines = np.cos(angles), np.sin(angles)
    rows = nodes.rows()
    product: tuple[str, ...] | None = None
    for hashes, signs in zip(model.indexHash_, model.bitHash_):
        weights = np.zeros((len(hashes), count))
        weights[np.arange(len(hashes)), hashes] = signs
        weights[: model.n_features_in_] *= np.sqrt(model.gamma)
        weights[model.n_features_in_ :] *= np.sqrt(model.coef0)
        pair = tuple(affine(nodes, rows, weights @ wave, model.n_features_in_) for wave in (cosines, -sines))
        product = pair if product is None else multiplied(nodes, product, pair)
    assert product is not None
    real = nodes.product(product[0], cosines / count)
    nodes.deliver(nodes.emit("Sub", real, nodes.product(product[1], sines / count)))


def affine(nodes: Nodes, rows: str, weights: np.ndarray, width: int) -> str:
    """The last row of weights, if there is one more than columns, stands for a column of ones."""
    return nodes.emit("Add", nodes.product(rows, weights[:width]), weights[width:].sum(axis=0)[np.newaxis])


def multiplied(nodes: Nodes, left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, str]:
    def times(a: str, b: str) -> str:
        return nodes.emit("Mul", a, b)

    real = nodes.emit("Sub", times(left[0], right[0]), times(left[1], right[1]))
    return real, nodes.emit("Add", times(left[0], right[1]), times(left[1], right[0]))
