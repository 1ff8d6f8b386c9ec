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
    width = getattr(member, "n_features_in_", None)
    if hasattr(member, "n_outputs_") or width is None:
        return int(getattr(member, "n_outputs_", 1))
    last = member
    while hasattr(last, "steps"):
        last = last.steps[-1][1]
    coefficients = getattr(last, "coef_", None)
    several = hasattr(last, "estimators_") and type(last).__name__ == "MultiOutputRegressor"
    if several:
        return len(last.estimators_)
    return len(coefficients) if np.ndim(coefficients) == 2 and hasattr(last, "intercept_") and np.ndim(last.intercept_) == 1 else 1


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
