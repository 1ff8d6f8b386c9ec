"""XGBoost's objectives, boosters and features, each in a small model."""

from __future__ import annotations

from typing import Any

import pandas as pd
import xgboost as xgb

import booster_data as data
from booster_entry import Entry, Sample


def booster(table: tuple[Any, Any], objective: str, rows: pd.DataFrame | None = None, **more: Any) -> Sample:
    X, y = table
    settings = {name: more.pop(name) for name in ("feature_types", "group", "label_lower_bound", "label_upper_bound") if name in more}
    matrix = xgb.DMatrix(X, y, enable_categorical=True, **settings)
    model = xgb.train({"objective": objective, "max_depth": 4, "seed": 0, **more}, matrix, 15)
    return model, X if rows is None else rows


def wrapper(kind: Any, table: tuple[Any, Any], rows: pd.DataFrame | None = None, **more: Any) -> Sample:
    X, y = table
    fit = {"group": data.GROUPS} if kind is xgb.XGBRanker else {}
    return kind(n_estimators=15, max_depth=4, random_state=0, **more).fit(X, y, **fit), X if rows is None else rows


def early_stop() -> Sample:
    X, y = data.diabetes()
    model = xgb.XGBRegressor(n_estimators=200, early_stopping_rounds=3, random_state=0)
    return model.fit(X[:300], y[:300], eval_set=[(X[300:], y[300:])], verbose=False), X


def marked() -> tuple[pd.DataFrame, pd.Series]:
    X, y = data.gaps()
    return X.fillna(-999.0), y


def mass(*names: str) -> tuple[pd.DataFrame, pd.Series]:
    X, birds = data.birds()
    return data.as_categories(X, *names), birds["body_mass_g"]


def species() -> tuple[pd.DataFrame, pd.Series]:
    return mass("island", "sex")[0], data.birds()[1]["species"].astype("category").cat.codes


def codes() -> tuple[pd.DataFrame, pd.Series]:
    X, birds = data.birds()
    return data.as_codes(X), birds["body_mass_g"]


def share() -> tuple[pd.DataFrame, pd.Series]:
    X, y = data.diabetes()
    return X, y / 400


def survival() -> Sample:
    X, y = data.diabetes()
    return booster((X, None), "survival:aft", label_lower_bound=y, label_upper_bound=y)


def text() -> pd.DataFrame:
    return data.birds()[0]


def linear_classifier(table: tuple[pd.DataFrame, Any]) -> Sample:
    X, y = table
    return xgb.XGBClassifier(n_estimators=15, booster="gblinear").fit(X, y), X


def scaled(table: tuple[pd.DataFrame, Any]) -> tuple[pd.DataFrame, Any]:
    return table[0] / table[0].max(), table[1]


def hits() -> tuple[pd.DataFrame, Any]:
    X, grade = data.grades()
    return X, (grade > 1).astype(int)


