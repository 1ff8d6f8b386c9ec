"""A LightGBM model: what its text says of columns and objective, what it predicts, and the graph that does the same."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from onnx import TensorProto
from predictable_bridge.errors import ConverterError
from predictable_facts.outputs import Output
from predictable_trees import links, sums
from predictable_trees.boosted import Boosted, Trait, labels, probabilities, values
from predictable_trees.ensemble import EnsembleGraph

from categories import category_columns, pandas_values, traits_of
from growing import grow, with_linear_leaves
from model_text import TextModel

OBJECTIVES = json.loads((Path(__file__).parent / "objectives.json").read_text("utf-8"))["objectives"]
# What LightGBM calls columns that had no names.
INVENTED = re.compile(r"Column_\d+")


class LightGBM(Boosted):
    """`wrapper`: the estimator with scikit-learn's interface that the booster came in, if any."""

    rounds = False

    def __init__(self, booster: lightgbm.Booster, text: TextModel, wrapper: Any | None) -> None:
        super().__init__()
        self.booster, self.text = booster, text
        self.wrapper: Any = wrapper
        name, *settings = text.header.get("objective", "custom").split()
        self.objective, self.settings = name, dict(setting.partition(":")[::2] for setting in settings)
        self.title = f"LightGBM ({name})" if wrapper is None else type(wrapper).__name__
        names = text.header["feature_names"].split(" ")
        self.own = None if all(map(INVENTED.fullmatch, names)) else names
        self.width = text.width
        if name not in OBJECTIVES:
            hint = "Train with an objective that docs/boosters.md lists."
            raise ConverterError("UNSUPPORTED_MODEL", f"LightGBM's objective {name} is not known.", hint, objective=name)

    def traits(self, sample: list[np.ndarray] | None) -> list[Trait]:
        self.lists = category_columns(self.text, sample)
        self.linear = any(tree.linear is not None for tree in self.text.trees)
        stand_for = {at: pandas_values(found) for at, found in self.lists.items()}
        per_iteration = self.text.per_iteration
        # A random forest gives the mean of its trees.
        averaged = "average_output" in self.text.header
        factor = per_iteration / len(self.text.trees) if averaged else 1.0
        self.trees = [grow(tree, at % per_iteration, factor, stand_for) for at, tree in enumerate(self.text.trees)]
        self.factor = factor
        return traits_of(self.text, self.lists)

    def predict(self, columns: list[np.ndarray]) -> list[Output]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = self.predictor().predict(self.native(columns))
            if not self.is_classifier():
                return [self.named(found)]
            shares = self.wrapper.predict_proba(self.native(columns))
        classes = self.wrapper.classes_.tolist()
        return [labels(found, classes), probabilities(shares, classes)]

    def write(self, graph: EnsembleGraph) -> list[str]:
        targets = self.text.per_iteration
        if not self.is_classifier():
            return [self.linked(graph, self.margins(graph))]
        # LightGBM adds up in double: the sign of a sum, or the larger of two, is a label.
        scores = self.margins(graph) if self.linear else sums.scores(graph, self.trees, targets)
        shares = self.linked(graph, graph.cast(scores, "float"))
        classes = self.wrapper.classes_.tolist()
        if targets == 1:
            is_sigmoid = OBJECTIVES[self.objective]["link"] == "sigmoid"
            positive = links.above(graph, graph.cast(scores, "float")) if is_sigmoid else links.above(graph, shares, 0.5)
            codes = graph.emit("Reshape", [positive, graph.constant([-1], np.int64)])
            return [links.labelled(graph, codes, classes), links.both_classes(graph, shares)]
        return [links.labelled(graph, links.largest(graph, scores), classes), shares]

    def margins(self, graph: EnsembleGraph) -> str:
        targets = self.text.per_iteration
        return self.linear_scores(graph, targets) if self.linear else graph.trees(self.trees, targets, strict=False)

    @property
    def only_compares(self) -> bool:
        return not self.linear

    def has_categories(self) -> bool:
        return bool(self.text.pandas_categorical)

    def libraries(self) -> dict[str, str]:
        return {"lightgbm": lightgbm.__version__}

    def is_classifier(self) -> bool:
        """With an objective of the user's own, LightGBM's classifier gives scores and no labels."""
        return isinstance(self.wrapper, lightgbm.LGBMClassifier) and self.objective != "custom"

    def predictor(self) -> Any:
        return self.booster if self.wrapper is None else self.wrapper

    def named(self, found: np.ndarray) -> Output:
        role = OBJECTIVES[self.objective]["role"]
        if role != "probability":
            return values(found, role)
        count = self.text.per_iteration
        return probabilities(found, list(range(max(count, 2))))

    def native(self, columns: list[np.ndarray]) -> Any:
        """A DataFrame where LightGBM turns categories into codes itself, else the matrix."""
        if not self.lists:
            return np.column_stack(columns).astype(np.float64)
        import pandas

        series = {}
        for at, (name, given) in enumerate(zip(self.own or range(self.width), columns)):
            known = self.lists.get(at)
            series[name] = given.astype(np.float64) if known is None else pandas.Categorical(given, categories=known)
        return pandas.DataFrame(series)

    def linked(self, graph: EnsembleGraph, scores: str) -> str:
        link = OBJECTIVES[self.objective]["link"]
        if self.settings.get("sqrt") is not None:
            return links.signed_square(graph, scores)
        if link == "sigmoid":
            return links.sigmoid(graph, links.scaled(graph, scores, float(self.settings.get("sigmoid", 1))))
        return links.LINKS[link](graph, scores)

    def linear_scores(self, graph: EnsembleGraph, targets: int) -> str:
        """Of each class: the constants of the leaves, and their coefficients times the columns, where a missing one counts 0."""
        matrix = graph.emit("Cast", [graph.matrix], to=TensorProto.FLOAT)
        known = graph.emit("Where", [graph.emit("IsNaN", [matrix]), graph.constant([0.0]), matrix])
        ones = graph.constant(np.ones((self.width, 1)))
        scores = []
        for target in range(targets):
            trees = [
                with_linear_leaves(tree, source, self.factor)
                for tree, source in zip(self.trees[target::targets], self.text.trees[target::targets])
            ]
            sums = graph.trees(trees, self.width + 1, strict=False)
            constant = graph.emit("Gather", [sums, graph.constant([0], np.int64)], axis=1)
            rest = graph.emit("Gather", [sums, graph.constant(np.arange(1, self.width + 1), np.int64)], axis=1)
            terms = graph.emit("MatMul", [graph.emit("Mul", [rest, known]), ones])
            scores.append(graph.emit("Add", [constant, terms]))
        return scores[0] if targets == 1 else graph.emit("Concat", scores, axis=1)
