"""Functions given piece by piece: where a value lies among sorted ones, straight lines between points, the error function."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from writing.nodes import Nodes


def piece_places(nodes: Nodes, rows: str, edges: Sequence[np.ndarray]) -> str:
    """[N,F] int64: on which piece of its column a value lies, that is how many of the sorted edges are not above it.

    By halves: log₂ lookups instead of a comparison an edge.
    """
    steps = max(1, math.ceil(math.log2(max(len(column_edges) for column_edges in edges) + 1)))
    size = 2**steps
    table = np.full((len(edges), size), np.inf)
    for at, column_edges in enumerate(edges):
        table[at, : len(column_edges)] = column_edges
    flat = nodes.constant(table.ravel())
    base = np.arange(len(edges))[np.newaxis] * size
    place = nodes.constant(base)
    for step in (2**power for power in reversed(range(steps))):
        edge = nodes.emit("Gather", flat, nodes.emit("Add", place, np.array([step - 1])), axis=0)
        passed = nodes.int64(nodes.emit("Not", nodes.emit("Less", rows, edge)))
        place = nodes.emit("Add", place, nodes.emit("Mul", passed, np.array([step])))
    # Beside infinity, NaN passes every edge, those that fill up the table too.
    counts = np.array([[len(column_edges) for column_edges in edges]])
    return nodes.emit("Min", nodes.emit("Sub", place, base), counts)


def interpolated(nodes: Nodes, rows: str, xs: Sequence[np.ndarray], ys: Sequence[np.ndarray]) -> str:
    """numpy.interp column by column: of equal x the last counts; outside, the first and the last y."""
    longest = max(map(len, xs)) + 1
    origin, value, slope = (np.zeros((len(xs), longest)) for _ in range(3))
    for at, (x, y) in enumerate(zip(xs, ys)):
        count = len(x)
        origin[at, 1 : count + 1], value[at, 0], value[at, 1 : count + 1] = x, y[0], y
        rise = np.diff(x)
        slope[at, 1:count] = np.divide(np.diff(y), rise, out=np.zeros(count - 1), where=rise > 0)
    place = nodes.emit("Add", piece_places(nodes, rows, xs), np.arange(len(xs))[np.newaxis] * longest)
    start, level, rate = (nodes.emit("Gather", part.ravel(), place, axis=0) for part in (origin, value, slope))
    return nodes.emit("Add", level, nodes.emit("Mul", rate, nodes.emit("Sub", rows, start)))


# erf is 1 to the last bit from 6 on. Between, a Taylor polynomial around each sixteenth: its tenth term is below 1e-17.
ERF_END, ERF_PARTS, ERF_ORDER = 6, 16, 9


def error_function(nodes: Nodes, name: str) -> str:
    """erf in double precision: no runtime of the targets has that."""
    centres = np.arange(-ERF_END * ERF_PARTS, ERF_END * ERF_PARTS + 1) / ERF_PARTS
    inside = nodes.emit("Min", nodes.emit("Max", name, -float(ERF_END)), float(ERF_END))
    shifted = nodes.emit("Add", nodes.emit("Mul", inside, float(ERF_PARTS)), ERF_END * ERF_PARTS + 0.5)
    place = nodes.int64(shifted)
    offset = nodes.emit("Sub", inside, nodes.emit("Gather", centres, place, axis=0))
    result = None
    for terms in reversed(erf_terms(centres)):
        term = nodes.emit("Gather", terms, place, axis=0)
        result = term if result is None else nodes.emit("Add", nodes.emit("Mul", result, offset), term)
    assert result is not None
    return result


def erf_terms(centres: np.ndarray) -> list[np.ndarray]:
    """erf⁽ⁿ⁾(x)/n! = 2/√π · (−1)ⁿ⁻¹ · Hₙ₋₁(x) · exp(−x²) / n!, with Hermite's polynomials."""
    terms = [np.array([math.erf(centre) for centre in centres])]
    for order in range(1, ERF_ORDER + 1):
        hermite = np.polynomial.hermite.hermval(centres, [0.0] * (order - 1) + [1.0])
        sign = -1.0 if order % 2 == 0 else 1.0
        terms.append(2.0 / math.sqrt(math.pi) * sign * hermite * np.exp(-(centres**2)) / math.factorial(order))
    return terms


def normal_share(nodes: Nodes, name: str) -> str:
    """The share of a normal distribution below the value."""
    half = nodes.emit("Mul", error_function(nodes, nodes.emit("Mul", name, 1.0 / math.sqrt(2.0))), 0.5)
    return nodes.emit("Add", half, 0.5)
