"""A trained booster as the conversion sees it: columns, predictions of the original, and the graph that must agree with them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.outputs import Output, class_names
from predictable_trees.ensemble import EnsembleGraph
from predictable_trees.trees import Tree


@dataclass
class Trait:
    """What a booster knows of one of its columns.

    `categories`: the texts that a text column may hold; `unknown`: what the booster does with any other text, `zeros` or `error`.
    `codes`: the whole numbers that the booster knows as categories; `exact`: whether no other number passes for one of them, so that
    the column has to be a whole number.
    """

    accepts_missing: bool
    categories: list[str] | None = None
    codes: list[int] | None = None
    exact: bool = False
    unknown: str = "zeros"


class Boosted(ABC):
    """A trained booster.

    `own`: the names of the columns that it was trained with, if it keeps them. `width`: how many columns it takes. `rounds`: whether
    it takes its rows as float32 itself. `float32`: whether it adds in float32, too. `notes`: warnings.
    """

    title: str
    own: list[str] | None
    width: int
    rounds: bool
    float32: bool = False
    trees: Sequence[Tree]

    def __init__(self) -> None:
        self.notes: list[dict[str, str]] = []

    @abstractmethod
    def traits(self, sample: list[np.ndarray] | None) -> list[Trait]:
        """What is known of each column; called first. `sample`: their values, which may tell what the model does not."""

    @abstractmethod
    def predict(self, columns: list[np.ndarray]) -> list[Output]:
        """What the original predicts; numbers as float64, text with None where it is missing."""

    @abstractmethod
    def write(self, graph: EnsembleGraph) -> list[str]:
        """Writes the graph; returns the tensor of each output of `predict`, in the same order."""

    @abstractmethod
    def has_categories(self) -> bool:
        """Whether it turns categories into codes itself, so that it needs the columns as they were in training."""

    @property
    def only_compares(self) -> bool:
        """Whether columns are read by its trees' comparisons alone, and as they are."""
        return True

    def margins(self, graph: EnsembleGraph) -> str:
        """What `decision_function` gives [N,targets], of classifiers that have it."""
        raise NotImplementedError(f"{self.title} has no decision_function")

    @abstractmethod
    def libraries(self) -> dict[str, str]:
        """The version of the library that predicts."""

    def thresholds(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """(feature, threshold) of the inner nodes, tree by tree."""
        for tree in self.trees:
            inner = tree.feature >= 0
            inner[list(tree.regions)] = False
            yield tree.feature[inner], tree.threshold[inner]


def values(predicted: Any, role: str = "value", name: str = "variable") -> Output:
    """Numbers as the booster gives them: variable1, variable2 …, as the scikit-learn converter calls them; a lone score is `score`."""
    table = columns_of(predicted)
    if role == "score":
        return Output(["score"] if table.shape[1] == 1 else [f"score_{at}" for at in range(table.shape[1])], role, table)
    return Output([f"{name}{at + 1}" for at in range(table.shape[1])], role, table)


def probabilities(predicted: Any, classes: Sequence[Any]) -> Output:
    """Probabilities of the classes; a lone column is the probability of the last class."""
    table = columns_of(predicted)
    return Output(class_names("probability", np.array(classes, dtype=object)[-table.shape[1] :]), "probability", table)


def labels(predicted: Any, classes: Sequence[Any]) -> Output:
    """Raises UNSUPPORTED_MODEL for labels that are neither text nor whole numbers."""
    table = columns_of(predicted)
    names = ["label"] if table.shape[1] == 1 else [f"label_{at + 1}" for at in range(table.shape[1])]
    if any(isinstance(value, str) for value in classes):
        return Output(names, "label", table.astype(object), [str(value) for value in classes])
    if any(float(value) != int(value) for value in classes):
        hint = "Train it with labels that are text or whole numbers."
        raise ConverterError("UNSUPPORTED_MODEL", "The classifier has labels that are not whole numbers.", hint)
    return Output(names, "label", table.astype(np.float64).astype(np.int64))


def columns_of(predicted: Any) -> np.ndarray:
    table = np.asarray(predicted)
    return table.reshape(-1, 1) if table.ndim == 1 else table.reshape(len(table), -1)
