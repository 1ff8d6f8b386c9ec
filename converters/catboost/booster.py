"""A CatBoost model: its columns, its categories as the sample tells them, what it predicts, and the graph that does the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import catboost
import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.outputs import Output
from predictable_trees import links, sums
from predictable_trees.boosted import Boosted, Trait, columns_of, labels, probabilities, values
from predictable_trees.ensemble import EnsembleGraph
from predictable_trees.trees import Regions, constant_tree, regions

from categories import Categories, read_categories
from document import Document, export
from growing import Split, free, symmetric
from statistic_columns import add_columns
from target_statistics import Statistic, codes_above, is_complete, statistics_of

OBJECTIVES = json.loads((Path(__file__).parent / "objectives.json").read_text("utf-8"))["objectives"]


class CatBoost(Boosted):
    """`model`: one of CatBoost's three estimators."""

    rounds = True

    def __init__(self, model: Any, document: Document, work: str) -> None:
        super().__init__()
        self.model, self.document, self.work = model, document, work
        self.title = type(model).__name__
        names = [str(name) for name in model.feature_names_]
        self.own = None if names == [str(at) for at in range(len(names))] else names
        self.width = document.width
        if document.loss not in OBJECTIVES:
            hint = "Train with a loss function that docs/boosters.md lists."
            raise ConverterError("UNSUPPORTED_MODEL", f"CatBoost's loss function {document.loss} is not known.", hint)

    def traits(self, sample: list[np.ndarray] | None) -> list[Trait]:
        document = self.document
        self.categories: list[Categories] = []
        if document.cats:
            self.categories = read_categories(self.model, document, sample, self.title)
            document = export(self.model, self.work, self.pool(self.categories))
        self.statistics = statistics_of(document.ctrs, document.tables)
        self.hashes = [[document.hashes[text] for text in found.texts] for found in self.categories]
        dimension = len(document.bias)
        self.combined: dict[int, int] = {}
        self.first_ctr_split = document.first_ctr_split
        self.trees = [symmetric(tree, dimension, self.split) for tree in document.oblivious]
        self.trees += [free(tree, dimension, self.split) for tree in document.free]
        found: list[Trait] = [Trait(False)] * self.width
        for entry in document.floats:
            found[entry["flat_feature_index"]] = Trait(entry["nan_value_treatment"] != "AsIs")
        for entry, known, numbers in zip(document.cats, self.categories, self.hashes):
            found[entry["flat_feature_index"]] = known.trait(self.is_whole(entry, numbers))
            self.notes += known.notes
        return found

    def predict(self, columns: list[np.ndarray]) -> list[Output]:
        rows = self.native(columns)
        if not isinstance(self.model, catboost.CatBoostClassifier):
            return [values(self.model.predict(rows), OBJECTIVES[self.document.loss]["role"])]
        found, shares = columns_of(self.model.predict(rows)), columns_of(self.model.predict_proba(rows))
        if found.shape[1] > 1:
            names = [f"probability_{at + 1}" for at in range(shares.shape[1])]
            return [labels(found, [0, 1]), Output(names, "probability", shares)]
        classes = self.model.classes_.tolist()
        return [labels(found, classes), probabilities(shares, classes)]

    def write(self, graph: EnsembleGraph) -> list[str]:
        graph.round_input()
        if self.combined:
            add_columns(graph, self)
            # Columns were joined to what is rounded.
            graph.unrounded = None
        scores = self.sums(graph)
        link = OBJECTIVES[self.document.loss]["link"]
        shares = links.LINKS[link](graph, scores)
        if not isinstance(self.model, catboost.CatBoostClassifier):
            return [shares]
        if self.document.loss in ("MultiLogloss", "MultiCrossEntropy"):
            return [links.above(graph, scores), shares]
        classes = self.model.classes_.tolist()
        if len(self.document.bias) > 1:
            return [links.labelled(graph, links.largest(graph, scores), classes), shares]
        threshold = self.model.get_probability_threshold() if hasattr(self.model, "get_probability_threshold") else 0.5
        positive = links.above(graph, scores, float(np.log(threshold / (1 - threshold))))
        codes = graph.emit("Reshape", [positive, graph.constant([-1], np.int64)])
        return [links.labelled(graph, codes, classes), links.both_classes(graph, shares)]

    def sums(self, graph: EnsembleGraph) -> str:
        """[N,targets]: in double where a label hangs on their sign or order, as CatBoost adds them up."""
        bias = self.document.bias
        if isinstance(self.model, catboost.CatBoostClassifier) and self.document.scale == 1.0:
            total = sums.scores(graph, [*self.trees, constant_tree(np.asarray(bias), list(range(len(bias))))], len(bias))
            return graph.cast(total, "float")
        scores = graph.trees(self.trees, len(bias), strict=False)
        return links.shifted(graph, links.scaled(graph, scores, self.document.scale), bias)

    @property
    def only_compares(self) -> bool:
        return not self.combined

    def has_categories(self) -> bool:
        return bool(self.document.cats)

    def libraries(self) -> dict[str, str]:
        return {"catboost": catboost.__version__}

    def split(self, source: dict[str, Any]) -> Split:
        kind = source["split_type"]
        if kind == "FloatFeature":
            entry = self.document.floats[source["float_feature_index"]]
            return entry["flat_feature_index"], float(source["border"]), entry["nan_value_treatment"] != "AsTrue", None
        if kind == "OneHotFeature":
            cat = source["cat_feature_index"]
            codes = [code for code, number in enumerate(self.hashes[cat]) if number == source["value"]]
            return self.by_codes(cat, codes, False)
        if kind != "OnlineCtr":
            hint = "Train with one_hot_max_size above the number of categories, without text and embeddings."
            raise ConverterError("UNSUPPORTED_MODEL", f"CatBoost's split {kind} is not known.", hint)
        at, statistic = self.statistic_of(source["split_index"])
        if statistic.is_simple:
            codes, unknown = codes_above(statistic, source["border"], self.hashes[statistic.cats[0]])
            return self.by_codes(statistic.cats[0], codes, unknown)
        column = self.combined.setdefault(at, self.width + len(self.combined))
        return column, float(source["border"]), True, None

    def statistic_of(self, split: int) -> tuple[int, Statistic]:
        rest = split - self.first_ctr_split
        for at, statistic in enumerate(self.statistics):
            if 0 <= rest < len(statistic.borders):
                return at, statistic
            rest -= len(statistic.borders)
        raise ConverterError("CORRUPT_MODEL", f"Split {split} of the model compares nothing.", "Save the model again.")

    def by_codes(self, cat: int, codes: list[int], unknown: bool) -> Split:
        """Categories with these codes go right, others left, and unknown ones where `unknown` says."""
        known = self.categories[cat]
        starts: list[tuple[float, bool]] = []
        for place, value in enumerate(known.values):
            starts += [(value - 0.5, place not in codes), (value + 0.5, not unknown)]
        split: Regions = regions(not unknown, sorted(starts, key=lambda start: start[0]), not unknown)
        return self.document.cats[cat]["flat_feature_index"], 0.0, False, split

    def is_whole(self, entry: dict[str, Any], numbers: list[int]) -> bool:
        """Whether the sample has every category that the model knows: of those it keeps numbers only."""
        if not set(entry.get("values", [])) <= set(numbers):
            return False
        mine = [statistic for statistic in self.statistics if entry["feature_index"] in statistic.cats]
        return all(is_complete(found, self.hashes) for found in mine)

    def pool(self, categories: list[Categories]) -> catboost.Pool:
        """Rows in which every category of the sample occurs."""
        count = max(len(found.texts) for found in categories)
        columns: list[np.ndarray] = [np.zeros(count)] * self.width
        for entry, found in zip(self.document.cats, categories):
            texts = found.texts + found.texts[:1] * (count - len(found.texts))
            columns[entry["flat_feature_index"]] = np.array(texts, dtype=object)
        return catboost.Pool(self.frame(columns), cat_features=[entry["flat_feature_index"] for entry in self.document.cats])

    def native(self, columns: list[np.ndarray]) -> Any:
        if not self.document.cats:
            return np.column_stack(columns).astype(np.float32)
        return self.frame(columns)

    def frame(self, columns: list[np.ndarray]) -> Any:
        import pandas

        names = self.own or [str(at) for at in range(self.width)]
        return pandas.DataFrame({name: pandas.Series(found, dtype=found.dtype) for name, found in zip(names, columns)})