ON_DIABETES = [
    "reg:squarederror", "reg:squaredlogerror", "reg:pseudohubererror", "reg:absoluteerror", "reg:gamma", "reg:tweedie",
    "count:poisson", "survival:cox",
]  # fmt: skip
ENTRIES: list[Entry] = [
    *(Entry(f"xgboost-{name.replace(':', '-')}.json", name, lambda name=name: booster(data.diabetes(), name)) for name in ON_DIABETES),
    *(Entry(f"xgboost-{name.replace(':', '-')}.ubj", name, lambda name=name: booster(data.cancer(), name)) for name in ("binary:logistic", "binary:logitraw", "binary:hinge")),
    *(Entry(f"xgboost-{name.replace(':', '-')}.ubj", name, lambda name=name: booster(data.iris(), name, num_class=3)) for name in ("multi:softprob", "multi:softmax")),
    *(Entry(f"xgboost-{name.replace(':', '-')}.json", name, lambda name=name: booster(hits(), name, group=data.GROUPS)) for name in ("rank:ndcg", "rank:map", "rank:pairwise")),
    Entry("xgboost-reg-logistic.json", "reg:logistic", lambda: booster(share(), "reg:logistic")),
    Entry("xgboost-survival-aft.ubj", "survival:aft", survival),
    Entry("xgboost-quantiles.json", "reg:quantileerror", lambda: booster(data.diabetes(), "reg:quantileerror", quantile_alpha=[0.1, 0.5, 0.9]), ["several outputs"]),
    Entry("xgboost-missing.ubj", "reg:squarederror", lambda: booster(data.gaps(), "reg:squarederror"), ["missing values"]),
    Entry("xgboost-missing-double.ubj", "reg:squarederror", lambda: booster(data.gaps(), "reg:squarederror"), ["missing values", "double columns"], "double"),
    Entry("xgboost-marked.joblib", "reg:squarederror", lambda: wrapper(xgb.XGBRegressor, marked(), missing=-999.0), ["another missing value"]),
    Entry("xgboost-dart.json", "reg:squarederror", lambda: booster(data.diabetes(), "reg:squarederror", booster="dart", rate_drop=0.3), ["dart"]),
    Entry("xgboost-dart-classes.joblib", "multi:softprob", lambda: wrapper(xgb.XGBClassifier, data.iris(), booster="dart", rate_drop=0.3), ["dart"]),
    Entry("xgboost-linear.json", "reg:squarederror", lambda: booster(data.gaps(), "reg:squarederror", booster="gblinear"), ["linear booster", "missing values"]),
    Entry("xgboost-linear-binary.joblib", "binary:logistic", lambda: linear_classifier(scaled(data.cancer())), ["linear booster"]),
    Entry("xgboost-two-targets.joblib", "reg:squarederror", lambda: wrapper(xgb.XGBRegressor, data.two_targets()), ["several outputs"]),
    Entry("xgboost-vector-leaves.joblib", "reg:squarederror", lambda: wrapper(xgb.XGBRegressor, data.two_targets(), multi_strategy="multi_output_tree"), ["several outputs", "one tree for several outputs"]),
    Entry("xgboost-vector-classes.joblib", "multi:softprob", lambda: wrapper(xgb.XGBClassifier, data.iris(), multi_strategy="multi_output_tree"), ["one tree for several outputs"]),
    Entry("xgboost-two-labels.joblib", "binary:logistic", lambda: wrapper(xgb.XGBClassifier, data.two_labels()), ["several labels"]),
    Entry("xgboost-forest.joblib", "reg:squarederror", lambda: wrapper(xgb.XGBRFRegressor, data.diabetes()), ["random forest"]),
    Entry("xgboost-forest-binary.pkl", "binary:logistic", lambda: wrapper(xgb.XGBRFClassifier, data.cancer()), ["random forest"]),
    Entry("xgboost-classifier.json", "multi:softprob", lambda: wrapper(xgb.XGBClassifier, data.iris())),
    Entry("xgboost-softmax.joblib", "multi:softmax", lambda: wrapper(xgb.XGBClassifier, data.iris(), objective="multi:softmax")),
    Entry("xgboost-hinge.joblib", "binary:hinge", lambda: wrapper(xgb.XGBClassifier, data.cancer(), objective="binary:hinge")),
    Entry("xgboost-logitraw.joblib", "binary:logitraw", lambda: wrapper(xgb.XGBClassifier, data.cancer(), objective="binary:logitraw")),
    Entry("xgboost-early.ubj", "reg:squarederror", early_stop, ["early stopping"]),
    Entry("xgboost-ranker.joblib", "rank:ndcg", lambda: wrapper(xgb.XGBRanker, data.grades())),
    Entry("xgboost-species.joblib", "multi:softprob", lambda: wrapper(xgb.XGBClassifier, species(), text(), enable_categorical=True), ["text categories", "missing values"]),
    Entry("xgboost-category-sets.json", "reg:squarederror", lambda: booster(mass("island", "sex", "year"), "reg:squarederror", text(), max_cat_to_onehot=1), ["text categories", "number categories"]),
    Entry("xgboost-codes.json", "reg:squarederror", lambda: booster(codes(), "reg:squarederror", feature_types=["c", "c", "q", "q", "c"]), ["categories by code"]),
    Entry("xgboost-no-names.ubj", "reg:squarederror", lambda: (booster((data.diabetes()[0].to_numpy(), data.diabetes()[1]), "reg:squarederror")[0], data.diabetes()[0]), ["no names"]),
]  # fmt: skip
