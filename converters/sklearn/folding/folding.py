"""Trees over features made into trees over the columns that the features come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from predictable_facts.numbers import kind_of
from predictable_facts.thresholds import before_rounding
from predictable_trees.trees import Regions, Tree, regions

from folding.bisection import Change, Comparisons, Stretch, are_sharp, changes
from folding.features import Features, Table
from folding.numbers import PATTERNS, numbers
from folding.pieces import Piece
from folding.sources import Source

# Changes that are held against the steps once more, where those might not be monotone.
MOST_HELD = 1000
# Where a comparison's answer changes along a column: the place where each stretch starts, and the answer there (1, 0, −1 for NaN).
Stretches = list[tuple[int, int]]


@dataclass
class Replacements:
    """Of each comparison of a feature [Q]: whether one of its column is the same (`simple`), with which threshold, and with what was left
    on the right (`turned`); `missing`: its answer where the column is missing, −1 where that is for the node to say.
    """

    simple: np.ndarray
    threshold: np.ndarray
    turned: np.ndarray
    missing: np.ndarray
    stretches: list[Stretches | None]


class NotFoldable(Exception):
    """A feature is no function of its column that rises only or falls only, though it looked like one."""

    def __init__(self, pipeline: int, feature: int) -> None:
        super().__init__(f"feature {feature}")
        self.which = (pipeline, feature)


@dataclass
class Folding:
    """What trees read in place of the features of the steps before them.

    `folded`: of features that are read off a column, where that comes from and the pieces of the column's numbers. `computed`: the other
    features that trees look at. `place`: where each feature, or the column in place of it, stands in the matrix that the trees read.
    `owner`: the id() of the pipeline that it is of.
    """

    features: Features
    folded: dict[int, tuple[Source, list[Piece]]]
    computed: list[int]
    place: dict[int, int]
    owner: int = 0

    @property
    def width(self) -> int:
        """How many columns the matrix begins with."""
        return len(numeric(self.features.table))

    def wide(self, rounds: bool) -> set[int]:
        """The columns of the matrix with what float32 does not hold. `rounds`: the trees take features as float32 themselves."""
        columns = {self.place[feature] for feature in self.folded if self.kind(feature) is np.float64}
        return columns if rounds else columns | {self.place[feature] for feature in self.computed}

    def trees(self, trees: Sequence[Tree], strict: bool, rounds: bool, double: bool) -> list[Tree]:
        """The same trees over the matrix. Raises NotFoldable.

        `strict`: they compare with < instead of ≤; `rounds`: features as float32; `double`: the matrix is of double.
        """
        if rounds and double:
            trees = [self.with_computed_unrounded(tree, strict) for tree in trees]
        comparisons, of_node = compared(trees, strict, rounds)
        found = self.replacements(comparisons, strict)
        of_regions = self.regions_of_columns(trees, rounds)
        return [self.tree(tree, own, found, of_regions) for tree, own in zip(trees, of_node)]

    def tree(self, tree: Tree, of_node: np.ndarray, found: Replacements, of_regions: Callable[[Regions, int], Regions]) -> Tree:
        inner = tree.feature >= 0
        feature = np.where(inner, self.placed[np.maximum(tree.feature, 0)], tree.feature)
        compares = inner & np.isin(tree.feature, list(self.folded))
        compares[list(tree.regions)] = False
        missing_left = np.asarray(tree.missing_left).astype(bool)
        told = compares & (found.missing[of_node] >= 0)
        missing_left = np.where(told, found.missing[of_node] == 1, missing_left)
        turned = compares & found.turned[of_node]
        result = replace(
            tree,
            feature=feature,
            threshold=np.where(compares, found.threshold[of_node], tree.threshold),
            left=np.where(turned, tree.right, tree.left),
            right=np.where(turned, tree.left, tree.right),
            missing_left=missing_left ^ turned,
            regions={},
        )
        for node, own in tree.regions.items():
            source = int(tree.feature[node])
            result.regions[node] = of_regions(own, source) if source in self.folded else own
        for node in np.flatnonzero(compares & ~found.simple[of_node]).tolist():
            left = bool(missing_left[node])
            # Where the feature is NaN, a number goes the way of what is missing.
            sides = [(start, left if answer < 0 else answer == 1) for start, answer in found.stretches[int(of_node[node])] or []]
            result.regions[node] = self.line(int(tree.feature[node]), sides, left)
        return result

    def line(self, feature: int, sides: list[tuple[int, bool]], missing_left: bool) -> Regions:
        """Regions of the feature's column. `sides`: the places where they begin, and whether they go left."""
        starts = numbers(np.array([start for start, _ in sides[1:]], dtype=np.int64), self.kind(feature)).tolist()
        return regions(sides[0][1], zip(starts, (side for _, side in sides[1:])), missing_left)

    def replacements(self, comparisons: Comparisons, strict: bool) -> Replacements:
        """Of each comparison, where one of the column is the same."""
        stretches = self.stretches(comparisons)
        count = len(stretches)
        simple, turned = np.ones(count, dtype=bool), np.zeros(count, dtype=bool)
        change = np.zeros(count, dtype=np.int64)
        changes = np.zeros(count, dtype=bool)
        for at, own in enumerate(stretches):
            if own is None:
                continue
            simple[at] = len(own) <= 2 and all(answer >= 0 for _, answer in own)
            turned[at] = simple[at] and own[0][1] == 0
            if simple[at] and len(own) == 2:
                changes[at], change[at] = True, own[1][0]
        # Where nothing changes, everything goes left.
        threshold = np.full(count, np.inf)
        for kind in PATTERNS:
            mine = changes & np.isin(comparisons.feature, [feature for feature in self.folded if self.kind(feature) is kind])
            threshold[mine] = numbers(change[mine] - (0 if strict else 1), kind)
        return Replacements(simple, threshold, turned, self.when_missing(comparisons), stretches)

    @cached_property
    def placed(self) -> np.ndarray:
        """By feature: its place in the matrix."""
        result = np.zeros(max(self.place) + 1, dtype=np.int64)
        result[list(self.place)] = list(self.place.values())
        return result

    def with_computed_unrounded(self, tree: Tree, strict: bool) -> Tree:
        computed = np.isin(tree.feature, self.computed)
        return replace(tree, threshold=np.where(computed, before_rounding(tree.threshold, strict), tree.threshold))

    def stretches(self, comparisons: Comparisons) -> list[Stretches | None]:
        """Of each comparison; None of a feature that is not folded."""
        along = self.over_pieces(comparisons.feature)
        result: list[Stretches | None] = [[] if int(feature) in self.folded else None for feature in comparisons.feature]
        if not len(along.of):
            return result
        found = changes(self.features, comparisons, along)
        self.hold(comparisons, along, found)
        parts = (along.of, along.low, found.before, found.last, found.after)
        for at, start, before, last, after in zip(*(part.tolist() for part in parts)):
            own = result[at]
            assert own is not None
            own += [(start, before)] if after == before else [(start, before), (last + 1, after)]
        result = [own if own is None else merged(own) for own in result]
        self.note(comparisons, result)
        return result

    def hold(self, comparisons: Comparisons, along: Stretch, found: Change) -> None:
        """Raises NotFoldable where some of the changes of what might not be monotone are not where they seem to be."""
        unsure = [one for one, (source, _) in self.folded.items() if not source.sure]
        held = spread((found.before != found.after) & np.isin(comparisons.feature[along.of], unsure), MOST_HELD)
        if not len(held):
            return
        sharp = are_sharp(self.features, comparisons, along[held], found[held])
        if not sharp.all():
            raise NotFoldable(self.owner, int(comparisons.feature[along.of[held[~sharp][0]]]))

    def over_pieces(self, feature: np.ndarray) -> Stretch:
        """One entry a comparison and piece."""
        parts: list[list[np.ndarray]] = [[], [], [], []]
        for one in np.unique(feature).tolist():
            if one not in self.folded:
                continue
            source, pieces = self.folded[one]
            mine = np.flatnonzero(feature == one)
            for low, high in pieces:
                for part, values in zip(parts, (mine, *(np.full(len(mine), value) for value in (source.column, low, high)))):
                    part.append(values.astype(np.int64))
        result = Stretch(*(np.concatenate(part) if part else np.zeros(0, dtype=np.int64) for part in parts))
        return result[np.argsort(result.of, kind="stable")]

    def when_missing(self, comparisons: Comparisons) -> np.ndarray:
        """[Q]: the answer of each comparison where the column is missing; −1 where the feature is then, too, or the steps refuse it."""
        values = [self.missing_values.get(feature, np.nan) for feature in comparisons.feature.tolist()]
        return comparisons.hold(np.arange(len(values)), np.array(values))

    @cached_property
    def missing_values(self) -> dict[int, float]:
        """Of each folded feature where its column is missing; NaN where the steps refuse that."""
        columns = self.features.table.columns
        asked = [feature for feature, (source, _) in self.folded.items() if columns[source.column].accepts_missing]
        where = np.array([self.folded[feature][0].column for feature in asked], dtype=np.int64)
        if not asked:
            return {}
        return dict(zip(asked, self.features.at(where, np.full(len(asked), np.nan), np.array(asked)).tolist()))

    def regions_of_columns(self, trees: Sequence[Tree], rounds: bool) -> Callable[[Regions, int], Regions]:
        """A function that makes of regions of a feature those of its column."""
        pairs = sorted({(int(tree.feature[node]), bound) for tree in trees for node, own in tree.regions.items() for bound in own.bounds})
        pairs = [pair for pair in pairs if pair[0] in self.folded]
        bounds = Comparisons(np.array([one for one, _ in pairs], dtype=np.int64), np.array([bound for _, bound in pairs]), True, rounds)
        along = dict(zip(pairs, self.stretches(bounds)))

        def of(own: Regions, feature: int) -> Regions:
            value, missing_left = self.missing_values.get(feature, np.nan), own.missing_left
            if not np.isnan(value):
                held = float(np.float32(value)) if rounds else value
                missing_left = own.left[sum(held >= bound for bound in own.bounds)]
            lines = [along[feature, bound] or [] for bound in own.bounds]
            sides = []
            for start in sorted({start for line in lines for start, _ in line}):
                below = [answer_at(line, start) for line in lines]
                sides.append((start, missing_left if -1 in below else own.left[below.count(0)]))
            return self.line(feature, sides, missing_left) if sides else replace(own, missing_left=missing_left)

        return of

    def kind(self, feature: int) -> Any:
        """float32 or float64: what the column of a folded feature holds."""
        return kind_of(self.features.table.columns[self.folded[feature][0].column])

    def note(self, comparisons: Comparisons, stretches: list[Stretches | None]) -> None:
        """Keeps where answers change, for probe rows."""
        starts: dict[int, list[int]] = {}
        for feature, own in zip(comparisons.feature.tolist(), stretches):
            starts.setdefault(feature, []).extend(start for start, _ in (own or [])[1:])
        for feature, found in starts.items():
            if found:
                name = self.features.table.columns[self.folded[feature][0].column].name
                self.features.table.thresholds.setdefault(name, []).append(numbers(np.array(found), self.kind(feature)))


