"""LightGBM's trees as those of the graph: thresholds, zeros and missing values, sets of categories, linear leaves."""

from __future__ import annotations

import numpy as np
from predictable_trees.trees import Regions, Tree, regions

from model_text import CATEGORICAL, DEFAULT_LEFT, MISSING_NONE, MISSING_ZERO, TextTree

# LightGBM's kZeroThreshold: what lies closer to 0 counts as zero.
ZERO = float(np.float32(1e-35))
LOWEST_OF_CODE_0 = float(np.nextafter(-1.0, 0.0))


def grow(source: TextTree, target: int, factor: float, categories: dict[int, list[float]]) -> Tree:
    """`categories`: of the columns that hold something else than LightGBM's codes, the value that stands for each code."""
    inner, leaves = len(source.feature), len(source.leaf_value)
    left, right = (np.where(child < 0, inner - child - 1, child) for child in (source.left, source.right))
    missing = (source.decision >> 2) & 3
    # A missing value where there was none in training counts as 0.
    missing_left = np.where(missing == MISSING_NONE, source.threshold >= 0, (source.decision & DEFAULT_LEFT) > 0)
    none = np.zeros(leaves, dtype=np.int64)
    tree = Tree(
        np.concatenate([source.feature, none - 1]),
        np.concatenate([around(source.threshold), none]),
        np.concatenate([left, none]),
        np.concatenate([right, none]),
        np.concatenate([missing_left, none]).astype(bool),
        np.concatenate([np.zeros(inner), source.leaf_value * factor]).reshape(-1, 1),
        [target],
    )
    special = (missing == MISSING_ZERO) | ((source.decision & CATEGORICAL) > 0) | np.isin(source.feature, list(categories))
    for node in np.flatnonzero(special).tolist():
        tree.regions[node] = split(source, node, bool(missing_left[node]), categories.get(int(source.feature[node])))
    return tree


def around(thresholds: np.ndarray) -> np.ndarray:
    """LightGBM reads every value as near to 0 as `ZERO` as 0, so that a threshold among these lies at their edge."""
    edge = np.where(thresholds >= 0, ZERO, np.nextafter(-ZERO, -np.inf))
    return np.where(np.abs(thresholds) <= ZERO, edge, thresholds)


def split(source: TextTree, node: int, missing_left: bool, values: list[float] | None) -> Regions:
    threshold = float(source.threshold[node])
    if not source.decision[node] & CATEGORICAL:
        if values is not None:
            # Codes of text: what is no category is missing.
            return regions(missing_left, [(-0.5, threshold >= 0), (above(threshold), False)], missing_left)
        return around_zero(threshold, missing_left)
    starts: list[tuple[float, bool]] = []
    for code in source.codes(node):
        if values is None:
            # LightGBM cuts the fraction off.
            starts += [(float(code) if code else LOWEST_OF_CODE_0, True), (code + 1.0, False)]
        elif code < len(values):
            starts += [(values[code] - 0.5, True), (values[code] + 0.5, False)]
    return regions(False, sorted(starts), False)


def around_zero(threshold: float, missing_left: bool) -> Regions:
    bounds = sorted({-ZERO, above(ZERO), above(threshold)})
    sides = [missing_left if abs(bound) <= ZERO else bound <= threshold for bound in bounds]
    return regions(True, list(zip(bounds, sides)), missing_left)


def above(value: float) -> float:
    """x ≤ value is x < this."""
    return float(np.nextafter(value, np.inf))


def with_linear_leaves(tree: Tree, source: TextTree, factor: float) -> Tree:
    """Target 0 gets the constants, target f + 1 the coefficients of feature f.

    A leaf first asks whether its features are there: with one missing it has its plain value.
    """
    assert source.linear is not None
    used = sorted({feature for _, features, _ in source.linear for feature in features})
    inner = len(source.feature)
    columns = [tree.feature, tree.threshold, tree.left, tree.right, tree.missing_left]
    feature, threshold, left, right, missing = (column.tolist() for column in columns)
    rows = [[0.0] * (len(used) + 1) for _ in feature]
    for leaf, (constant, features, coefficients) in enumerate(source.linear):
        at = inner + leaf
        for needed in features:
            feature[at], threshold[at], missing[at] = needed, np.inf, False
            left[at], right[at] = len(feature) + 1, len(feature)
            rows.append([source.leaf_value[leaf] * factor] + [0.0] * len(used))
            rows.append([0.0] * (len(used) + 1))
            for column, value in zip((feature, threshold, left, right, missing), (-1, 0.0, 0, 0, False)):
                column += [value, value]
            at = len(feature) - 1
        rows[at][0] = constant * factor
        for needed, coefficient in zip(features, coefficients):
            rows[at][1 + used.index(needed)] = coefficient * factor
    return Tree(
        np.array(feature),
        np.array(threshold),
        np.array(left),
        np.array(right),
        np.array(missing),
        np.array(rows),
        [0, *(at + 1 for at in used)],
        tree.regions,
    )
