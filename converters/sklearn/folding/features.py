"""What a model's first steps make of its columns, computed by the fitted steps themselves."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from predictable_facts.columns import Column
from predictable_facts.rows import Rows
from sklearn.compose import ColumnTransformer

from describing.anatomy import is_passed
from describing.arrays import dense
from describing.column_uses import column_places, is_dropped

# Rows that the steps get at once: they may make many features of each.
MOST_ROWS = 8192


@dataclass
class Table:
    """The columns that a model looks at, of the `width` that its rows have, and rows of them that it takes.

    `native`: makes of rows what the model was fitted on. `thresholds`: of each column by name, filled as trees are folded: the numbers
    below which, and from which on, answers of trees differ.
    """

    columns: list[Column]
    width: int
    rows: Rows
    native: Callable[[Rows], Any]
    thresholds: dict[str, list[np.ndarray]] = field(default_factory=dict)


class Features:
    """The features [rows, F] of a chain of fitted steps, as functions of single columns: all others hold the values of one row."""

    def __init__(self, steps: list[Any], table: Table) -> None:
        self.steps, self.table = steps, table
        self.of_text: dict[str, np.ndarray] = {}
        self.base = {name: values[:1] for name, values in table.rows.items()}

    def of_rows(self, rows: Rows) -> np.ndarray:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            found = self.table.native(rows)
            for at, step in enumerate(self.steps):
                found = self.parts_of(step, found) if at == 0 and type(step) is ColumnTransformer else step.transform(found)
            return dense(found)

    def parts_of(self, transformer: ColumnTransformer, rows: Any) -> np.ndarray:
        """What it makes of the rows; what it makes of text alone is asked of one row only, as no other is ever in them."""
        texts = {column.at for column in self.table.columns if column.text}
        found = []
        for name, step, _ in transformer.transformers_:
            at = column_places(transformer, name)
            if is_dropped(step) or not at:
                continue
            own = rows.iloc[:, at] if hasattr(rows, "iloc") else rows[:, at]
            if texts.issuperset(at) and not is_passed(step):
                if name not in self.of_text:
                    self.of_text[name] = dense(step.transform(own[:1]))
                found.append(np.repeat(self.of_text[name], len(own), axis=0))
            else:
                found.append(np.asarray(own) if is_passed(step) else dense(step.transform(own)))
        return np.hstack(found)

    def at(self, columns: np.ndarray, values: np.ndarray, features: np.ndarray) -> np.ndarray:
        """[Q]: of each query the feature, where its column holds the value; NaN where a step refuses the value.

        Queries of different columns share a row, and the same query is asked once.
        """
        bits = values.view(np.int64)
        order = np.lexsort((bits, features, columns))
        same = [np.diff(part[order]) == 0 for part in (columns, features, bits)]
        group = np.concatenate([[0], np.cumsum(~np.all(same, axis=0))])
        first = order[np.searchsorted(group, np.arange(group[-1] + 1))]
        result = np.empty(len(columns))
        result[order] = self.each(columns[first], values[first], features[first])[group]
        return result

    def each(self, columns: np.ndarray, values: np.ndarray, features: np.ndarray) -> np.ndarray:
        result = np.empty(len(columns), dtype=np.float64)
        row = ranks(columns)
        for start in range(0, int(row.max(initial=-1)) + 1, MOST_ROWS):
            mine = np.flatnonzero((row >= start) & (row < start + MOST_ROWS))
            result[mine] = self.together(columns[mine], values[mine], features[mine], row[mine] - start)
        return result

    def together(self, columns: np.ndarray, values: np.ndarray, features: np.ndarray, row: np.ndarray) -> np.ndarray:
        """In one call of the steps, and in halves where they refuse that."""
        rows = {name: np.repeat(base, int(row.max()) + 1) for name, base in self.base.items()}
        for place in np.unique(columns):
            mine = columns == place
            rows[self.table.columns[place].name][row[mine]] = values[mine]
        try:
            return self.of_rows(rows)[row, features]
        except Exception:  # noqa: BLE001 - whatever a fitted step says to a number that it does not take
            if len(columns) == 1:
                return np.array([np.nan])
        half = len(columns) // 2
        halves = [self.each(columns[part], values[part], features[part]) for part in (slice(half), slice(half, None))]
        return np.concatenate(halves)


def ranks(columns: np.ndarray) -> np.ndarray:
    """Of each query how many before it ask for the same column."""
    result = np.empty(len(columns), dtype=np.int64)
    for column in np.unique(columns):
        mine = np.flatnonzero(columns == column)
        result[mine] = np.arange(len(mine))
    return result
