"""Kernels of Gaussian processes, sums and products of them too: [N,M] against the rows of a model, and of each row with itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.formulas.distances import squared, summed
from writing.formulas.kernels import pairwise_kernel, powered
from writing.nodes import Nodes


def covariance(nodes: Nodes, rows: str, model_rows: np.ndarray, kernel: Any) -> str | float:
    """A number stands for a matrix full of it. Raises NotImplementedError for a kernel of the user's own."""
    name = type(kernel).__name__
    if name in ("Sum", "Product"):
        parts = [covariance(nodes, rows, model_rows, part) for part in (kernel.k1, kernel.k2)]
        return combined(nodes, name, parts)
    if name == "Exponentiation":
        inner = covariance(nodes, rows, model_rows, kernel.kernel)
        return inner**kernel.exponent if isinstance(inner, float) else powered(nodes, inner, float(kernel.exponent))
    if name == "ConstantKernel":
        return float(kernel.constant_value)
    if name == "WhiteKernel":
        return 0.0
    if name == "DotProduct":
        return nodes.emit("Add", nodes.product(rows, model_rows.T), float(kernel.sigma_0) ** 2)
    if name == "PairwiseKernel":
        return pairwise_kernel(nodes, rows, model_rows, kernel.metric, {"gamma": kernel.gamma})
    if name in STATIONARY:
        return STATIONARY[name](nodes, rows, model_rows, kernel)
    raise NotImplementedError(f"its kernel {name} is none of scikit-learn's")


def combined(nodes: Nodes, name: str, parts: list[str | float]) -> str | float:
    numbers = [part for part in parts if isinstance(part, float)]
    if len(numbers) == len(parts):
        return float(sum(numbers) if name == "Sum" else np.prod(numbers))
    return nodes.emit("Add" if name == "Sum" else "Mul", *parts)


def self_covariance(nodes: Nodes, rows: str, width: int, kernel: Any) -> str | float:
    """k(x, x), [N,1] or a number."""
    name = type(kernel).__name__
    if name in ("Sum", "Product"):
        return combined(nodes, name, [self_covariance(nodes, rows, width, part) for part in (kernel.k1, kernel.k2)])
    if name == "Exponentiation":
        inner = self_covariance(nodes, rows, width, kernel.kernel)
        return inner**kernel.exponent if isinstance(inner, float) else powered(nodes, inner, float(kernel.exponent))
    if name == "ConstantKernel":
        return float(kernel.constant_value)
    if name == "WhiteKernel":
        return float(kernel.noise_level)
    if name == "DotProduct":
        return nodes.emit("Add", nodes.total(nodes.emit("Mul", rows, rows), width), float(kernel.sigma_0) ** 2)
    if name in STATIONARY:
        return 1.0
    raise NotImplementedError(f"the kernel {name} of a row with itself is not converted")


def scaled(nodes: Nodes, rows: str, model_rows: np.ndarray, kernel: Any) -> str:
    """Squared distances in units of the length scale, one for all columns or one each."""
    scale = np.broadcast_to(np.asarray(kernel.length_scale, dtype=np.float64), (model_rows.shape[1],))[np.newaxis]
    return squared(nodes, nodes.emit("Div", rows, scale), model_rows / scale)


def radial(nodes: Nodes, rows: str, model_rows: np.ndarray, kernel: Any) -> str:
    return nodes.emit("Exp", nodes.emit("Mul", scaled(nodes, rows, model_rows, kernel), -0.5))


def matern(nodes: Nodes, rows: str, model_rows: np.ndarray, kernel: Any) -> str:
    if kernel.nu == np.inf:
        return radial(nodes, rows, model_rows, kernel)
    if kernel.nu not in (0.5, 1.5, 2.5):
        raise NotImplementedError(f"Matern with nu={kernel.nu} needs a Bessel function: 0.5, 1.5, 2.5 and inf do not")
    factor = {0.5: 1.0, 1.5: np.sqrt(3.0), 2.5: np.sqrt(5.0)}[kernel.nu]
    distance = nodes.emit("Mul", nodes.emit("Sqrt", scaled(nodes, rows, model_rows, kernel)), factor)
    decay = nodes.emit("Exp", nodes.emit("Neg", distance))
    if kernel.nu == 0.5:
        return decay
    level = nodes.emit("Add", distance, 1.0)
    if kernel.nu == 2.5:
        level = nodes.emit("Add", level, nodes.emit("Mul", nodes.emit("Mul", distance, distance), 1.0 / 3.0))
    return nodes.emit("Mul", level, decay)


def rational(nodes: Nodes, rows: str, model_rows: np.ndarray, kernel: Any) -> str:
    factor = 1.0 / (2.0 * kernel.alpha * kernel.length_scale**2)
    base = nodes.emit("Add", nodes.emit("Mul", squared(nodes, rows, model_rows), factor), 1.0)
    return nodes.emit("Pow", base, -float(kernel.alpha))


def periodic(nodes: Nodes, rows: str, model_rows: np.ndarray, kernel: Any) -> str:
    """Differences exactly, for their sine is taken."""
    distance = nodes.emit("Sqrt", summed(nodes, rows, model_rows, lambda difference, _: nodes.emit("Mul", difference, difference)))
    sine = nodes.emit("Sin", nodes.emit("Mul", distance, np.pi / kernel.periodicity))
    square = nodes.emit("Mul", sine, sine)
    return nodes.emit("Exp", nodes.emit("Mul", square, -2.0 / kernel.length_scale**2))


STATIONARY = {"RBF": radial, "Matern": matern, "RationalQuadratic": rational, "ExpSineSquared": periodic}
