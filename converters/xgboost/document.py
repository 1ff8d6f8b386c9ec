"""What an XGBoost model says of itself, checked: a damaged one may crash XGBoost when it predicts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError

from ubjson import decode

INTACT_HINT = "Check that the file was copied whole, or save the model again with booster.save_model(path)."
# More would be a defect of the file.
MOST_COLUMNS = 2**24


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
    """From XGBoost's own UBJSON. Raises CORRUPT_MODEL."""
    try:
        return checked(decode(raw))
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise ConverterError("CORRUPT_MODEL", f"The file is not a whole XGBoost model: {reason}.", INTACT_HINT) from error


def checked(document: dict[str, Any]) -> Document:
    learner = document["learner"]
    parameters = learner["learner_model_param"]
    width = int(parameters["num_feature"])
    if not 0 < width <= MOST_COLUMNS:
        raise ValueError(f"it has {width} features")
    names = [str(name) for name in learner.get("feature_names", [])]
    if names and len(names) != width:
        raise ValueError("its feature names are not as many as its features")
    found = Document(
        learner,
        width,
        max(int(parameters["num_class"]), int(parameters.get("num_target", 1)), 1),
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
    for tree, group in zip(found.model["trees"], found.model["tree_info"], strict=True):
        check_tree(tree, width)
        if not 0 <= group < found.groups:
            raise ValueError("a tree belongs to no output")
    return found


def check_tree(tree: dict[str, Any], width: int) -> None:
    """Every node but the root is the child of one node before it, so that every way down ends."""
    left, right = np.asarray(tree["left_children"]), np.asarray(tree["right_children"])
    inner = left >= 0
    children = np.concatenate([left[inner], right[inner]])
    before = np.concatenate([np.flatnonzero(inner)] * 2)
    if len(np.unique(children)) != len(children) or np.any((children <= before) | (children >= len(left))):
        raise ValueError("a tree's nodes do not hang together")
    features = np.asarray(tree["split_indices"])[inner]
    if np.any((features < 0) | (features >= width)):
        raise ValueError("a tree splits on a feature that there is not")
    if any(len(tree[name]) != len(left) for name in ("right_children", "split_conditions", "default_left", "split_indices")):
        raise ValueError("a tree's nodes lack some of their parts")


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
