"""Kernels of Gaussian processes, sums and products of them too: [N,M] against kept rows, and a row's likeness to itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.formulas.distances import squared, summed
from writing.formulas.kernels import kernel, powered
from writing.nodes import Nodes, Term


def covariance(nodes: Nodes, rows: str, kept: np.ndarray, found: Any) -> Term:
    """A number stands for a matrix full of it. Raises NotImplementedError for a kernel of the user's own."""
    name = type(found).__name__
    if name in ("Sum", "Product"):
        parts = [covariance(nodes, rows, kept, part) for part in (found.k1, found.k2)]
        return together(nodes, name, parts)
    if name == "Exponentiation":
        inner = covariance(nodes, rows, kept, found.kernel)
        return inner**found.exponent if isinstance(inner, float) else powered(nodes, inner, float(found.exponent))
    if name == "ConstantKernel":
        return float(found.constant_value)
    if name == "WhiteKernel":
        return 0.0
    if name == "DotProduct":
        return nodes.emit("Add", nodes.product(rows, kept.T), float(found.sigma_0) ** 2)
    if name == "PairwiseKernel":
        return kernel(nodes, rows, kept, found.metric, {"gamma": found.gamma})
    if name in STATIONARY:
        return STATIONARY[name](nodes, rows, kept, found)
    raise NotImplementedError(f"its kernel {name} is none of scikit-learn's")


def together(nodes: Nodes, name: str, parts: list[Term]) -> Term:
    if all(isinstance(part, float) for part in parts):
        return float(sum(parts) if name == "Sum" else np.prod(parts))
    return nodes.emit("Add" if name == "Sum" else "Mul", *parts)


def own(nodes: Nodes, rows: str, width: int, found: Any) -> Term:
    """k(x, x), [N,1] or a number."""
    name = type(found).__name__
    if name in ("Sum", "Product"):
        return together(nodes, name, [own(nodes, rows, width, part) for part in (found.k1, found.k2)])
    if name == "Exponentiation":
        inner = own(nodes, rows, width, found.kernel)
        return inner**found.exponent if isinstance(inner, float) else powered(nodes, inner, float(found.exponent))
    if name == "ConstantKernel":
        return float(found.constant_value)
    if name == "WhiteKernel":
        return float(found.noise_level)
    if name == "DotProduct":
        return nodes.emit("Add", nodes.total(nodes.emit("Mul", rows, rows), width), float(found.sigma_0) ** 2)
    if name in STATIONARY:
        return 1.0
    raise NotImplementedError(f"the kernel {name} of a row with itself is not converted")


def scaled(nodes: Nodes, rows: str, kept: np.ndarray, found: Any) -> str:
    """Squared distances in units of the length scale, one for all columns or one each."""
    scale = np.broadcast_to(np.asarray(found.length_scale, dtype=np.float64), (kept.shape[1],))[np.newaxis]
    return squared(nodes, nodes.emit("Div", rows, scale), kept / scale)


def radial(nodes: Nodes, rows: str, kept: np.ndarray, found: Any) -> str:
    return nodes.emit("Exp", nodes.emit("Mul", scaled(nodes, rows, kept, found), -0.5))


def matern(nodes: Nodes, rows: str, kept: np.ndarray, found: Any) -> str:
    if found.nu == np.inf:
        return radial(nodes, rows, kept, found)
    if found.nu not in (0.5, 1.5, 2.5):
        raise NotImplementedError(f"Matern with nu={found.nu} needs a Bessel function: 0.5, 1.5, 2.5 and inf do not")
    factor = {0.5: 1.0, 1.5: np.sqrt(3.0), 2.5: np.sqrt(5.0)}[found.nu]
    distance = nodes.emit("Mul", nodes.emit("Sqrt", scaled(nodes, rows, kept, found)), factor)
    decay = nodes.emit("Exp", nodes.emit("Neg", distance))
    if found.nu == 0.5:
        return decay
    level = nodes.emit("Add", distance, 1.0)
    if found.nu == 2.5:
        level = nodes.emit("Add", level, nodes.emit("Mul", nodes.emit("Mul", distance, distance), 1.0 / 3.0))
    return nodes.emit("Mul", level, decay)


def rational(nodes: Nodes, rows: str, kept: np.ndarray, found: Any) -> str:
    factor = 1.0 / (2.0 * found.alpha * found.length_scale**2)
    base = nodes.emit("Add", nodes.emit("Mul", squared(nodes, rows, kept), factor), 1.0)
    return nodes.emit("Pow", base, -float(found.alpha))


def periodic(nodes: Nodes, rows: str, kept: np.ndarray, found: Any) -> str:
    """Differences exactly, for their sine is taken."""
    distance = nodes.emit("Sqrt", summed(nodes, rows, kept, lambda apart, _: nodes.emit("Mul", apart, apart)))
    sine = nodes.emit("Sin", nodes.emit("Mul", distance, np.pi / found.periodicity))
    square = nodes.emit("Mul", sine, sine)
    return nodes.emit("Exp", nodes.emit("Mul", square, -2.0 / found.length_scale**2))


STATIONARY = {"RBF": radial, "Matern": matern, "RationalQuadratic": rational, "ExpSineSquared": periodic}
