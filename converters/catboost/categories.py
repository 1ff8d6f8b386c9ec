"""The categories of CatBoost's columns. A model keeps their hashes only, so the texts come from the sample."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_trees.boosted import Trait

from document import Document

HINT = "Give rows in which every category of the training data occurs: --sample FILE."


@dataclass
class Categories:
    """`texts`: as CatBoost hashes them; `values`: what the graph's column holds for each; `is_text`: codes, or the numbers themselves."""

    name: str
    texts: list[str]
    values: list[float]
    is_text: bool
    notes: list[dict[str, str]] = field(default_factory=list)

    def trait(self, whole: bool) -> Trait:
        """`whole`: whether the model knows no further category. Else one that is not in the sample must not pass for unknown."""
        if not self.is_text:
            if not whole:
                message = f"The sample lacks categories that the model knows, in column {self.name} or one that it is combined with."
                raise ConverterError("MISSING_SAMPLE", message, HINT)
            return Trait(False, codes=[int(value) for value in self.values], exact=True)
        if not whole:
            message = (
                f"the sample lacks categories that the model knows, in column {self.name} or one combined with it: such rows predict NULL"
            )
            self.notes.append({"code": "CATEGORIES_NOT_IN_SAMPLE", "message": message})
        return Trait(False, categories=self.texts, unknown="zeros" if whole else "error")


def read_categories(model: Any, document: Document, sample: list[np.ndarray] | None, title: str) -> list[Categories]:
    """Raises MISSING_SAMPLE, or COLUMN_MISMATCH for a sample with categories of another kind."""
    if sample is None:
        message = f"{title} has category columns, and its file holds only hashes of the categories."
        raise ConverterError("MISSING_SAMPLE", message, HINT)
    return [read_column(str(model.feature_names_[at]), sample[at]) for at in (entry["flat_feature_index"] for entry in document.cats)]


def read_column(name: str, given: np.ndarray) -> Categories:
    if given.dtype == object:
        texts = sorted({str(value) for value in given if value is not None})
        if not texts:
            raise ConverterError("MISSING_SAMPLE", f"Column {name} is empty in the sample.", HINT)
        return Categories(name, texts, [float(at) for at in range(len(texts))], True)
    numbers = np.unique(given[~np.isnan(given)] if given.dtype.kind == "f" else given).astype(np.float64)
    if len(numbers) == 0 or np.any(numbers != np.floor(numbers)):
        message = f"Column {name} holds categories: text or whole numbers, but not what the sample has there."
        raise ConverterError("COLUMN_MISMATCH", message, HINT)
    return Categories(name, [str(int(number)) for number in numbers], numbers.tolist(), False)
