"""SVC, NuSVC, SVR and NuSVR in double: a pair's score for each two classes, libsvm's votes and its coupling of probabilities."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from describing.arrays import dense
from writing.formulas.kernels import pairwise_kernel
from writing.nodes import Nodes
from writing.registration import add_scored, add_values
from writing.taking_over import take_over

# From svm.cpp: probabilities keep so far away from 0 and 1.
LEAST = 1e-7


def register() -> None:
    from sklearn.svm import SVC, SVR, NuSVC, NuSVR

    for cls in (SVC, NuSVC):
        add_scored(cls, score_width, convert_classifier)
    for cls in (SVR, NuSVR):
        add_values(cls, lambda _: 1, convert_regressor)


def score_width(model: Any) -> int:
    count = len(model.classes_)
    return count * (count - 1) // 2 if model.decision_function_shape == "ovo" and not has_shares(model) and count > 2 else count


def convert_regressor(nodes: Nodes, model: Any) -> None:
    total = nodes.product(likeness(nodes, model), dense(model._dual_coef_).T)
    nodes.deliver(nodes.emit("Add", total, np.reshape(model._intercept_, (1, 1))))


def likeness(nodes: Nodes, model: Any) -> str:
    """[N,L]: the kernel of each row with each support vector."""
    parameters = {"gamma": model._gamma, "degree": model.degree, "coef0": model.coef0}
    return pairwise_kernel(nodes, nodes.rows(), dense(model.support_vectors_), model.kernel, parameters)


def convert_classifier(nodes: Nodes, model: Any) -> None:
    """A score above 0 is a vote for a pair's first class; the most votes decide, the first of equals."""
    count = len(model.classes_)
    decisions = nodes.product(likeness(nodes, model), pair_weights(model))
    decisions = nodes.emit("Add", decisions, np.reshape(model._intercept_, (1, -1)))
    votes = counted(nodes, nodes.number(nodes.emit("Greater", decisions, 0.0)), count)
    scores = decision_function(nodes, decisions, model)
    decisive = scores if getattr(model, "break_ties", False) and count > 2 else votes
    nodes.label(nodes.emit("ArgMax", decisive, axis=1, keepdims=0), model.classes_)
    nodes.deliver(shares(nodes, decisions, model) if has_shares(model) and not nodes.wants_scores(model) else scores, 1)


def has_shares(model: Any) -> bool:
    return hasattr(model, "predict_proba") and len(model._probA) > 0


def pair_weights(model: Any) -> np.ndarray:
    """[L, pairs]: a vector of class i has its coefficient against class j in row j − 1, or in row j where j < i."""
    coefficients, starts = dense(model._dual_coef_), np.concatenate([[0], np.cumsum(model._n_support)])
    pairs = list(combinations(range(len(model.classes_)), 2))
    weights = np.zeros((coefficients.shape[1], len(pairs)))
    for at, (first, second) in enumerate(pairs):
        own, other = slice(*starts[first : first + 2]), slice(*starts[second : second + 2])
        weights[own, at] = coefficients[second - 1, own]
        weights[other, at] = coefficients[first, other]
    return weights


def membership(count: int) -> tuple[np.ndarray, np.ndarray]:
    """[pairs, classes]: which class is a pair's first, and which its second."""
    pairs = np.array(list(combinations(range(count), 2)))
    return np.eye(count)[pairs[:, 0]], np.eye(count)[pairs[:, 1]]


def counted(nodes: Nodes, won: str, count: int) -> str:
    """[N, classes]: the votes, of flags [N, pairs] for the first of each pair."""
    first, second = membership(count)
    return nodes.emit("Add", nodes.product(won, first - second), second.sum(axis=0)[np.newaxis])


def decision_function(nodes: Nodes, decisions: str, model: Any) -> str:
    """Of two classes the second's score and what it is taken from; of more a column each pair, or each class's votes and confidence."""
    count = len(model.classes_)
    if count == 2:
        return nodes.emit("Concat", decisions, nodes.emit("Neg", decisions), axis=1)
    if model.decision_function_shape == "ovo":
        return decisions
    first, second = membership(count)
    votes = counted(nodes, nodes.number(nodes.emit("Not", nodes.emit("Less", decisions, 0.0))), count)
    sums = nodes.product(decisions, first - second)
    size = nodes.emit("Mul", nodes.emit("Add", nodes.emit("Abs", sums), 1.0), 3.0)
    return nodes.emit("Add", votes, nodes.emit("Div", sums, size))


def shares(nodes: Nodes, decisions: str, model: Any) -> str:
    """Platt's sigmoid 1/(1 + exp(A·d + B)) for each pair, coupled: even of two classes, as the libsvm in scikit-learn does."""
    from onnx import TensorProto
    from predictable_graph.coupling import coupled
    from predictable_graph.graph import ML, Graph

    slope, offset = np.reshape(model._probA, (1, -1)), np.reshape(model._probB, (1, -1))
    exponent = nodes.emit("Add", nodes.emit("Mul", decisions, slope), offset)
    share = nodes.sigmoid(nodes.emit("Neg", exponent))
    share = nodes.emit("Min", nodes.emit("Max", share, LEAST), 1.0 - LEAST)
    count = len(model.classes_)
    graph = Graph({domain: nodes.container.target_opset_any_domain(domain) for domain in ("", ML)}, None)
    pairs = graph.input("pairs", TensorProto.DOUBLE, count * (count - 1) // 2)
    (result,) = take_over(nodes.scope, nodes.container, graph.graph, {pairs: share}, [coupled(graph, count, pairs)])
    return result
