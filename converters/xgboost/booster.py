"""An XGBoost model: its columns and objective, what it predicts, and the graph that does the same."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import xgboost
from predictable_bridge.errors import ConverterError
from predictable_facts.outputs import Output
from predictable_trees import links
from predictable_trees.boosted import Boosted, Trait, columns_of, labels, probabilities, values
from predictable_trees.ensemble import EnsembleGraph

from document import Document
from growing import grow

OBJECTIVES = json.loads((Path(__file__).parent / "objectives.json").read_text("utf-8"))["objectives"]
# An older name of squared error.
ALIASES = {"reg:linear": "reg:squarederror"}


class XGBoost(Boosted):
    """`wrapper`: the estimator with scikit-learn's interface that the booster came in, or that saved it, if any."""

    rounds = True
    float32 = True

    def __init__(self, booster: xgboost.Booster, document: Document, wrapper: Any | None) -> None:
        super().__init__()
        self.booster, self.document, self.wrapper = booster, document, wrapper
        self.objective = ALIASES.get(document.objective, document.objective)
        self.title = f"XGBoost ({self.objective})" if wrapper is None else type(wrapper).__name__
        self.own, self.width = document.names, document.width
        if self.objective not in OBJECTIVES:
            hint = "Train with an objective that docs/boosters.md lists."
            raise ConverterError("UNSUPPORTED_MODEL", f"XGBoost's objective {self.objective} is not known.", hint)

    def traits(self, sample: list[np.ndarray] | None) -> list[Trait]:
        best = None if self.wrapper is None else getattr(self.wrapper, "best_iteration", None) if self.stopped() else None
        linear = self.document.booster == "gblinear"
        self.trees = [] if linear else grow(self.document, None if best is None else best + 1)
        codes: dict[int, set[int]] = {}
        for tree in self.trees:
            for node, split in tree.regions.items():
                codes.setdefault(int(tree.feature[node]), set()).update(int(bound) for bound in split.bounds)
        return [self.trait(self.document.enc[at], codes.get(at)) for at in range(self.width)]

    def trait(self, categories: list[Any] | None, codes: set[int] | None) -> Trait:
        if categories is not None and isinstance(categories[0], str):
            return Trait(True, categories=categories, unknown="error")
        if categories is not None:
            return Trait(False, codes=[int(value) for value in categories], exact=True)
        return Trait(True, codes=sorted(codes) if codes else None)

    def predict(self, columns: list[np.ndarray]) -> list[Output]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if self.wrapper is None:
                return [self.named(self.booster.predict(self.matrix(columns)))]
            native = self.native(columns)
            found = self.wrapper.predict(native)
            if not isinstance(self.wrapper, xgboost.XGBClassifier):
                return [self.named(found)]
            shares = columns_of(self.wrapper.predict_proba(native))
        if columns_of(found).shape[1] > 1:
            names = [f"probability_{at + 1}" for at in range(shares.shape[1])]
            return [labels(found, [0, 1]), Output(names, "probability", shares)]
        classes = list(range(int(self.wrapper.n_classes_)))
        return [labels(found, classes), probabilities(shares, classes)]

    def write(self, graph: EnsembleGraph) -> list[str]:
        graph.round_input()
        missing = np.nan if self.wrapper is None else self.wrapper.missing
        if missing is not None and not np.isnan(missing):
            marked = graph.emit("Equal", [graph.matrix, graph.constant([missing])])
            graph.matrix = graph.emit("Where", [marked, graph.constant([np.nan]), graph.matrix])
        scores = links.shifted(graph, self.sums(graph), self.margin())
        result = self.linked(graph, scores)
        if not isinstance(self.wrapper, xgboost.XGBClassifier):
            return [result]
        if self.document.groups > 1 and int(self.wrapper.n_classes_) == 2:
            return [links.above(graph, result, 0.5), result]
        if self.document.groups > 1:
            return [links.largest(graph, scores), links.softmax(graph, scores)]
        label = graph.emit("Reshape", [links.above(graph, result, 0.5), graph.constant([-1], np.int64)])
        return [label, links.both_classes(graph, result)]

    @property
    def only_compares(self) -> bool:
        marker = np.nan if self.wrapper is None else self.wrapper.missing
        return self.document.booster != "gblinear" and (marker is None or bool(np.isnan(marker)))

    def has_categories(self) -> bool:
        return any(self.document.enc)

    def libraries(self) -> dict[str, str]:
        return {"xgboost": xgboost.__version__}

    def stopped(self) -> bool:
        return "best_iteration" in self.booster.attributes()

    def sums(self, graph: EnsembleGraph) -> str:
        groups = self.document.groups
        if self.document.booster != "gblinear":
            return graph.trees(self.trees, groups, strict=True)
        weights = np.asarray(self.document.model["weights"], dtype=np.float32).reshape(self.width + 1, groups)
        # The linear booster leaves missing values out of its sum.
        known = graph.emit("Where", [graph.emit("IsNaN", [graph.matrix]), graph.constant([0.0]), graph.matrix])
        terms = graph.emit("MatMul", [known, graph.constant(weights[:-1])])
        return links.shifted(graph, terms, weights[-1])

    def margin(self) -> np.ndarray:
        """The intercept before the link: the file has it as a prediction."""
        link, base = OBJECTIVES[self.objective]["link"], self.document.base
        if link == "sigmoid":
            return -np.log(1 / base - 1)
        return np.log(base) if link == "exp" else base

    def linked(self, graph: EnsembleGraph, scores: str) -> str:
        link = OBJECTIVES[self.objective]["link"]
        if link != "step":
            return links.LINKS[link](graph, scores)
        if self.wrapper is None:
            return links.above(graph, scores)
        return graph.emit("Cast", [links.above(graph, scores)], to=1)

    def named(self, found: np.ndarray) -> Output:
        role = OBJECTIVES[self.objective]["role"]
        if role == "label" and self.wrapper is None:
            return labels(found, list(range(max(self.document.groups, 2))))
        if role == "probability":
            table = columns_of(found)
            if self.objective == "binary:logistic" and table.shape[1] > 1:
                return Output([f"probability_{at + 1}" for at in range(table.shape[1])], role, table)
            return probabilities(table, list(range(max(table.shape[1], 2))))
        return values(found, "score" if role == "score" else "value")

    def matrix(self, columns: list[np.ndarray]) -> xgboost.DMatrix:
        return xgboost.DMatrix(
            self.native(columns),
            feature_names=self.own,
            feature_types=None if any(self.document.enc) else self.document.types or None,
            enable_categorical=True,
        )

    def native(self, columns: list[np.ndarray]) -> Any:
        """A DataFrame where XGBoost turns categories into codes itself, or insists on names, else the matrix."""
        named = self.wrapper is not None and self.document.booster == "gblinear" and self.own is not None
        if not any(self.document.enc) and not named:
            return np.column_stack(columns).astype(np.float64)
        import pandas

        series = {}
        for at, (name, given) in enumerate(zip(self.own or range(self.width), columns)):
            known = self.document.enc[at]
            series[name] = given.astype(np.float64) if known is None else pandas.Categorical(given, categories=known)
        return pandas.DataFrame(series)
