"""CatBoost's statistics of categories (CTRs): what it looks up when it predicts, made into sets of categories or tables.

A statistic of one category column is a number for each of its categories, so that "greater than the border" is a set of them.
One of several columns becomes a column of its own, looked up in a table of all combinations. The arithmetic is that of the
Python code that CatBoost itself exports (save_model(format="python")).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Iterator

import numpy as np
from predictable_bridge.errors import ConverterError

MASK = 2**64 - 1
MULTIPLIER = 0x4906BA494954CB65
# Marks the free places of CatBoost's hash tables.
FREE = MASK
# Entries of all combinations of one statistic: 16 MB of float numbers, a sixth of what a model may have.
MOST_COMBINATIONS = 2**22


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


def keys(statistic: Statistic, hashes: list[list[int]]) -> Iterator[tuple[int, int]]:
    """(place, hash) of every combination of known categories and bits; the unknown category of a column has its last place.

    Raises UNSUPPORTED_MODEL when there are too many.
    """
    sizes, switches, _ = dimensions(statistic, hashes)
    known = [list(enumerate(hashes[cat])) for cat in statistic.cats]
    for chosen in itertools.product(*known):
        key, place = 0, 0
        for (code, number), size in zip(chosen, sizes):
            key, place = mixed(key, number), place * size + code
        for at, bits in enumerate(itertools.product((0, 1), repeat=switches)):
            whole = key
            for bit in bits:
                whole = mixed(whole, bit)
            yield place * 2**switches + at, whole


def dimensions(statistic: Statistic, hashes: list[list[int]]) -> tuple[list[int], int, int]:
    """Categories a column, bits, and combinations of all."""
    sizes = [len(hashes[cat]) + 1 for cat in statistic.cats]
    switches = len(statistic.bits) + len(statistic.exact)
    count = int(np.prod(sizes, dtype=np.float64)) * 2**switches
    if count > MOST_COMBINATIONS:
        message = f"A statistic of {len(sizes)} category columns has {count:,} combinations, more than {MOST_COMBINATIONS:,}."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Train with max_ctr_complexity=1.")
    return sizes, switches, count


def looked_up(statistic: Statistic, hashes: list[list[int]]) -> np.ndarray:
    """The statistic for every combination, at its place."""
    _, _, count = dimensions(statistic, hashes)
    found = np.full(count, statistic.value(None), dtype=np.float32)
    for place, key in keys(statistic, hashes):
        if key in statistic.table:
            found[place] = statistic.value(key)
    return found
