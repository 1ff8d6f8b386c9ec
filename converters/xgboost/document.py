"""What an XGBoost model says of itself, checked: a damaged one may crash XGBoost when it predicts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.reading import MOST_COLUMNS, reading

from ubjson import decode

INTACT_HINT = "Check that the file was copied whole, or save the model again with booster.save_model(path)."
# XGBoost's own documents are eight levels deep.
MOST_LEVELS = 64
# XGBoost keeps a set of categories as bits, as many as its largest number says; it counts categories in 24 bits of a float.
MOST_CODE = 2**24
# Of a tree, what has one entry a node.
OF_NODES = (
    "left_children", "right_children", "split_conditions", "default_left", "split_indices", "split_type", "parents", "loss_changes",
    "sum_hessian",
)  # fmt: skip


@dataclass
class Document:
    """`groups`: how many scores a row gets; `base`: their intercepts as the file has them; `booster`: gbtree, dart or gblinear.

    `enc`: of each column, the categories that it was trained with, if any.
    """

    learner: dict[str, Any]
    width: int
    groups: int
    objective: str
    base: np.ndarray
    booster: str
    names: list[str] | None
    types: list[str]
    enc: list[list[Any] | None]

    @property
    def model(self) -> dict[str, Any]:
        """Dart keeps the trees of a gbtree inside."""
        found = self.learner["gradient_booster"]
        return found["gbtree"]["model"] if self.booster == "dart" else found["model"]


def read_document(raw: bytes) -> Document:
    """From XGBoost's own JSON or UBJSON. Raises CORRUPT_MODEL or TOO_MANY_COLUMNS."""
    with reading("The file", corrupt):
        return checked(json.loads(raw) if is_json(raw) else decode(raw), len(raw))


def is_json(raw: bytes) -> bool:
    """In UBJSON, the size of the first name follows the brace."""
    return raw.lstrip()[:1] == b"{" and raw.lstrip()[1:].lstrip()[:1] in (b'"', b"}")


def corrupt(title: str, reason: str) -> ConverterError:
    return ConverterError("CORRUPT_MODEL", f"{title} is not a whole XGBoost model: {reason}.", INTACT_HINT)


def checked(document: dict[str, Any], size: int) -> Document:
    """`size`: of the whole document in bytes; it says less than that of everything that it holds."""
    check_depth(document)
    learner = document["learner"]
    parameters = learner["learner_model_param"]
    width = int(parameters["num_feature"])
    groups = max(int(parameters["num_class"]), int(parameters.get("num_target", 1)), 1)
    if width < 1 or groups > size:
        raise ValueError(f"it has {width:,} features and {groups:,} outputs")
    if width > MOST_COLUMNS:
        message = f"The model has {width:,} columns."
        raise ConverterError("TOO_MANY_COLUMNS", message, f"At most {MOST_COLUMNS:,} columns can be taken.", columns=width)
    names = [str(name) for name in learner.get("feature_names", [])]
    if names and len(names) != width:
        raise ValueError("its feature names are not as many as its features")
    found = Document(
        learner,
        width,
        groups,
        learner["objective"]["name"],
        np.atleast_1d(np.array(json.loads(str(parameters["base_score"])), dtype=np.float64)),
        learner["gradient_booster"]["name"],
        names or None,
        [str(kind) for kind in learner.get("feature_types", [])],
        [None] * width,
    )
    if found.booster == "gblinear":
        if len(found.model["weights"]) != (width + 1) * found.groups:
            raise ValueError("it has another number of weights than features")
        return found
    found.enc = categories(found.model.get("cats", {}).get("enc", []), width)
    check_rounds(found)
    for tree, group in zip(found.model["trees"], found.model["tree_info"], strict=True):
        check_tree(tree, width, groups)
        if not 0 <= group < found.groups:
            raise ValueError("a tree belongs to no output")
    return found


def check_depth(document: Any) -> None:
    waiting: list[tuple[int, Any]] = [(0, document)]
    while waiting:
        level, value = waiting.pop()
        if level > MOST_LEVELS:
            raise ValueError("it is nested too deeply")
        if isinstance(value, (dict, list)):
            inner = value.values() if isinstance(value, dict) else value
            waiting += [(level + 1, each) for each in inner if isinstance(each, (dict, list))]


