"""Reads LightGBM's text format: every tree as it stands there, checked before LightGBM itself, which trusts it, gets to see it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.reading import reading

INTACT_HINT = "Check that the file was copied whole, or save the model again with booster.save_model(path)."
# More would be a defect of the file: LightGBM's own limit on leaves is 131,072, on features that of an int.
MOST_LEAVES = 2**20
MOST_FEATURES = 2**24
# Later versions end with the parameters of the training, which LightGBM reads without looking for their end.
WITHOUT_PARAMETERS = ("v1", "v2")
STRANGE = re.compile(r"[\0-\x08\x0b-\x1f\ufffd]")
# What is no number of these characters, NumPy says.
NUMBERS = re.compile(r"[-+.\deinfa ]+", re.ASCII | re.IGNORECASE)
# LightGBM reads a tree up to a line that is none of its own. Before it stands the tree's number.
TREE = re.compile(r"\d+\n(?:\w+=[^\n]*\n)+\n*")
# What a tree says beside what it predicts by.
BESIDE = ("split_gain", "leaf_weight", "leaf_count", "internal_value", "internal_weight", "internal_count")

CATEGORICAL, DEFAULT_LEFT = 1, 2
MISSING_NONE, MISSING_ZERO = 0, 1  # and 2: NaN


@dataclass
class TextTree:
    """Inner nodes in their order; a child below 0 is the leaf −child − 1."""

    feature: np.ndarray
    threshold: np.ndarray
    decision: np.ndarray
    left: np.ndarray
    right: np.ndarray
    leaf_value: np.ndarray
    cat_boundaries: np.ndarray
    cat_threshold: np.ndarray
    linear: list[tuple[float, list[int], list[float]]] | None

    def codes(self, node: int) -> list[int]:
        """The category codes that go left at a categorical node."""
        first, end = self.cat_boundaries[int(self.threshold[node]) : int(self.threshold[node]) + 2]
        words = self.cat_threshold[first:end]
        return [32 * at + bit for at, word in enumerate(words.tolist()) for bit in range(32) if word >> bit & 1]


@dataclass
class TextModel:
    """`native`: what LightGBM itself is given of the text. The parameters of the training, which it reads without looking, are not."""

    header: dict[str, str]
    trees: list[TextTree]
    pandas_categorical: list[list[Any]]
    native: str

    @property
    def width(self) -> int:
        return int(self.header["max_feature_idx"]) + 1

    @property
    def per_iteration(self) -> int:
        return int(self.header["num_tree_per_iteration"])


def parse(text: str) -> TextModel:
    """Raises CORRUPT_MODEL."""
    with reading("The file", corrupt):
        return parsed(text)


def corrupt(title: str, reason: str) -> ConverterError:
    return ConverterError("CORRUPT_MODEL", f"{title} is not a whole LightGBM model: {reason}.", INTACT_HINT)


def parsed(text: str) -> TextModel:
    if STRANGE.search(text):
        raise ValueError("it holds characters that are no text")
    body, ended, rest = text.partition("\nend of trees")
    if not ended:
        raise ValueError("it ends before its trees do")
    head, *blocks = body.split("\nTree=")
    header = entries(head)
    if header["version"] not in WITHOUT_PARAMETERS and "\nend of parameters" not in rest:
        raise ValueError("it ends before its parameters do")
    width, per_iteration = int(header["max_feature_idx"]) + 1, int(header["num_tree_per_iteration"])
    if not 0 < width <= MOST_FEATURES or len(header["feature_names"].split(" ")) != width:
        raise ValueError("its feature names are not as many as its features")
    if per_iteration < 1 or len(blocks) % per_iteration or int(header["num_class"]) != per_iteration:
        raise ValueError("it has another number of trees than its head says")
    # LightGBM jumps from tree to tree by these, without looking.
    if [int(size) for size in header["tree_sizes"].split()] != [len(f"Tree={block}\n".encode()) for block in blocks]:
        raise ValueError("its trees are not as long as its head says")
    if not all(map(TREE.fullmatch, blocks)):
        raise ValueError("a tree has a line that says nothing of it")
    trees = [read_tree(entries(block), width) for block in blocks]
    categorical = categories(rest)
    native = f"{body}\nend of trees\n\npandas_categorical:{json.dumps(categorical or None)}\n"
    return TextModel(header, trees, categorical, native)


def entries(block: str) -> dict[str, str]:
    lines = [line.partition("=") for line in block.split("\n")]
    found = {key: value for key, _, value in lines}
    if len(found) < sum(1 for key, _, _ in lines if key):
        raise ValueError("it says something twice")
    return found


def categories(rest: str) -> list[list[Any]]:
    for line in reversed(rest.split("\n")):
        if line.startswith("pandas_categorical:"):
            found = json.loads(line.partition(":")[2])
            return [] if found is None else [list(values) for values in found]
    return []


def read_tree(block: dict[str, str], width: int) -> TextTree:
    leaves = int(block["num_leaves"])
    if not 0 < leaves <= MOST_LEAVES:
        raise ValueError(f"a tree has {leaves} leaves")
    inner = leaves - 1

    def numbers(name: str, count: int | None, dtype: Any) -> np.ndarray:
        if count == 0:
            return np.zeros(0, dtype=dtype)
        texts = block[name].split(" ")
        if not NUMBERS.fullmatch(block[name]) or count is not None and len(texts) != count:
            raise ValueError(f"a tree has {len(texts)} of {name} where it needs {'whole numbers' if count is None else count}")
        return np.array(texts, dtype=dtype)

    categorical = int(block["num_cat"])
    # LightGBM ends the process where one of these has another length, though only a training that goes on reads them.
    if "shrinkage" in block:
        numbers("shrinkage", 1, np.float64)
    for name in (name for name in BESIDE if name in block and inner > 0):
        numbers(name, leaves if name.startswith("leaf") else inner, np.float64)
    tree = TextTree(
        numbers("split_feature", inner, np.int64),
        numbers("threshold", inner, np.float64),
        numbers("decision_type", inner, np.int64),
        numbers("left_child", inner, np.int64),
        numbers("right_child", inner, np.int64),
        numbers("leaf_value", leaves, np.float64),
        numbers("cat_boundaries", categorical + 1 if categorical else 0, np.int64),
        numbers("cat_threshold", None if categorical else 0, np.int64),
        linear_leaves(block, leaves) if block.get("is_linear") == "1" else None,
    )
    check(tree, width, leaves, categorical)
    return tree


def check(tree: TextTree, width: int, leaves: int, categorical: int) -> None:
    """Every node is reached from the root, and once; features and sets of categories are there."""
    children = np.concatenate([tree.left, tree.right])
    expected = np.concatenate([np.arange(-leaves, 0), np.arange(1, leaves - 1)]) if leaves > 1 else children
    if not np.array_equal(np.sort(children), expected) or np.any(tree.left[tree.left > 0] <= np.flatnonzero(tree.left > 0)):
        raise ValueError("a tree's nodes do not hang together")
    if np.any(tree.right[tree.right > 0] <= np.flatnonzero(tree.right > 0)):
        raise ValueError("a tree's nodes do not hang together")
    if np.any((tree.feature < 0) | (tree.feature >= width)):
        raise ValueError("a tree splits on a feature that there is not")
    sets = tree.threshold[(tree.decision & CATEGORICAL) > 0]
    steps = np.diff(tree.cat_boundaries)
    if np.any((sets < 0) | (sets >= categorical)) or np.any(steps < 0):
        raise ValueError("a tree's categories are not there")
    if categorical and (tree.cat_boundaries[0] != 0 or tree.cat_boundaries[-1] != len(tree.cat_threshold)):
        raise ValueError("a tree's categories are not there")
    used = [feature for _, features, _ in tree.linear or [] for feature in features]
    if any(not 0 <= feature < width for feature in used):
        raise ValueError("a linear leaf has a feature that there is not")


def linear_leaves(block: dict[str, str], leaves: int) -> list[tuple[float, list[int], list[float]]]:
    """(constant, features, coefficients) of each leaf."""
    constants = [float(value) for value in block["leaf_const"].split()]
    counts = [int(value) for value in block["num_features"].split()]
    features, coefficients = iter(block["leaf_features"].split()), iter(block["leaf_coeff"].split())
    if len(constants) != leaves or len(counts) != leaves:
        raise ValueError("a linear tree lacks some of its leaves")
    return [
        (constant, list(take(features, count, int)), list(take(coefficients, count, float))) for constant, count in zip(constants, counts)
    ]


def take(source: Iterator[str], count: int, kind: Any) -> Iterator[Any]:
    for _ in range(count):
        found = next(source, None)
        if found is None:
            raise ValueError("a linear tree lacks some of its coefficients")
        yield kind(found)
