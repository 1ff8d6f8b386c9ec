"""Encoders, with the imputers before them, as tables of what they make of each value: asked of the fitted steps themselves.

So all that they do comes out as they do it: categories put together as infrequent or dropped, codes for missing values, None that is a
category beside NaN that is none, words and numbers that mark a gap.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from predictable_facts.columns import MISSING_TEXT, NONE_TEXT
from predictable_facts.frames import text_array
from predictable_facts.rows import is_missing
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder

from describing.column_uses import keeps_columns

NEVER_SEEN = "\u0001never seen"


@dataclass
class LookupColumn:
    """`keys`: text or numbers, all that the steps know of a column; among the numbers NaN for what is missing.

    `table`: what they make of each key, last of a value that they have not seen [keys + 1, width]. Or `places`, where that is all zeros
    with no more than a one in a row: which column holds it, −1 where none does [keys + 1].
    """

    keys: list[Any]
    width: int
    table: np.ndarray | None
    places: np.ndarray | None

    @property
    def text(self) -> bool:
        return any(isinstance(key, str) for key in self.keys)


class Lookup(TransformerMixin, BaseEstimator):
    """A step that takes columns as they are, text and numbers side by side. `double`: whether its table is to be of double."""

    def __init__(self, columns: list[LookupColumn], double: bool) -> None:
        self.columns, self.double = columns, double

    @property
    def width(self) -> int:
        return sum(column.width for column in self.columns)


def is_encoder(step: Any) -> bool:
    return isinstance(getattr(step, "categories_", None), list)


def with_lookups(entries: list[tuple[str, Any]], double: bool) -> list[tuple[str, Any]]:
    """The named steps of a pipeline, with one lookup in place of an encoder and the imputers right before it."""
    result: list[tuple[str, Any]] = []
    imputers: list[tuple[str, Any]] = []
    for name, step in entries:
        if imputers and is_encoder(step):
            result.append((name, lookup([*(imputer for _, imputer in imputers), step], double)))
            imputers = []
        elif isinstance(step, SimpleImputer) and keeps_columns(step):
            imputers.append((name, step))
        else:
            result += [*imputers, (name, step)]
            imputers = []
    return result + imputers


def lookup(chain: Sequence[Any], double: bool) -> Lookup:
    """`chain`: an encoder, behind imputers that keep its columns."""
    asked = Asked(chain)
    return Lookup([asked.column(at) for at in range(len(asked.categories))], double)


class Asked:
    """The chain, with rows for it of which only one column changes."""

    def __init__(self, chain: Sequence[Any]) -> None:
        *self.imputers, encoder = chain
        self.categories = encoder.categories_
        self.steps = [*self.imputers, sparse_output(encoder)]
        self.names = getattr(chain[0], "feature_names_in_", None)
        self.starts = np.cumsum([0, *output_widths(encoder)])

    def column(self, at: int) -> LookupColumn:
        """What the chain makes of one column."""
        text = self.is_text(at)
        known = [value for value in self.categories[at] if not is_missing(value)]
        keys, rows = list(known), [self.made(at, known)] if known else []
        # The chain may refuse each of these: then no row has it.
        for key, value in [*((mark, mark) for mark in self.marks(at, text)), *self.missing(at, text)]:
            try:
                rows.append(self.made(at, [value]))
                keys.append(key)
            except ValueError:
                pass
        try:
            rows.append(self.made(at, [NEVER_SEEN if text else self.unseen_number(at)]))
        except ValueError:
            rows.append(sparse.csr_matrix((1, self.starts[at + 1] - self.starts[at])))
        return lookup_column([str(key) if text else float(key) for key in keys], sparse.vstack(rows).tocsr())

    def is_text(self, at: int) -> bool:
        return any(isinstance(value, str) for value in [*self.categories[at], *(imputer.statistics_[at] for imputer in self.imputers)])

    def is_boxed(self, at: int) -> bool:
        """Whether its values are Python's objects, to which the encoder keeps."""
        return self.is_text(at) or self.categories[at].dtype == object

    def marks(self, at: int, text: bool) -> list[Any]:
        """What the imputers take for missing, where that is a word or a number, and no category."""
        kinds = str if text else (int, float, np.number)
        marks = dict.fromkeys(imputer.missing_values for imputer in self.imputers)
        return [mark for mark in marks if isinstance(mark, kinds) and not is_missing(mark) and mark not in self.categories[at]]

    def missing(self, at: int, text: bool) -> list[tuple[Any, Any]]:
        """The keys of missing values, and what the chain gets for them."""
        if text:
            return [(NONE_TEXT, None), (MISSING_TEXT, np.nan)]
        return [(np.nan, None if any(value is None for value in self.categories[at]) else np.nan)]

    def unseen_number(self, at: int) -> float:
        numbers = [float(value) for value in [*self.categories[at], *self.marks(at, False)] if not is_missing(value)]
        return 2.0 * max(map(abs, numbers), default=0.0) + 1.5

    def made(self, at: int, values: list[Any]) -> sparse.csr_matrix:
        """[values, width] of the column's own part of the result. Raises ValueError for a value that the chain refuses."""
        columns = []
        for place, own in enumerate(self.categories):
            usual = next((value for value in own if not is_missing(value)), own[0])
            chosen = values if place == at else [usual] * len(values)
            columns.append(text_array(list(chosen)) if self.is_boxed(place) else np.array(chosen, dtype=np.float64))
        result = self.rows(columns)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for step in self.steps:
                result = step.transform(result)
        return sparse.csr_matrix(result[:, self.starts[at] : self.starts[at + 1]])

    def rows(self, columns: list[np.ndarray]) -> Any:
        if self.names is not None:
            import pandas

            return pandas.DataFrame({name: pandas.Series(values, dtype=values.dtype) for name, values in zip(self.names, columns)})
        if all(values.dtype == np.float64 for values in columns):
            return np.column_stack(columns)
        matrix = np.empty((len(columns[0]), len(columns)), dtype=object)
        for at, values in enumerate(columns):
            matrix[:, at] = values
        return matrix


def sparse_output(encoder: Any) -> Any:
    """One-hot as a sparse table: of ten thousand categories the dense one has 10⁸ numbers."""
    result = copy.copy(encoder)
    if hasattr(result, "set_output"):
        result.set_output(transform="default")
    if isinstance(encoder, OneHotEncoder):
        result.sparse_output = True
    return result


def output_widths(encoder: Any) -> list[int]:
    """How many columns come of each."""
    if isinstance(encoder, OneHotEncoder):
        return list(encoder._n_features_outs)
    several = getattr(encoder, "target_type_", None) == "multiclass"
    return [len(encoder.classes_) if several else 1] * len(encoder.categories_)


def lookup_column(keys: list[Any], made: sparse.csr_matrix) -> LookupColumn:
    made.sum_duplicates()
    made.eliminate_zeros()
    counts = np.diff(made.indptr)
    width = made.shape[1]
    if width > 1 and counts.max(initial=0) <= 1 and (made.data == 1.0).all():
        places = np.full(len(counts), -1)
        places[counts == 1] = made.indices
        return LookupColumn(keys, width, None, places)
    return LookupColumn(keys, width, made.toarray(), None)