def check_rounds(document: Document) -> None:
    count = len(document.model["trees"])
    parameters = document.model["gbtree_model_param"]
    ends = np.asarray(document.model.get("iteration_indptr", [0, count]), dtype=np.int64)
    if int(parameters["num_trees"]) != count or int(parameters.get("num_parallel_tree", 1)) not in range(1, count + 2):
        raise ValueError("it has another number of trees than it says")
    # XGBoost puts each tree where its number says, and leaves holes.
    if sorted(int(tree.get("id", at)) for at, tree in enumerate(document.model["trees"])) != list(range(count)):
        raise ValueError("its trees have not each a number of their own")
    if len(ends) == 0 or ends[0] != 0 or ends[-1] != count or np.any(np.diff(ends) < 0):
        raise ValueError("its rounds are not made of its trees")
    if document.booster == "dart" and len(document.learner["gradient_booster"]["weight_drop"]) != count:
        raise ValueError("it has another number of weights than trees")


def check_tree(tree: dict[str, Any], width: int, groups: int) -> None:
    """Every node but the root is the child of one node before it, so that every way down ends."""
    left, right = np.asarray(tree["left_children"]), np.asarray(tree["right_children"])
    parameters = tree["tree_param"]
    count, size = int(parameters["num_nodes"]), max(1, int(parameters.get("size_leaf_vector", 1)))
    if size not in range(1, groups + 1) or int(parameters.get("num_deleted", 0)) not in range(count):
        raise ValueError("a tree's leaves or nodes are not as many as it says")
    lengths = {**dict.fromkeys(OF_NODES, count), "base_weights": count * size}
    if any(len(tree[name]) != length for name, length in lengths.items() if name in tree):
        raise ValueError("a tree's nodes lack some of their parts")
    inner = left >= 0
    check_leaves(tree, right[~inner], size)
    if np.any(right[inner] < 0):
        raise ValueError("a tree has a node with one child")
    children = np.concatenate([left[inner], right[inner]])
    before = np.concatenate([np.flatnonzero(inner)] * 2)
    if len(np.unique(children)) != len(children) or np.any((children <= before) | (children >= len(left))):
        raise ValueError("a tree's nodes do not hang together")
    features = np.asarray(tree["split_indices"])[inner]
    if np.any((features < 0) | (features >= width)):
        raise ValueError("a tree splits on a feature that there is not")
    if "parents" in tree and np.any(np.asarray(tree["parents"])[children] != np.concatenate([np.flatnonzero(inner)] * 2)):
        raise ValueError("a tree's nodes do not hang together")
    check_sets(tree, inner)


def check_leaves(tree: dict[str, Any], numbers: np.ndarray, size: int) -> None:
    """`numbers`: where a node would have its right child, a leaf of several outputs has its number among the leaves."""
    if size == 1 and np.any(numbers >= 0):
        raise ValueError("a tree has a node with one child")
    if size > 1 and (len(tree["leaf_weights"]) != len(numbers) * size or set(numbers.tolist()) != set(range(len(numbers)))):
        raise ValueError("a tree's leaves are not as many as it says")


def check_sets(tree: dict[str, Any], inner: np.ndarray) -> None:
    """The categories at which nodes split: of each such node, a part of one list."""
    nodes, starts, sizes = (np.asarray(tree.get(f"categories_{name}", []), dtype=np.int64) for name in ("nodes", "segments", "sizes"))
    codes = np.asarray(tree.get("categories", []), dtype=np.int64)
    if not len(nodes) == len(starts) == len(sizes) or np.any(starts < 0) or np.any(sizes < 1) or np.any(starts + sizes > len(codes)):
        raise ValueError("a tree's categories are not there")
    if np.any((nodes < 0) | (nodes >= len(inner))) or np.any(np.diff(nodes) <= 0) or not np.all(inner[nodes]):
        raise ValueError("a tree has categories for a node that there is not")
    if np.any((codes < 0) | (codes > MOST_CODE)):
        raise ValueError("a tree has a category that is no number of one")
    kinds = np.asarray(tree.get("split_type", np.zeros(len(inner))), dtype=np.int64)
    if not np.array_equal(np.flatnonzero(inner & (kinds != 0)), nodes):
        raise ValueError("a tree's categories are not there")


def categories(enc: list[dict[str, Any]], width: int) -> list[list[Any] | None]:
    """Text is one run of UTF-8 bytes cut at offsets."""
    found: list[list[Any] | None] = [None] * width
    for at, entry in enumerate(enc):
        values = np.asarray(entry["values"])
        if "offsets" not in entry:
            found[at] = values.tolist() or None
            continue
        offsets = np.asarray(entry["offsets"]).tolist()
        text = values.astype(np.int8).tobytes()
        found[at] = [text[start:end].decode("utf-8") for start, end in pairwise(offsets)] or None
    return found
