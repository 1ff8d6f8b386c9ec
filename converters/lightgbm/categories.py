"""Which of LightGBM's columns hold categories, and what stands for each of its codes."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_trees.boosted import Trait

from model_text import CATEGORICAL, MISSING_NONE, TextModel


def category_columns(text: TextModel, sample: list[np.ndarray] | None) -> dict[int, list[Any]]:
    """The categories of the columns that were categories of pandas. The file lists these in order, but not which columns they are.

    Raises MISSING_SAMPLE when neither the model nor the sample tells.
    """
    lists = text.pandas_categorical
    if not lists:
        return {}
    infos = text.header["feature_infos"].split(" ")
    places = [at for at, info in enumerate(infos) if info != "none" and not info.startswith("[")]
    if len(places) != len(lists) and sample is not None:
        places = [at for at, given in enumerate(sample) if given.dtype == object]
    if len(places) != len(lists):
        message = f"The model was trained with {len(lists)} category columns, but which of its {len(infos)} they are cannot be told."
        hint = "Give a sample in which just these columns are text: --sample FILE."
        raise ConverterError("MISSING_SAMPLE", message, hint)
    found = dict(zip(places, lists))
    for at, values in found.items():
        check(text, at, values)
    return found


def check(text: TextModel, at: int, values: list[Any]) -> None:
    name = text.header["feature_names"].split(" ")[at]
    if all(isinstance(value, str) for value in values):
        return
    if not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        hint = "Make them text before training: frame[column].astype(str).astype('category')."
        raise ConverterError("UNSUPPORTED_TYPE", f"Column {name} has categories that are neither text nor whole numbers.", hint)
    if any(np.any((tree.feature == at) & ((tree.decision & CATEGORICAL) == 0)) for tree in text.trees):
        hint = "Train on the numbers themselves, or on unordered categories."
        raise ConverterError("UNSUPPORTED_MODEL", f"Column {name} has ordered categories that are numbers.", hint)


def pandas_values(categories: list[Any]) -> list[float]:
    """What the graph's column holds for each of LightGBM's codes: the code of a text, the number itself."""
    return [float(at if isinstance(value, str) else value) for at, value in enumerate(categories)]


def traits_of(text: TextModel, lists: dict[int, list[Any]]) -> list[Trait]:
    """`lists`: the categories of the columns that were categories of pandas."""
    codes: dict[int, set[int]] = {}
    made_up: set[int] = set()
    for tree in text.trees:
        is_set = (tree.decision & CATEGORICAL) > 0
        for node in np.flatnonzero(is_set).tolist():
            codes.setdefault(int(tree.feature[node]), set()).update(tree.codes(node))
        # Trees that saw no missing value take one for 0, which is made up.
        made_up.update(tree.feature[~is_set & ((tree.decision >> 2) & 3 == MISSING_NONE)].tolist())
    return [trait(lists.get(at), codes.get(at), at not in made_up) for at in range(text.width)]


def trait(categories: list[Any] | None, codes: set[int] | None, accepts_missing: bool) -> Trait:
    if categories is None:
        # One code more than there are, for rows that are made up.
        return Trait(accepts_missing, codes=[*sorted(codes), max(codes) + 1] if codes else None)
    if all(isinstance(value, str) for value in categories):
        return Trait(True, categories=categories)
    return Trait(False, codes=categories, exact=True)
