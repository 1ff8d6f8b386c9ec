"""From the sum of the trees to what the booster predicts: link functions and labels, as standard operators.

An objective's link stands as text in the converter's objectives.json; `LINKS` says which function writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from onnx import TensorProto
from predictable_graph.graph import Graph


def scaled(graph: Graph, scores: str, factor: float) -> str:
    return scores if factor == 1.0 else graph.emit("Mul", [scores, graph.constant([factor])])


def shifted(graph: Graph, scores: str, by: Any) -> str:
    offsets = np.atleast_1d(np.asarray(by, dtype=np.float64))
    return graph.emit("Add", [scores, graph.constant(offsets)]) if offsets.any() else scores


def sigmoid(graph: Graph, scores: str) -> str:
    return graph.emit("Sigmoid", [scores])


def softmax(graph: Graph, scores: str) -> str:
    return graph.emit("Softmax", [scores], axis=1)


def exp(graph: Graph, scores: str) -> str:
    return graph.emit("Exp", [scores])


def softplus(graph: Graph, scores: str) -> str:
    """log(1 + exp(x))."""
    return graph.emit("Softplus", [scores])


def signed_square(graph: Graph, scores: str) -> str:
    return graph.emit("Mul", [scores, graph.emit("Abs", [scores])])


def uncertainty(graph: Graph, scores: str) -> str:
    """[mean, variance] from the mean and the logarithm of the standard deviation."""
    mean, spread = (graph.emit("Gather", [scores, graph.constant([at], np.int64)], axis=1) for at in (0, 1))
    return graph.emit("Concat", [mean, exp(graph, scaled(graph, spread, 2.0))], axis=1)


def both_classes(graph: Graph, positive: str) -> str:
    """[1 − p, p] from the probability [N,1] of the second class."""
    negative = graph.emit("Sub", [graph.constant([1.0]), positive])
    return graph.emit("Concat", [negative, positive], axis=1)


def largest(graph: Graph, scores: str) -> str:
    """The number of the class with the highest score, the first of several: [N]."""
    return graph.emit("ArgMax", [scores], axis=1, keepdims=0)


def above(graph: Graph, scores: str, threshold: float = 0.0) -> str:
    """1 where the score is above the threshold, else 0."""
    greater = graph.emit("Greater", [scores, graph.constant([threshold])])
    return graph.emit("Cast", [greater], to=TensorProto.INT64)


def labelled(graph: Graph, codes: str, classes: Sequence[Any]) -> str:
    """Labels that are numbers, from the number of their class; of text labels the number is the code."""
    if any(isinstance(value, str) for value in classes):
        return codes
    values = [int(value) for value in classes]
    if values == list(range(len(values))):
        return codes
    return graph.emit("Gather", [graph.constant(values, np.int64), codes], axis=0)


def identity(_: Graph, scores: str) -> str:
    return scores


# A label by a threshold ("step") is not among them: each library has its own.
LINKS: dict[str, Callable[[Graph, str], str]] = {
    "identity": identity,
    "exp": exp,
    "sigmoid": sigmoid,
    "softmax": softmax,
    "softplus": softplus,
    "uncertainty": uncertainty,
    "largest": largest,
}
