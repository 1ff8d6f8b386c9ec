"""CatBoost's trees as those of the graph: symmetric ones written out, the others as they are; what is above a border goes right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from predictable_trees.trees import Regions, Tree

# (column, border, whether missing values go left, or how categories split)
Split = tuple[int, float, bool, Regions | None]


def symmetric(source: dict[str, Any], dimension: int, split_of: Callable[[dict[str, Any]], Split]) -> Tree:
    """All nodes of one depth split alike; the first split decides the lowest bit of the leaf's number."""
    splits = [split_of(split) for split in source.get("splits") or []]
    depth = len(splits)
    inner = 2**depth - 1
    nodes = 2 * inner + 1
    level = np.log2(np.arange(1, nodes + 1)).astype(np.int64)
    is_inner = np.arange(nodes) < inner
    columns = np.array([split[0] for split in splits] + [-1])
    borders = np.array([split[1] for split in splits] + [0.0])
    missing = np.array([split[2] for split in splits] + [False])
    left = np.where(is_inner, 2 * np.arange(nodes) + 1, 0)
    values = np.zeros((nodes, dimension))
    place = np.arange(2**depth)
    reversed_bits = sum(((place >> bit) & 1) << (depth - 1 - bit) for bit in range(depth)) if depth else place
    values[inner:] = np.asarray(source["leaf_values"], dtype=np.float64).reshape(-1, dimension)[reversed_bits]
    regions = {node: split[3] for at, split in enumerate(splits) if split[3] is not None for node in range(2**at - 1, 2 ** (at + 1) - 1)}
    right = np.where(is_inner, left + 1, 0)
    return Tree(columns[level], borders[level], left, right, missing[level], values, list(range(dimension)), regions)


def free(source: dict[str, Any], dimension: int, split_of: Callable[[dict[str, Any]], Split]) -> Tree:
    """A tree of any shape, from nested nodes."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    right: list[int] = []
    missing: list[bool] = []
    values: list[np.ndarray] = []
    regions: dict[int, Regions] = {}
    waiting: list[tuple[dict[str, Any], int, list[int]]] = [(source, 0, [])]
    while waiting:
        node, parent, link = waiting.pop()
        at = len(feature)
        if link is not None and at > 0:
            link[parent] = at
        column, border, missing_left, found = split_of(node["split"]) if "split" in node else (-1, 0.0, False, None)
        if found is not None:
            regions[at] = found
        feature.append(column)
        threshold.append(border)
        left.append(0)
        right.append(0)
        missing.append(missing_left)
        values.append(np.broadcast_to(node.get("value", 0.0), dimension))
        if "split" in node:
            waiting += [(node["right"], at, right), (node["left"], at, left)]
    return Tree(
        np.array(feature),
        np.array(threshold),
        np.array(left),
        np.array(right),
        np.array(missing),
        np.array(values, dtype=np.float64),
        list(range(dimension)),
        regions,
    )
