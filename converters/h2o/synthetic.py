"""Rows that are made up where there is no sample: values on both sides of every split, and around the means of a GLM."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_facts.columns import Column
from predictable_facts.rows import Rows
from predictable_tabular.made_up import made_up

from forest import Forest
from linear import Linear


def synthetic_rows(inside: Forest | Linear, columns: list[Column], count: int) -> Rows:
    at = {column.name: index for index, column in enumerate(columns)}

    def number(column: Column, random: Any) -> np.ndarray:
        if isinstance(inside, Linear):
            mean = inside.means[at[column.name] - len(inside.levels)] if inside.means else 0.0
            return mean + random.standard_normal(count) * (abs(mean) * 0.3 + 1.0)
        return beside_thresholds(inside, at[column.name], count, random)

    return made_up(columns, count, number)


def beside_thresholds(forest: Forest, feature: int, count: int, random: Any) -> np.ndarray:
    """A threshold itself, and what lies just below and above it as a float32 has it."""
    found = thresholds(forest, feature)
    if not len(found):
        return random.standard_normal(count)
    beside = [found, np.nextafter(found, np.float32(-np.inf)), np.nextafter(found, np.float32(np.inf))]
    between = (found[1:] + found[:-1]) / 2
    return random.choice(np.concatenate([*beside, between]), count).astype(np.float64)


def thresholds(inside: Forest | Linear, feature: int) -> np.ndarray:
    """Numbers that trees compare the column with, as float32, ascending."""
    if isinstance(inside, Linear):
        return np.zeros(0, dtype=np.float32)
    found = {
        tree.threshold[node]
        for tree in inside.trees
        for node in range(len(tree.left))
        if tree.mode[node] == "BRANCH_LT" and tree.feature[node] == feature
    }
    return np.array(sorted(found), dtype=np.float32)
