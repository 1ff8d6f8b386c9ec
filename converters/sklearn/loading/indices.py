"""Numbers of a model that scikit-learn's compiled code follows without looking: one that points outside would read foreign memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

# libsvm's kinds that tell classes apart, by how scikit-learn names them; the others have one function.
CLASSIFIERS = ("c_svc", "nu_svc")


def check_indices(model: Any) -> None:
    """Of trees, support vectors and sparse matrices, wherever in the model. Raises ValueError."""
    for thing in reachable(model):
        check_trees(thing)
        if hasattr(thing, "_n_support") and hasattr(thing, "_dual_coef_"):
            check_machine(thing)
        if type(thing).__module__.startswith("scipy.sparse") and hasattr(thing, "check_format"):
            thing.check_format(full_check=True)


def check_trees(thing: Any) -> None:
    tree = vars(thing).get("tree_")
    if type(tree).__name__ == "Tree":
        nodes = tree.__getstate__()["nodes"]
        leaf = nodes["left_child"] == -1
        check_nodes(nodes["left_child"], nodes["right_child"], leaf, nodes["feature"], thing.n_features_in_)
    for member in members(vars(thing).get("estimators_", [])):
        if hasattr(member, "tree_") and not hasattr(thing, "estimators_features_"):
            require(member.n_features_in_ == thing.n_features_in_)
    for predictor in [inner for group in vars(thing).get("_predictors", []) for inner in group]:
        nodes = predictor.nodes
        check_nodes(nodes["left"], nodes["right"], nodes["is_leaf"] != 0, nodes["feature_idx"], thing.n_features_in_)
        used = nodes["bitset_idx"][(nodes["is_categorical"] != 0) & (nodes["is_leaf"] == 0)]
        require(used.size == 0 or used.max() < len(predictor.raw_left_cat_bitsets))


def members(estimators: Any) -> list[Any]:
    """Of an array of one or two dimensions, or a list; an ensemble among them, which has a length too, is one."""
    if isinstance(estimators, np.ndarray):
        return list(estimators.flat)
    return list(estimators) if isinstance(estimators, (list, tuple)) else []


def check_nodes(left: Any, right: Any, leaf: Any, feature: Any, features: int) -> None:
    """Children come after their parent, which also makes every walk end."""
    inner = ~leaf
    own = np.arange(len(left))[inner]
    for child in (left[inner].astype(np.int64), right[inner].astype(np.int64)):
        require(bool(np.all((child > own) & (child < len(left)))))
    require(bool(np.all((feature[inner] >= 0) & (feature[inner] < features))))


def require(holds: bool) -> None:
    if not holds:
        raise ValueError("a decision tree in it points outside itself")


def check_machine(machine: Any) -> None:
    """libsvm goes through the support vectors class by class, and takes one coefficient and intercept of each pair."""
    supports, vectors = np.asarray(machine._n_support), len(machine.support_)
    # Of kernels that the user computes there are none.
    found = (0, 0) if machine.kernel == "precomputed" else (vectors, machine.n_features_in_)
    classes = len(machine.classes_) if machine._impl in CLASSIFIERS else 2
    pairs = classes * (classes - 1) // 2
    counted = supports if machine._impl in CLASSIFIERS else supports[:1]
    right = (
        len(supports) == classes
        and bool(np.all(supports >= 0))
        and int(counted.sum()) == vectors
        and machine.support_vectors_.shape == found
        and machine._dual_coef_.shape == (classes - 1, vectors)
        and len(machine._intercept_) == pairs
        and len(machine._probA) == len(machine._probB) in (0, pairs)
    )
    if not right:
        raise ValueError("a support vector machine in it has other support vectors than it says")


def reachable(root: Any) -> Iterator[Any]:
    """Every object of the model, wherever it hides."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, (str, bytes, int, float, type)):
            continue
        seen.add(id(thing))
        if isinstance(thing, dict):
            waiting.extend(thing.values())
        elif isinstance(thing, (list, tuple, set)) or isinstance(thing, np.ndarray) and thing.dtype == object:
            waiting.extend(list(thing.flat) if isinstance(thing, np.ndarray) else thing)
        elif hasattr(thing, "__dict__"):
            yield thing
            waiting.extend(vars(thing).values())
