"""What a member of an ensemble hands on to the ensemble, as columns of doubles."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.nodes import Nodes


def values(nodes: Nodes, member: Any, source: Any = None) -> str:
    """[N,targets] of a regressor."""
    (found,) = nodes.predicted(member, source)
    return nodes.emit("Reshape", nodes.double(found), np.array([-1, targets(member)]))


def targets(member: Any) -> int:
    """How many numbers a regressor predicts of a row."""
    last = member
    while hasattr(last, "steps"):
        last = last.steps[-1][1]
    if type(last).__name__ in ("MultiOutputRegressor", "RegressorChain"):
        return len(last.estimators_)
    if hasattr(last, "n_outputs_"):
        return int(last.n_outputs_)
    coefficients = np.asarray(getattr(last, "coef_", 0.0))
    return len(coefficients) if coefficients.ndim == 2 and np.ndim(getattr(last, "intercept_", 0.0)) == 1 else 1


def decision(nodes: Nodes, member: Any, source: Any = None) -> str:
    """[N,1]: the score that a member of two classes decides by; of a member that saw a single class, a constant."""
    if is_constant(member):
        return nodes.constant_rows(np.asarray(member.y_, dtype=np.float64).reshape(1, 1))
    if not hasattr(member, "decision_function"):
        raise NotImplementedError(f"its member {type(member).__name__} has no decision_function")
    return nodes.double(nodes.column(scores(nodes, member, source), 1))


def scores(nodes: Nodes, member: Any, source: Any = None) -> str:
    """[N,classes]: what it decides by; of two classes −score and score."""
    return nodes.double(nodes.predicted(member, source, zipmap=False, raw_scores=True)[1])


def shares(nodes: Nodes, member: Any, source: Any = None) -> str:
    """[N,classes]: probabilities."""
    return nodes.double(nodes.predicted(member, source, zipmap=False)[1])


def share(nodes: Nodes, member: Any, source: Any = None) -> str:
    """[N,1]: the share of the second class; of a member that saw a single class, a constant."""
    if is_constant(member):
        return nodes.constant_rows(np.asarray(member.y_, dtype=np.float64).reshape(1, 1))
    return nodes.column(shares(nodes, member, source), 1)


def label(nodes: Nodes, member: Any, source: Any = None) -> str:
    """[N]: labels as they are."""
    found = nodes.predicted(member, source, zipmap=False)[0]
    return nodes.emit("Reshape", found, np.array([-1]))


def is_constant(member: Any) -> bool:
    return type(member).__name__ == "_ConstantPredictor"


def summed(nodes: Nodes, parts: list[str]) -> str:
    """From the first to the last."""
    total = parts[0]
    for part in parts[1:]:
        total = nodes.emit("Add", total, part)
    return total
