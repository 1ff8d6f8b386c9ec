"""Trees as arrays, whoever grew them, and splits on categories as regions of the number line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np


@dataclass
class Regions:
    """Values below the first of `bounds` (ascending) go left if `left[0]`, below the second if `left[1]`, and so on.

    There is one region more than bounds, neighbours go to different sides, and missing values go left if `missing_left`.
    """

    bounds: list[float]
    left: list[bool]
    missing_left: bool


@dataclass
class Tree:
    """One row a node, the root first; at a leaf `feature` is −1, and its row of `values` counts for `targets`.

    Elsewhere a value up to the threshold goes left (or below it: the whole ensemble does one or the other). `regions`: of the
    nodes that split otherwise, by node.
    """

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    missing_left: np.ndarray
    values: np.ndarray
    targets: list[int]
    regions: dict[int, Regions] = field(default_factory=dict)


def constant_tree(values: np.ndarray, targets: list[int]) -> Tree:
    """A leaf: what every row gets before the first tree."""
    nothing = np.zeros(1, dtype=np.int64)
    return Tree(nothing - 1, np.zeros(1), nothing, nothing, np.zeros(1, dtype=bool), np.reshape(values, (1, -1)), targets)


def regions(before: bool, starts: Iterable[tuple[float, bool]], missing_left: bool) -> Regions:
    """`starts`: where a region begins, ascending, and whether it goes left; `before`: whether all below the first does."""
    bounds: list[float] = []
    left = [before]
    for bound, side in starts:
        if bounds and bounds[-1] == bound:
            left.pop()
            bounds.pop()
        if side != left[-1]:
            bounds.append(bound)
            left.append(side)
    return Regions(bounds, left, missing_left)


def expanded(tree: Tree, strict: bool, double: bool) -> Tree:
    """The same tree with a chain of comparisons for each node that has regions.

    The end of a chain is reached by "false" and the other visits of both sides by "true": ONNX Runtime lets branches meet only
    so. `strict`: comparisons are x < t, else x ≤ t.
    """
    if not tree.regions:
        return tree
    columns = [tree.feature, tree.threshold, tree.left, tree.right, tree.missing_left]
    feature, threshold, left, right, missing = (column.tolist() for column in columns)
    for node, split in tree.regions.items():
        sides = [tree.left[node] if side else tree.right[node] for side in split.left]
        away = tree.left[node] if split.missing_left else tree.right[node]
        bounds = split.bounds or [np.inf]
        sides = sides if split.bounds else sides * 2
        at = node
        for place, bound in enumerate(bounds):
            last = place + 1 == len(bounds)
            threshold[at] = bound if strict else just_below(bound, double)
            left[at], missing[at] = sides[place], sides[place] == away
            right[at] = sides[-1] if last else len(feature)
            if not last:
                at = len(feature)
                for column, value in zip((feature, threshold, left, right, missing), (tree.feature[node], 0.0, 0, 0, False)):
                    column.append(value)
    added = np.zeros((len(feature) - len(tree.feature), tree.values.shape[1]))
    return replace(
        tree,
        feature=np.array(feature),
        threshold=np.array(threshold),
        left=np.array(left),
        right=np.array(right),
        missing_left=np.array(missing),
        values=np.concatenate([tree.values, added]),
        regions={},
    )


def just_below(bound: float, double: bool) -> float:
    """The largest number of the type below the bound: x < bound is x ≤ that."""
    if double:
        return float(np.nextafter(bound, -np.inf))
    near = np.float32(bound)
    return float(near if float(near) < bound else np.nextafter(near, np.float32(-np.inf)))
