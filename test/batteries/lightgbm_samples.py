"""LightGBM's objectives and features, each in a small model."""

from __future__ import annotations

from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

import booster_data as data
from booster_entry import Entry, Sample

QUIET = {"verbose": -1, "seed": 0, "num_leaves": 15, "min_data_in_leaf": 5}
# So few rows that LightGBM would not split their categories.
SMALL_GROUPS = {"min_data_per_group": 5, "cat_smooth": 1}


def booster(table: tuple[Any, Any], objective: Any, rows: pd.DataFrame | None = None, **more: Any) -> Sample:
    X, y = table
    settings = {name: more.pop(name) for name in ("group", "categorical_feature") if name in more}
    model = lgb.train({**QUIET, "objective": objective, **more}, lgb.Dataset(X, y, **settings), 15)
    return model, X if rows is None else rows


def squared_error(scores: np.ndarray, rows: lgb.Dataset) -> tuple[np.ndarray, np.ndarray]:
    return scores - rows.get_label(), np.ones_like(scores)


def wrapper(kind: Any, table: tuple[Any, Any], rows: pd.DataFrame | None = None, **more: Any) -> Sample:
    X, y = table
    fit = {"group": data.GROUPS} if kind is lgb.LGBMRanker else {}
    model = kind(n_estimators=15, num_leaves=15, verbose=-1, random_state=0, min_child_samples=5, **more).fit(X, y, **fit)
    return model, X if rows is None else rows


def early_stop() -> Sample:
    X, y = data.diabetes()
    stop = lgb.early_stopping(5, verbose=False)
    model = lgb.LGBMRegressor(n_estimators=200, learning_rate=0.3, verbose=-1, random_state=0)
    return model.fit(X[:300], y[:300], eval_set=[(X[300:], y[300:])], callbacks=[stop]), X


def centred() -> tuple[pd.DataFrame, pd.Series]:
    X, birds = data.birds()
    numbers = X[["bill_length_mm", "bill_depth_mm", "year"]]
    return (numbers - numbers.mean()).round(0), birds["body_mass_g"]


def mass(*names: str) -> tuple[pd.DataFrame, pd.Series]:
    X, birds = data.birds()
    return data.as_categories(X, *names), birds["body_mass_g"]


def codes() -> tuple[pd.DataFrame, pd.Series]:
    X, birds = data.birds()
    return data.as_codes(X), birds["body_mass_g"]


def ordered(column: str) -> tuple[pd.DataFrame, pd.Series]:
    X, y = mass("island", "sex", column)
    return X.assign(**{column: X[column].cat.as_ordered()}), y


def halves() -> tuple[pd.DataFrame, pd.Series]:
    X, y = mass("island", "sex")
    return X.assign(year=(X["year"] / 2).astype("category")), y


def text() -> pd.DataFrame:
    return data.birds()[0]


