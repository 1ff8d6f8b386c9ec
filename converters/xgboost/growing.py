"""XGBoost's trees as those of the graph: all compare with <, sets of categories go right."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_trees.trees import Regions, Tree, regions

from document import Document


def grow(document: Document, rounds: int | None) -> list[Tree]:
    """`rounds`: how many rounds of boosting count; None for all."""
    model = document.model
    ends = model.get("iteration_indptr")
    count = len(model["trees"]) if rounds is None or ends is None else int(ends[min(rounds, len(ends) - 1)])
    weights = document.learner["gradient_booster"].get("weight_drop", np.ones(count))
    return [
        grow_tree(tree, int(group), float(weight), document.enc)
        for tree, group, weight in zip(model["trees"][:count], model["tree_info"], weights)
    ]


def grow_tree(source: dict[str, Any], group: int, weight: float, enc: list[list[Any] | None]) -> Tree:
    left, right = np.asarray(source["left_children"]), np.asarray(source["right_children"])
    leaf = left < 0
    size = int(source["tree_param"]["size_leaf_vector"])
    conditions = np.asarray(source["split_conditions"], dtype=np.float32)
    if size > 1:
        # A leaf's place among the leaves stands where others have their right child.
        table = np.asarray(source["leaf_weights"], dtype=np.float32).reshape(-1, size)
        values = np.where(leaf[:, None], table[np.where(leaf, right, 0)], 0)
    else:
        values = np.where(leaf, conditions, 0).reshape(-1, 1)
    default_left = np.asarray(source["default_left"]) != 0
    feature = np.where(leaf, -1, np.asarray(source["split_indices"]))
    targets = list(range(size)) if size > 1 else [group]
    tree = Tree(feature, conditions, left, right, default_left, values.astype(np.float64) * weight, targets)
    starts, sizes = source["categories_segments"], source["categories_sizes"]
    for node, start, count in zip(source["categories_nodes"], starts, sizes):
        codes = sorted(int(code) for code in source["categories"][int(start) : int(start) + int(count)])
        tree.regions[int(node)] = split(codes, bool(default_left[node]), enc[int(feature[node])])
    return tree


def split(codes: list[int], default_left: bool, categories: list[Any] | None) -> Regions:
    starts: list[tuple[float, bool]] = []
    if categories is None:
        # The fraction is cut off; what is below 0 is no category and goes left.
        for code in codes:
            starts += [(float(code), False), (code + 1.0, True)]
        return regions(True, starts, default_left)
    if isinstance(categories[0], str):
        for code in codes:
            starts += [(code - 0.5, False), (code + 0.5, True)]
        # Codes below 0 stand for missing and unknown text.
        return regions(default_left, [(-0.5, True), *starts], default_left)
    for value in sorted(categories[code] for code in codes if code < len(categories)):
        starts += [(value - 0.5, False), (value + 0.5, True)]
    return regions(True, starts, default_left)
