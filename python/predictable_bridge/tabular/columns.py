"""The columns of a model: their names, from the model, the user or the sample, and what it does with odd values in them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any, Mapping

import numpy as np

from predictable_bridge.errors import ConverterError

# Stands for missing text inside the graph: no real category begins with a control character.
MISSING_TEXT = "\u0001missing"


@dataclass
class Column:
    """`type`: of the SQL column. `unknown`, of text: what the original does with a value that it has not seen.

    `within`: the values outside of which the original stops with an error.
    """

    name: str
    type: str = "float"
    accepts_missing: bool = False
    categories: list[str] | None = None
    unknown: str = "error"
    within: tuple[float, float] | None = None

    @property
    def text(self) -> bool:
        return self.categories is not None

    def facts(self) -> dict[str, Any]:
        facts = {"name": self.name, "kind": "number", "type": self.type, "acceptsMissing": self.accepts_missing}
        if self.text:
            missing = MISSING_TEXT if self.accepts_missing else None
            facts |= {"kind": "category", "type": "int64", "categories": self.categories}
            facts |= {"missingText": missing, "unknown": self.unknown}
        return facts


def column_names(
    title: str, request: Mapping[str, Any], own: list[str] | None = None, count: int | None = None, more: bool = False
) -> list[str]:
    """The user's names, the model's own, or the sample's header, in this order; `more`: a user may name more than `count`.

    Raises MISSING_COLUMNS, COLUMN_MISMATCH or NAME_COLLISION.
    """
    count = len(own) if own is not None else count
    given = request["columns"]
    if given is not None:
        if count is not None and (len(given) < count or len(given) > count and not more):
            message = f"{title} takes {count} columns, but {len(given)} names were given."
            hint = "Name each column once, in the order of training."
            raise ConverterError("COLUMN_MISMATCH", message, hint, found=given)
        return distinct(given)
    if own is not None:
        return distinct(own)
    needed = "its columns" if count is None else f"its {count} columns"
    if request["sample"] is None:
        hint = "Give them in the order of training with --columns a,b,c, or a sample whose header names them with --sample."
        message = f"{title} keeps no column names, so {needed} cannot be named."
        raise ConverterError("MISSING_COLUMNS", message, hint, needed=count)
    header = list(read_sample(request))
    if count is not None and len(header) != count:
        message = f"{title} keeps no column names and takes {count} columns; the sample has {len(header)}: {', '.join(header)}."
        raise ConverterError("COLUMN_MISMATCH", message, "Say which they are, in the order of training: --columns a,b,c.")
    return distinct(header)


def read_sample(request: Mapping[str, Any]) -> dict[str, np.ndarray]:
    from predictable_bridge.frames import read_columns

    return read_columns(request["sample"])


def distinct(names: list[str]) -> list[str]:
    """T-SQL's names ignore case, so two columns must differ by more."""
    seen: dict[str, str] = {}
    for name in names:
        if name.casefold() in seen:
            message = f"Two columns have the same name: {seen[name.casefold()]} and {name}."
            raise ConverterError("NAME_COLLISION", message, "Give other names with --columns a,b,c.")
        seen[name.casefold()] = name
    return list(names)


def check_sample(expected: list[str], found: list[str]) -> None:
    """Raises COLUMN_MISMATCH, with the names that may have been meant."""
    missing = [name for name in expected if name not in found]
    if not missing:
        return
    lower = {name.casefold(): name for name in found}
    close = {name: difflib.get_close_matches(name.casefold(), lower, n=1, cutoff=0.6) for name in missing}
    nearest = {name: lower[matches[0]] for name, matches in close.items() if matches}
    named = ", ".join(f"{name} (perhaps {nearest[name]})" if name in nearest else name for name in missing[:10])
    more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
    raise ConverterError(
        "COLUMN_MISMATCH",
        f"The sample lacks {len(missing)} of the model's {len(expected)} columns: {named}{more}.",
        "Rename the sample's columns, map them with --map column=input, or name the model's with --columns.",
        expected=expected,
        found=found,
        nearest=nearest,
    )
