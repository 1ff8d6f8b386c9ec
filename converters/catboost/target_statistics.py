"""CatBoost's statistics of categories (CTRs): what it looks up when it predicts, made into sets of categories or tables.

A statistic of one category column is a number for each of its categories, so that "greater than the border" is a set of them.
One of several columns becomes a column of its own, looked up in a table of all combinations. The arithmetic is that of the
Python code that CatBoost itself exports (save_model(format="python")).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError

MASK = 2**64 - 1
MULTIPLIER = 0x4906BA494954CB65
# Marks the free places of CatBoost's hash tables.
FREE = MASK
# Of one statistic: 1 MB of numbers, where a model may have 100 MB and has tens of statistics.
MOST_COMBINATIONS = 2**18


@dataclass
class Statistic:
    """`cats`: the category columns, by their place among these; `bits`: numbers compared with borders; `exact`: single categories."""

    cats: list[int]
    bits: list[tuple[int, float]]
    exact: list[tuple[int, int]]
    borders: list[float]
    entry: dict[str, Any]
    table: dict[int, list[float]]
    denominator: int

    @property
    def is_simple(self) -> bool:
        return len(self.cats) == 1 and not self.bits and not self.exact

    def value(self, key: int | None) -> np.float32:
        """The statistic of the categories with this hash, of an unknown one for None: as CatBoost computes it, in float."""
        counts = self.table.get(key) if key is not None else None
        good, total = (0.0, 0.0) if counts is None else self.counted(counts)
        prior, weight = np.float32(self.entry["prior_numerator"]), np.float32(self.entry["prior_denomerator"])
        mean = (np.float32(good) + prior) / (np.float32(total) + weight)
        return np.float32((mean + np.float32(self.entry["shift"])) * np.float32(self.entry["scale"]))

    def counted(self, counts: list[float]) -> tuple[float, float]:
        kind, border = self.entry["ctr_type"], self.entry["target_border_idx"]
        if kind in ("BinarizedTargetMeanValue", "FloatTargetMeanValue"):
            return counts[0], counts[1]
        if kind in ("Counter", "FeatureFreq"):
            return counts[0], self.denominator
        if kind == "Buckets":
            return counts[border], sum(counts)
        return (sum(counts[border + 1 :]) if len(counts) > 2 else counts[1]), sum(counts)


def statistics_of(ctrs: list[dict[str, Any]], tables: dict[str, dict[str, Any]]) -> list[Statistic]:
    return [statistic_of(entry, tables[entry["identifier"]]) for entry in ctrs]


def statistic_of(entry: dict[str, Any], source: dict[str, Any]) -> Statistic:
    cats, bits, exact = [], [], []
    for element in entry["elements"]:
        kind = element["combination_element"]
        if kind == "cat_feature_value":
            cats.append(int(element["cat_feature_index"]))
        elif kind == "float_feature":
            bits.append((int(element["float_feature_index"]), float(element["border"])))
        elif kind == "cat_feature_exact_value":
            exact.append((int(element["cat_feature_index"]), int(element["value"])))
        else:
            hint = "Train with max_ctr_complexity=1, or with one_hot_max_size above the number of categories."
            raise ConverterError("UNSUPPORTED_MODEL", f"CatBoost's {kind} in a statistic of categories is not known.", hint)
    stride, flat = int(source["hash_stride"]), source["hash_map"]
    rows = [flat[at : at + stride] for at in range(0, len(flat), stride)]
    table = {int(key): [float(count) for count in counts] for key, *counts in rows if int(key) != FREE}
    return Statistic(cats, bits, exact, entry["borders"], entry, table, int(source.get("counter_denominator", 0)))


def mixed(key: int, value: int) -> int:
    return MULTIPLIER * ((key + MULTIPLIER * value) & MASK) & MASK


def codes_above(statistic: Statistic, border: float, hashes: list[int]) -> tuple[list[int], bool]:
    """The codes of the categories whose statistic is above the border, and whether that of an unknown category is."""
    limit = np.float32(border)
    codes = [code for code, number in enumerate(hashes) if statistic.value(mixed(0, number)) > limit]
    return codes, bool(statistic.value(None) > limit)


def keys(statistic: Statistic, hashes: list[list[int]]) -> np.ndarray:
    """The hash of every combination of known categories and bits: one axis a column, one of two places a bit.

    Raises UNSUPPORTED_MODEL when there are too many.
    """
    digits = [np.array(hashes[cat], dtype=np.int64).astype(np.uint64) for cat in statistic.cats]
    digits += [np.arange(2, dtype=np.uint64)] * (len(statistic.bits) + len(statistic.exact))
    count = np.prod([len(digit) + 1 for digit in digits], dtype=np.float64)
    if count > MOST_COMBINATIONS:
        message = (
            f"A statistic of {len(statistic.cats)} category columns has {count:,.0f} combinations; {MOST_COMBINATIONS:,} are the most."
        )
        raise ConverterError("UNSUPPORTED_MODEL", message, "Train with max_ctr_complexity=1.")
    found = np.zeros((), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for digit in digits:
            found = np.uint64(MULTIPLIER) * (found[..., None] + np.uint64(MULTIPLIER) * digit)
    return found


def is_complete(statistic: Statistic, hashes: list[list[int]]) -> bool:
    """Whether the known categories account for all that the model looks up."""
    return bool(np.isin(np.array(list(statistic.table), dtype=np.uint64), keys(statistic, hashes)).all())


def looked_up(statistic: Statistic, hashes: list[list[int]]) -> np.ndarray:
    """The statistic of every combination, in one row; after the categories of a column comes the unknown one."""
    known = keys(statistic, hashes)
    sizes = [size + (axis < len(statistic.cats)) for axis, size in enumerate(known.shape)]
    found = np.full(sizes, statistic.value(None), dtype=np.float32)
    table = np.array(sorted(statistic.table), dtype=np.uint64)
    numbers = np.array([statistic.value(key) for key in sorted(statistic.table)], dtype=np.float32)
    place = np.minimum(np.searchsorted(table, known), len(table) - 1)
    inner = tuple(slice(0, size) for size in known.shape)
    found[inner] = np.where(table[place] == known, numbers[place], found[inner])
    return found.ravel()
