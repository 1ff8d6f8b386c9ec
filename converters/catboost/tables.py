"""The statistics of categories behind the trees of a CatBoost file: CatBoost looks for a category there without checking the tables.

A table finds a category by its hash among buckets, and keeps what it counted in entries; see CatBoost's ctr_value_table.cpp and
dense_hash_view.h.
"""

from __future__ import annotations

import numpy as np

from flat import Table, root

# Of TModelCtrBase and TCtrValueTable.
COMBINATION, KIND = 0, 1
BASE, BUCKETS, ENTRIES, CLASSES = 0, 1, 2, 4
BUCKET = np.dtype([("hash", "<u8"), ("entry", "<u4")])
EMPTY = 2**64 - 1
# Counts of each class, sum and count, or a count: by kind of statistic.
PER_CLASS, MEANS, COUNTS = (0, 1), (2, 3), (4, 5)
LONG_SIZE = 2**32 - 1


def check_tables(content: bytes, borders: list[tuple[int, int]]) -> None:
    """`content`: what lies behind the trees. `borders`: of each statistic that trees compare, its kind and class. Raises ValueError."""
    count, at = sized(content, 0)
    classes = []
    for _ in range(count):
        size, at = sized(content, at)
        if at + size > len(content):
            raise ValueError("it ends too early")
        classes.append(check_table(root(content[at : at + size])))
        at += size
    fewest = min((each for each in classes if each is not None), default=0)
    if any(kind in PER_CLASS and border not in range(fewest) for kind, border in borders):
        raise ValueError("a tree compares the statistics of a class that there is not")


def sized(content: bytes, at: int) -> tuple[int, int]:
    """A size as CatBoost writes it, and where what follows it begins."""
    size = int.from_bytes(content[at : at + 4], "little")
    if size == LONG_SIZE:
        return int.from_bytes(content[at + 4 : at + 12], "little"), at + 12
    return size, at + 4


def check_table(table: Table) -> int | None:
    """How many classes it counts, if it counts them."""
    base = table.table(BASE)
    combination = None if base is None else base.table(COMBINATION)
    if base is None or combination is None:
        raise ValueError("a table of statistics does not say of what")
    for field, dtype in enumerate(("<i4", "<u8", "<u8")):
        combination.numbers(field, dtype)
    kind, classes = base.byte(KIND, 0), table.whole(CLASSES, 0)
    raw = table.numbers(BUCKETS, "u1").tobytes()
    if len(raw) % BUCKET.itemsize or (len(raw) // BUCKET.itemsize).bit_count() != 1:
        raise ValueError("a table of statistics has no whole number of buckets")
    buckets = np.frombuffer(raw, BUCKET)
    used = buckets[buckets["hash"] != EMPTY]
    # What is not there is looked for until an empty one.
    if len(used) == len(buckets):
        raise ValueError("a table of statistics has no empty bucket")
    size = {**dict.fromkeys(PER_CLASS, 4 * classes), **dict.fromkeys(MEANS, 8), **dict.fromkeys(COUNTS, 4)}.get(kind, 0)
    entries = len(table.numbers(ENTRIES, "u1"))
    if size < 1 or np.any(used["entry"] >= entries // size):
        raise ValueError("a category has no statistics where it says")
    return classes if kind in PER_CLASS else None
