"""Models of columns with gaps: what each was trained on, and rows that no sample holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer, KNNImputer, MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, TargetEncoder

ROWS = 400
SHARE = 0.15
CITIES = ["Lund", "Malmö", "Ystad"]
NEVER_SEEN = "Växjö"


@dataclass
class Recipe:
    """`marks`: what counts as a gap beside None and NaN. `rows`: as the original takes them. `warning`: a code that the conversion gives."""

    name: str
    model: Any
    frame: pd.DataFrame
    target: Any
    rows: pd.DataFrame
    marks: list[Any] = field(default_factory=list)
    warning: str | None = None

    def is_gap(self, values: pd.Series) -> pd.Series:
        return values.isna() | values.isin(self.marks)


def recipes() -> Iterator[Recipe]:
    yield from text_recipes()
    yield from imputed_text_recipes()
    yield from number_marker_recipes()
    yield from number_category_recipes()


def text_recipes() -> Iterator[Recipe]:
    unknown: dict[str, Any] = {"handle_unknown": "use_encoded_value", "unknown_value": -1}
    encoders: dict[str, Callable[[], Any]] = {
        "ordinal": lambda: OrdinalEncoder(**unknown),
        "ordinal-code": lambda: OrdinalEncoder(**unknown, encoded_missing_value=-2),
        "ordinal-rare": lambda: OrdinalEncoder(**unknown, min_frequency=100, encoded_missing_value=-3),
        "onehot": lambda: OneHotEncoder(handle_unknown="ignore"),
        "onehot-rare": lambda: OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=100),
        "onehot-drop": lambda: OneHotEncoder(handle_unknown="ignore", drop="first", sparse_output=False),
        "target": lambda: TargetEncoder(random_state=0),
    }
    for name, encoder in encoders.items():
        for kind, gaps in {"none": [None], "nan": [np.nan], "both": [None, np.nan], "empty": [np.nan, ""]}.items():
            column = text(gaps)
            null = None if None in gaps else np.nan
            new = [*CITIES, null, NEVER_SEEN, "" if kind == "empty" else null]
            warning = "NULL_MEANS" if kind == "both" else None
            yield table(f"{name}-{kind}", encoder(), column, new, marks=[""], warning=warning)
    yield table("onehot-error-none", OneHotEncoder(), text([None]), [*CITIES, None])
    yield table("ordinal-error-nan", OrdinalEncoder(encoded_missing_value=9), text([np.nan]), [*CITIES, np.nan])
    three = table("target-three-none", TargetEncoder(random_state=0), text([None]), [*CITIES, None, NEVER_SEEN], classes=3)
    yield three


def imputed_text_recipes() -> Iterator[Recipe]:
    def imputed(*steps: Any) -> Any:
        return make_pipeline(*steps)

    onehot = lambda: OneHotEncoder(handle_unknown="ignore")  # noqa: E731
    often = {"strategy": "most_frequent"}
    for name, marker, gaps in [("none", None, [None]), ("nan", np.nan, [np.nan]), ("na", pd.NA, [None, np.nan]), ("na-of-nan", pd.NA, [np.nan])]:
        model = imputed(SimpleImputer(missing_values=marker, **often), onehot())
        yield table(f"imputed-{name}", model, text(gaps), [*CITIES, gaps[0], NEVER_SEEN])
    # The usual imputer leaves None as it is, and the encoder takes it for a category.
    model = imputed(SimpleImputer(**often), onehot())
    yield table("imputed-nan-learnt-none", model, text([None, np.nan]), [*CITIES, None, NEVER_SEEN], warning="NULL_MEANS")
    word = SimpleImputer(missing_values="unknown", **often)
    yield table("imputed-word", imputed(word, onehot()), text(["unknown"]), [*CITIES, "unknown", None, NEVER_SEEN], marks=["unknown"])
    word = SimpleImputer(missing_values="unknown", strategy="constant", fill_value="none")
    model = imputed(word, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1))
    yield table("imputed-word-none", model, text(["unknown", None]), [*CITIES, "unknown", None, NEVER_SEEN], marks=["unknown"])
    model = imputed(SimpleImputer(**often), SimpleImputer(missing_values="unknown", **often), onehot())
    yield table("imputed-nan-and-word", model, text(["unknown", np.nan]), [*CITIES, "unknown", np.nan, NEVER_SEEN], marks=["unknown"])
    model = imputed(SimpleImputer(missing_values="", **often), onehot())
    yield table("imputed-empty", model, text([""]), [*CITIES, "", NEVER_SEEN], marks=[""])
    # Text and numbers through one imputer and one encoder, as DataFrames invite to.
    frame = plain_frame(text([np.nan]))
    frame["grade"] = with_gaps([1, 2, 5], [np.nan]).astype(float)
    model = make_pipeline(make_column_transformer((imputed(SimpleImputer(**often), onehot()), ["city", "grade"]), remainder="passthrough"), Ridge())
    rows = pd.DataFrame({"city": as_object(["Lund", np.nan, "Ystad", NEVER_SEEN]), "amount": [100.0, 20, 300, 4], "grade": [1, 2, np.nan, 7]})
    yield Recipe("imputed-text-and-number", model, frame, target(frame), rows)
    # Without names: the imputer is the first step of all.
    frame = plain_frame(text([np.nan]))[["city"]].assign(place=text([np.nan]))
    rows = pd.DataFrame({"city": as_object(["Lund", np.nan, "Ystad"]), "place": as_object([np.nan, "Lund", NEVER_SEEN])})
    yield Recipe("imputed-first", make_pipeline(SimpleImputer(**often), onehot(), Ridge()), frame, target(frame), rows)


def number_marker_recipes() -> Iterator[Recipe]:
    random = np.random.default_rng(71)
    frame = pd.DataFrame({
        "salary": random.integers(20_000, 90_000, ROWS), "x": random.normal(5, 1, ROWS).round(2), "grade": random.choice([1.0, 2, 5], ROWS),
    })  # fmt: skip
    y = frame.salary / 1e4 + frame.x + frame.grade
    marked = frame.copy()
    marked.loc[::7, "salary"] = -999
    marked.loc[::5, "x"] = 0
    both = marked.copy()
    both.loc[::6, "x"] = np.nan
    new = pd.DataFrame({"salary": [30_000, -999, 50_000, -999], "x": [5.0, 0, 0, 4], "grade": [1.0, 2, 5, 2]})
    holes = new.assign(x=[5.0, 0, np.nan, 4])
    marks = [-999, 0]

    def recipe(name: str, step: Any, trained: pd.DataFrame = marked, rows: pd.DataFrame = new) -> Recipe:
        return Recipe(name, make_pipeline(step, Ridge()), trained, y, rows, marks)

    parts = [
        (SimpleImputer(missing_values=-999), ["salary"]),
        (SimpleImputer(missing_values=0, strategy="median", add_indicator=True), ["x"]),
    ]
    yield recipe("marked-simple", make_column_transformer(*parts, remainder="passthrough"))
    yield recipe("marked-all", SimpleImputer(missing_values=-999))
    # Without ties, between which nearest rows are drawn.
    spread = marked.assign(x=random.normal(5, 1, ROWS), grade=random.normal(3, 1, ROWS))
    yield recipe("marked-knn", KNNImputer(missing_values=-999, n_neighbors=3), spread)
    yield recipe("marked-knn-indicator", KNNImputer(missing_values=-999, n_neighbors=3, add_indicator=True), spread)
    yield recipe("marked-iterative", IterativeImputer(missing_values=-999, random_state=0))
    yield recipe("marked-iterative-indicator", IterativeImputer(missing_values=-999, random_state=0, add_indicator=True))
    indicated = make_union(SimpleImputer(missing_values=-999), MissingIndicator(missing_values=-999))
    yield recipe("marked-indicator", indicated)
    yield recipe("marked-indicator-all", make_union(SimpleImputer(missing_values=0), MissingIndicator(missing_values=0, features="all")))
    chain = make_pipeline(SimpleImputer(strategy="median"), SimpleImputer(missing_values=-999), SimpleImputer(missing_values=0))
    yield recipe("marked-three", chain, both, holes)
    odd = marked.replace({"x": {0: -999.9}})
    step = make_column_transformer((SimpleImputer(missing_values=-999.9), ["x"]), (SimpleImputer(missing_values=-999), ["salary"]))
    yield Recipe("marked-not-whole", make_pipeline(step, Ridge()), odd, y, new.replace({"x": {0: -999.9}}), [-999, -999.9])
    often = SimpleImputer(missing_values=-999, strategy="most_frequent", add_indicator=True)
    boosted = make_pipeline(often, HistGradientBoostingRegressor(max_iter=20, random_state=0))
    yield Recipe("marked-boosted", boosted, marked, y, new, marks)


def number_category_recipes() -> Iterator[Recipe]:
    unknown: dict[str, Any] = {"handle_unknown": "use_encoded_value", "unknown_value": -1}
    values = {
        "whole": [1.0, 2, 5], "fraction": [0.1, 0.25, 1.7], "large": [2.0**40, 2.0**40 + 1, 2.0**52 + 1], "below": [-3.0, 0, 4],
    }  # fmt: skip
    for kind, known in values.items():
        column, new = with_gaps(known, [np.nan]).astype(float), [*known, np.nan, 7.0, known[0] + 1]
        yield table(f"onehot-number-{kind}", OneHotEncoder(handle_unknown="ignore"), column, new)
        yield table(f"ordinal-number-{kind}", OrdinalEncoder(**unknown, encoded_missing_value=-2), column, new)
        yield table(f"target-number-{kind}", TargetEncoder(random_state=0), column, new)
        filled = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
        yield table(f"imputed-number-{kind}", filled, column, new)
    marked = make_pipeline(SimpleImputer(missing_values=-1, strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
    yield table("imputed-number-marker", marked, with_gaps([1.0, 2, 5], [-1]).astype(float), [1, 2, 5, -1, 7], marks=[-1])
    whole = with_gaps([1.0, 2, 5], []).astype(np.int64)
    yield table("onehot-number-full", OneHotEncoder(handle_unknown="ignore"), whole, [1, 2, 5, 7])
    yield table("onehot-number-rare", OneHotEncoder(min_frequency=100, handle_unknown="infrequent_if_exist"), whole, [1, 2, 5, 7])
    yield table("ordinal-number-default", OrdinalEncoder(**unknown), with_gaps([1.0, 2, 5], [np.nan]).astype(float), [1, 2, 5, np.nan, 7])
    # A column of numbers as Python's objects, as a database gives it.
    yield table("ordinal-number-none", OrdinalEncoder(**unknown), with_gaps([1, 2, 5], [None]), [1, 2, None, 7])
    yield table("onehot-truth-none", OneHotEncoder(handle_unknown="ignore"), with_gaps([True, False], [None]), [True, False, None])


def table(
    name: str, encoder: Any, column: Any, new: list[Any], marks: list[Any] | None = None, warning: str | None = None, classes: int = 2
) -> Recipe:
    """An encoded column, `city`, beside a number, before a model that needs no more than what the encoder says."""
    frame = plain_frame(column)
    columns = make_column_transformer((encoder, ["city"]), remainder="passthrough")
    ordinal = name.startswith("ordinal")
    last = RandomForestClassifier(n_estimators=10, max_depth=4, random_state=0) if ordinal else LogisticRegression(max_iter=1000)
    rows = pd.DataFrame({"city": pd.Series(new, dtype=frame.city.dtype), "amount": np.linspace(10, 490, len(new))})
    y = np.digitize(target(frame), [300] if classes == 2 else [200, 400])
    return Recipe(name, make_pipeline(columns, last), frame, np.array(["no", "yes", "more"])[y], rows, marks or [], warning)


def plain_frame(column: Any) -> pd.DataFrame:
    return pd.DataFrame({"city": column, "amount": np.random.default_rng(3).integers(1, 500, ROWS).astype(float)})


def target(frame: pd.DataFrame) -> np.ndarray:
    """What a category says is large, so that a wrong one is seen."""
    first = frame.columns[0]
    worth = {value: 80.0 * at for at, value in enumerate(sorted(frame[first].map(str).unique()))}
    amount = frame.get("amount", 100.0)
    return np.asarray(frame[first].map(lambda value: worth[str(value)]) + amount)


def text(gaps: list[Any]) -> pd.Series:
    return with_gaps(CITIES, gaps)


def with_gaps(known: list[Any], gaps: list[Any]) -> pd.Series:
    random = np.random.default_rng(11)
    values = [known[at] for at in random.integers(0, len(known), ROWS)]
    for at in np.flatnonzero(random.random(ROWS) < SHARE):
        values[at] = gaps[at % len(gaps)] if gaps else values[at]
    return as_object(values)


def as_object(values: list[Any]) -> pd.Series:
    """pandas makes NaN of None elsewhere."""
    series = pd.Series([""] * len(values), dtype=object)
    series[:] = np.array([*values, ""], dtype=object)[:-1]
    return series