def compared(trees: Sequence[Tree], strict: bool, rounds: bool) -> tuple[Comparisons, list[np.ndarray]]:
    """Each comparison once, and which one each node of each tree makes; leaves and nodes with regions make any."""
    sizes = np.cumsum([len(tree.feature) for tree in trees])[:-1]
    feature = np.concatenate([tree.feature for tree in trees]).astype(np.int64)
    bound = np.concatenate([tree.threshold for tree in trees]).astype(np.float64)
    plain = feature >= 0
    for start, tree in zip([0, *sizes], trees):
        plain[[start + node for node in tree.regions]] = False
    pairs, of_node = np.unique(np.stack([np.where(plain, feature, -1), np.where(plain, bound, 0.0)], axis=1), axis=0, return_inverse=True)
    return Comparisons(pairs[:, 0].astype(np.int64), pairs[:, 1], strict, rounds), np.split(of_node.ravel(), sizes)


def spread(chosen: np.ndarray, most: int) -> np.ndarray:
    """The places of no more than so many of those that are chosen, evenly over all of them."""
    where = np.flatnonzero(chosen)
    return where[:: max(1, -(-len(where) // most))]


def merged(stretches: Stretches) -> Stretches:
    return [one for at, one in enumerate(stretches) if at == 0 or stretches[at - 1][1] != one[1]]


def answer_at(stretches: Stretches, place: int) -> int:
    return next((answer for start, answer in reversed(stretches) if start <= place), stretches[0][1])


def numeric(table: Table) -> list[int]:
    """Which of the table's columns are numbers; the matrix that trees read begins with them."""
    return [place for place, column in enumerate(table.columns) if not column.text]
