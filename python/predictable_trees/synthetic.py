"""Rows made up from what a booster knows (thresholds, categories), for when there is no sample."""

from __future__ import annotations

import numpy as np
from predictable_facts.columns import Column
from predictable_facts.frames import text_array
from predictable_facts.rows import Rows
from predictable_facts.thresholds import near_thresholds
from predictable_trees.boosted import Boosted, Trait

SEED = 20_240_229
MISSING_SHARE = 0.05
# Beyond it float32 has no number: such thresholds stand for "every value".
LARGEST = 1e30


def synthetic_rows(model: Boosted, columns: list[Column], traits: list[Trait], count: int) -> Rows:
    """The same rows every time, on both sides of thresholds, with every category and with missing values where they are taken."""
    random = np.random.default_rng(SEED)
    splits = [(feature, np.clip(threshold, -LARGEST, LARGEST)) for feature, threshold in model.thresholds()]
    empty = (np.zeros(0, dtype=np.int64), np.zeros(0))
    numbers = near_thresholds([empty, *splits], len(columns), count, random)
    rows: Rows = {}
    for column, trait in zip(columns, traits):
        missing = random.random(count) < MISSING_SHARE if column.accepts_missing else np.zeros(count, dtype=bool)
        if trait.categories is not None:
            chosen = random.integers(0, len(trait.categories), count)
            rows[column.name] = text_array([None if gone else trait.categories[at] for at, gone in zip(chosen, missing)])
            continue
        values = numbers[:, column.at]
        if trait.codes is not None:
            values = random.choice(np.array(trait.codes or [0], dtype=np.float64), count)
        if column.type == "int64":
            rows[column.name] = values.astype(np.int64)
            continue
        rows[column.name] = np.where(missing, np.nan, values)
    return rows