PLAIN = ["regression", "regression_l1", "huber", "fair", "quantile", "mape", "poisson", "gamma", "tweedie"]
ENTRIES: list[Entry] = [
    *(Entry(f"lightgbm-{name}.txt", name, lambda name=name: booster(data.diabetes(), name)) for name in PLAIN),
    Entry("lightgbm-binary.txt", "binary", lambda: booster(data.cancer(), "binary")),
    Entry("lightgbm-cross-entropy.txt", "cross_entropy", lambda: booster(data.cancer(), "cross_entropy")),
    Entry("lightgbm-cross-entropy-lambda.txt", "cross_entropy_lambda", lambda: booster(data.cancer(), "cross_entropy_lambda")),
    Entry("lightgbm-multiclass.txt", "multiclass", lambda: booster(data.iris(), "multiclass", num_class=3)),
    Entry("lightgbm-multiclassova.txt", "multiclassova", lambda: booster(data.iris(), "multiclassova", num_class=3)),
    Entry("lightgbm-lambdarank.txt", "lambdarank", lambda: booster(data.grades(), "lambdarank", group=data.GROUPS)),
    Entry("lightgbm-rank-xendcg.txt", "rank_xendcg", lambda: booster(data.grades(), "rank_xendcg", group=data.GROUPS)),
    Entry("lightgbm-own-objective.txt", "custom", lambda: booster(data.diabetes(), squared_error)),
    Entry("lightgbm-missing.txt", "regression", lambda: booster(data.gaps(), "regression"), ["missing values"]),
    Entry("lightgbm-missing-double.txt", "regression", lambda: booster(data.gaps(), "regression"), ["missing values", "double columns"], "double"),
    Entry("lightgbm-zero.txt", "regression", lambda: booster(centred(), "regression", zero_as_missing=True), ["zero as missing"]),
    Entry("lightgbm-dart.txt", "regression", lambda: booster(data.diabetes(), "regression", boosting="dart"), ["dart"]),
    Entry(
        "lightgbm-forest.txt", "regression",
        lambda: booster(data.diabetes(), "regression", boosting="rf", bagging_freq=1, bagging_fraction=0.7), ["random forest"],
    ),
    Entry(
        "lightgbm-forest-binary.txt", "binary",
        lambda: booster(data.cancer(), "binary", boosting="rf", bagging_freq=1, bagging_fraction=0.7), ["random forest"],
    ),
    Entry("lightgbm-linear.txt", "regression", lambda: booster(data.gaps(), "regression", linear_tree=True), ["linear trees", "missing values"]),
    Entry("lightgbm-linear-classes.txt", "multiclass", lambda: booster(data.iris(), "multiclass", num_class=3, linear_tree=True), ["linear trees"]),
    Entry("lightgbm-sqrt.txt", "regression", lambda: booster(data.diabetes(), "regression", reg_sqrt=True), ["square root"]),
    Entry("lightgbm-categories.txt", "regression", lambda: booster(mass("island", "sex"), "regression", text()), ["text categories", "missing values"]),
    Entry(
        "lightgbm-year.txt", "regression",
        lambda: booster(mass("island", "sex", "year"), "regression", text(), **SMALL_GROUPS), ["text categories", "number categories"],
    ),
    Entry(
        "lightgbm-codes.txt", "regression",
        lambda: booster(codes(), "regression", categorical_feature=["island", "sex", "year"], **SMALL_GROUPS), ["categories by code"],
    ),
    Entry("lightgbm-ordered.txt", "regression", lambda: booster(ordered("island"), "regression", text()), ["text categories"]),
    Entry("lightgbm-ordered-year.txt", "regression", lambda: booster(ordered("year"), "regression", text()), ["number categories"], expected="MISSING_SAMPLE"),
    Entry("lightgbm-half-years.txt", "regression", lambda: booster(halves(), "regression", text()), expected="UNSUPPORTED_TYPE"),
    Entry("lightgbm-no-names.txt", "regression", lambda: (booster((data.diabetes()[0].to_numpy(), data.diabetes()[1]), "regression")[0], data.diabetes()[0]), ["no names"]),
    Entry("lightgbm-species.joblib", "multiclass", lambda: wrapper(lgb.LGBMClassifier, (mass("island", "sex")[0], data.birds()[1]["species"]), text()), ["text categories", "text labels"]),
    Entry("lightgbm-diagnosis.joblib", "binary", lambda: wrapper(lgb.LGBMClassifier, data.diagnosis(), class_weight="balanced"), ["text labels"]),
    Entry("lightgbm-odd-labels.pkl", "multiclassova", lambda: wrapper(lgb.LGBMClassifier, (data.iris()[0], data.iris()[1] * 2 + 1), objective="multiclassova"), ["number labels"]),
    Entry("lightgbm-early.joblib", "regression", early_stop, ["early stopping"]),
    Entry("lightgbm-ranker.joblib", "lambdarank", lambda: wrapper(lgb.LGBMRanker, data.grades())),
]  # fmt: skip
