"""A CatBoost file before CatBoost reads it: it follows the numbers of splits, leaves and columns without looking.

Fields are those of CatBoost's catboost/libs/model/flatbuffers/model.fbs, features.fbs and ctr_data.fbs.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from predictable_facts.reading import reading

from document import corrupt, reads_text
from flat import Table, root
from tables import KIND, check_tables

MAGIC = b"CBM1"
# CatBoost's own limit on the depth of a symmetric tree.
DEEPEST = 16
MODEL_TREES, PARTS = 1, 3
# What may lie behind the trees; other parts are of texts and embeddings.
STATISTICS = b"static_provider_v1"
DIMENSION, SPLITS, SIZES, STARTS = 0, 1, 2, 3
CATEGORIES, FLOATS, ONE_HOTS, CTRS = 4, 5, 6, 7
LEAF_VALUES, LEAF_WEIGHTS, STEPS, LEAVES = 8, 9, 10, 11
TEXTS, ESTIMATED = 12, 13


def check(path: str) -> None:
    """Raises CORRUPT_MODEL or UNSUPPORTED_MODEL."""
    content = Path(path).read_bytes()
    with reading("The file", corrupt):
        size = int.from_bytes(content[4:8], "little")
        if content[:4] != MAGIC or size > len(content) - 8:
            raise ValueError("it ends too early")
        core = root(content[8 : 8 + size])
        trees = core.table(MODEL_TREES)
        if trees is None:
            raise ValueError("it has no trees")
        if set(core.texts(PARTS)) - {STATISTICS} or any(trees.tables(TEXTS)):
            raise reads_text()
        check_columns(trees)
        check_trees(trees)
        borders = statistics(trees)
        if borders:
            check_tables(content[8 + size :], borders)


def check_columns(trees: Table) -> None:
    floats, categories = list(trees.tables(FLOATS)), list(trees.tables(CATEGORIES))
    if [each.whole(1, -1) for each in floats] != list(range(len(floats))):
        raise ValueError("its columns of numbers are not in their order")
    if [each.whole(0, -1) for each in categories] != list(range(len(categories))):
        raise ValueError("its columns of categories are not in their order")
    places = [each.whole(2, -1) for each in floats] + [each.whole(1, -1) for each in categories]
    if sorted(places) != list(range(len(places))):
        raise ValueError("its columns have no places of their own")
    if not {each.whole(0, -1) for each in trees.tables(ONE_HOTS)} <= set(range(len(categories))):
        raise ValueError("it splits on a category that there is not")


def check_trees(trees: Table) -> None:
    splits, sizes, starts = (trees.numbers(field, "<i4") for field in (SPLITS, SIZES, STARTS))
    dimension = trees.whole(DIMENSION, 0)
    leaves = len(trees.numbers(LEAF_VALUES, "<f8"))
    if dimension < 1 or leaves % dimension:
        raise ValueError("it has another number of leaves than outputs")
    if np.any((splits < 0) | (splits >= count_of_splits(trees))):
        raise ValueError("a tree splits on what there is not")
    if np.any(sizes < 0) or int(sizes.sum()) != len(splits):
        raise ValueError("it has another number of splits than its trees say")
    if not np.array_equal(starts, np.cumsum(sizes) - sizes):
        raise ValueError("its trees do not begin where they say")
    if len(trees.numbers(STEPS, "<u4")) == 0:
        check_symmetric(sizes, leaves // dimension)
    else:
        check_free(trees, sizes, leaves, dimension)


def check_symmetric(sizes: np.ndarray, leaves: int) -> None:
    if np.any(sizes > DEEPEST) or int((2 ** sizes.astype(np.int64)).sum()) != leaves:
        raise ValueError("it has another number of leaves than its trees say")


def check_free(trees: Table, sizes: np.ndarray, leaves: int, dimension: int) -> None:
    """Each node says how far its children lie behind it; one without, or with one of them, is a leaf too."""
    steps = trees.numbers(STEPS, "<u4").view("<u2").reshape(-1, 2).astype(np.int64)
    found = trees.numbers(LEAVES, "<u4")
    if len(steps) != int(sizes.sum()) or len(found) != len(steps):
        raise ValueError("it has another number of nodes than its trees say")
    ends = np.repeat(np.cumsum(sizes.astype(np.int64)), sizes)
    if np.any(np.arange(len(steps))[:, None] + steps >= ends[:, None]):
        raise ValueError("a tree's nodes do not hang together")
    if np.any(found[(steps == 0).any(axis=1)] > leaves - dimension):
        raise ValueError("a tree has a leaf that there is not")


def statistics(trees: Table) -> list[tuple[int, int]]:
    """Kind and class of each statistic of categories that trees compare."""
    found = []
    for feature in trees.tables(CTRS):
        statistic = feature.table(0)
        base = None if statistic is None else statistic.table(0)
        if statistic is None or base is None:
            raise ValueError("a tree compares statistics of nothing")
        found.append((base.byte(KIND, 0), statistic.whole(1, 0)))
    return found


def count_of_splits(trees: Table) -> int:
    """Borders of numbers, single categories, borders of statistics, and of what was estimated, in this order."""
    return (
        sum(len(each.numbers(3, "<f4")) for each in trees.tables(FLOATS))
        + sum(len(each.numbers(1, "<i4")) for each in trees.tables(ONE_HOTS))
        + sum(len(each.numbers(1, "<f4")) for each in trees.tables(CTRS))
        + sum(len(each.numbers(3, "<f4")) for each in trees.tables(ESTIMATED))
    )
