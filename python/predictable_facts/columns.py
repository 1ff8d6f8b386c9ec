"""The columns that a model takes: their facts as the envelope wants them, and names that hold in SQL."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any, Mapping

import numpy as np
from predictable_bridge.errors import ConverterError

# Stand for missing text inside the graph, NaN and None: no real category begins with a control character.
MISSING_TEXT = "\u0001missing"
NONE_TEXT = "\u0001none"


@dataclass
class Column:
    """A column of the model's table.

    `at`: its place in the model's rows, from 0. `kind`: `number` or `category`. `type`: what the column is to hold; of a category
    the type of its codes. `categories`, of text: the values that the model knows. `unknown`, of text: what the original does with a
    value that it has not seen, `zeros` or `error`. `none`: whether NULL is the model's None, not its NaN. `boxed`, of numbers: whether
    the model takes them as Python's objects; `single`: as float32, so that the original computes in that. `within`: the lowest and the
    highest value that the original takes.
    """

    name: str
    at: int
    kind: str
    type: str
    accepts_missing: bool
    categories: list[str] | None = None
    unknown: str | None = None
    none: bool = False
    boxed: bool = False
    single: bool = False
    within: tuple[float, float] | None = None

    @property
    def text(self) -> bool:
        return self.kind == "category"

    def facts(self) -> dict[str, Any]:
        facts = {"name": self.name, "kind": self.kind, "type": self.type, "acceptsMissing": self.accepts_missing}
        if self.text:
            missing = (NONE_TEXT if self.none else MISSING_TEXT) if self.accepts_missing else None
            facts |= {"categories": self.categories, "missingText": missing, "unknown": self.unknown}
        return facts


def column_names(
    title: str,
    own: list[str] | None,
    count: int | None,
    asked: list[str] | None,
    sample: Mapping[str, np.ndarray] | None,
    *,
    more: bool = False,
    taker: str = "The model",
    nameless: str = "was fitted without column names",
) -> list[str]:
    """The names that the user `asked` for, else the model's `own`, else the sample's header.

    `title`: the model in one line. `count`: how many columns it takes, if it tells. `more`: the user may name more columns than that.
    `taker` and `nameless`: what messages call the model, and what they say of its lack of names.
    Raises MISSING_COLUMNS, COLUMN_MISMATCH or NAME_COLLISION.
    """
    if asked is not None:
        if count is not None and (len(asked) < count or len(asked) > count and not more):
            message = f"{taker} takes {count} columns, but {len(asked)} names were given."
            raise ConverterError("COLUMN_MISMATCH", message, "Name each column once, in the order of training.", found=asked)
        return unique(asked)
    if own is not None:
        return unique(own)
    needed = "its columns" if count is None else f"its {count} columns"
    hint = "Give them in the order of training with --columns a,b,c, or a sample whose header names them with --sample."
    if sample is None:
        message = f"{title} {nameless}, so {needed} cannot be named."
        raise ConverterError("MISSING_COLUMNS", message, hint, needed=count)
    if count is not None and len(sample) != count:
        message = f"{title} {nameless} and takes {count} columns; the sample has {len(sample)}: {', '.join(sample)}."
        raise ConverterError("COLUMN_MISMATCH", message, "Say which they are, in the order of training: --columns a,b,c.")
    return unique(list(sample))


def unique(names: list[str]) -> list[str]:
    """T-SQL's names ignore case, so two columns must differ by more."""
    seen: dict[str, str] = {}
    for name in names:
        if name.casefold() in seen:
            message = f"Two columns have the same name: {seen[name.casefold()]} and {name}."
            raise ConverterError("NAME_COLLISION", message, "Give other names with --columns a,b,c.")
        seen[name.casefold()] = name
    return list(names)


def check_sample(expected: list[str], header: list[str]) -> None:
    """Raises COLUMN_MISMATCH where the sample's header lacks a name, with the names that may have been meant."""
    missing = [name for name in expected if name not in header]
    if not missing:
        return
    lower = {name.casefold(): name for name in header}
    nearest = {}
    for name in missing:
        close = difflib.get_close_matches(name.casefold(), lower, n=1, cutoff=0.6)
        if close:
            nearest[name] = lower[close[0]]
    named = ", ".join(f"{name} (perhaps {nearest[name]})" if name in nearest else name for name in missing[:10])
    more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
    raise ConverterError(
        "COLUMN_MISMATCH",
        f"The sample lacks {len(missing)} of the model's {len(expected)} columns: {named}{more}.",
        "Rename the sample's columns, map them with --map column=input, or name the model's with --columns.",
        expected=expected,
        found=header,
        nearest=nearest,
    )
