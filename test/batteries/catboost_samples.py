"""CatBoost's loss functions and features, each in a small model."""

from __future__ import annotations

from typing import Any

import catboost as cb
import numpy as np
import pandas as pd
from sklearn.datasets import load_digits

import booster_data as data
from booster_entry import Entry, Sample

QUIET = {"iterations": 15, "depth": 4, "verbose": 0, "allow_writing_files": False, "random_seed": 0, "thread_count": 1}
CATS = ["island", "sex"]


def estimator(kind: Any, table: tuple[Any, Any], loss: str, fit: dict[str, Any] | None = None, **more: Any) -> Sample:
    X, y = table
    return kind(loss_function=loss, **{**QUIET, **more}).fit(X, y, **(fit or {})), X


def regressor(loss: str, table: tuple[Any, Any] | None = None, **more: Any) -> Sample:
    return estimator(cb.CatBoostRegressor, table or data.diabetes(), loss, **more)


def classifier(loss: str, table: tuple[Any, Any], **more: Any) -> Sample:
    return estimator(cb.CatBoostClassifier, table, loss, **more)


def ranker(loss: str) -> Sample:
    X, grade = data.grades()
    groups = np.repeat(np.arange(len(data.GROUPS)), data.GROUPS)
    return estimator(cb.CatBoostRanker, (X, grade / 3), loss, {"group_id": groups})


def birds() -> tuple[pd.DataFrame, pd.DataFrame]:
    X, birds = data.birds()
    return X.assign(**{name: X[name].fillna("unknown") for name in CATS}), birds


def species() -> tuple[pd.DataFrame, pd.Series]:
    return birds()[0], birds()[1]["species"]


def mass() -> tuple[pd.DataFrame, pd.Series]:
    return birds()[0], birds()[1]["body_mass_g"]


def share() -> Sample:
    X, y = data.diabetes()
    model = cb.CatBoost({"loss_function": "CrossEntropy", **QUIET})
    return model.fit(cb.Pool(X, y / 400)), X


def survival() -> Sample:
    X, y = data.diabetes()
    return regressor("SurvivalAft", (X, np.column_stack([y, y + 10])))


def cox() -> Sample:
    X, y = data.diabetes()
    return regressor("Cox", (X, y.where(y > 100, -y)))


def early_stop() -> Sample:
    X, y = data.diabetes()
    fit = {"eval_set": (X[300:], y[300:]), "early_stopping_rounds": 5}
    return regressor("RMSE", (X[:300], y[:300]), fit=fit, iterations=300, learning_rate=0.3)[0], X


def strict() -> Sample:
    model, X = classifier("Logloss", data.diagnosis())
    model.set_probability_threshold(0.8)
    return model, X


def gapped_targets() -> tuple[pd.DataFrame, np.ndarray]:
    X, y = data.two_targets()
    return X, np.where(y > 20, y, np.nan)


def remarks() -> Sample:
    X, y = mass()
    X = X.assign(remark=[f"a bird of {island}" for island in X["island"]])
    return regressor("RMSE", (X, y), cat_features=CATS, text_features=["remark"])


def pixels() -> tuple[pd.DataFrame, pd.Series]:
    """Handwritten digits, their middle pixels as texts."""
    X, y = load_digits(return_X_y=True, as_frame=True)
    names = [f"pixel_{row}_{column}" for row in (2, 3, 4, 5) for column in (2, 3, 4, 5)]
    return X[names].map(lambda value: f"grey {value:.0f}"), y > 4


def combined(table: tuple[pd.DataFrame, pd.Series]) -> Sample:
    more = {"max_ctr_complexity": 8, "model_size_reg": 0, "iterations": 30, "depth": 8}
    return classifier("Logloss", table, cat_features=list(table[0]), **more)


def pairs() -> tuple[pd.DataFrame, pd.Series]:
    """The same pixels two by two: three pairs have more combinations than a graph may hold."""
    X, y = pixels()
    names = list(X)
    return pd.DataFrame({f"{a}_{b[6:]}": X[a] + " " + X[b] for a, b in zip(names[::2], names[1::2])}), y


PLAIN = [
    "RMSE", "MAE", "Quantile", "LogCosh", "Huber:delta=5", "Expectile:alpha=0.3", "MAPE", "Lq:q=3", "Poisson",
    "Tweedie:variance_power=1.5", "LogLinQuantile",
]  # fmt: skip
RANKED = [
    "YetiRank", "YetiRankPairwise", "QueryRMSE", "QuerySoftMax", "PairLogit", "PairLogitPairwise", "StochasticRank:metric=DCG",
    "LambdaMart:metric=NDCG",
]  # fmt: skip


def named(loss: str, train: Any) -> Entry:
    name = loss.partition(":")[0]
    return Entry(f"catboost-{name.lower()}.cbm", name, lambda: train(loss))


ENTRIES: list[Entry] = [
    *(named(loss, regressor) for loss in PLAIN),
    *(named(loss, ranker) for loss in RANKED),
    Entry("catboost-uncertainty.cbm", "RMSEWithUncertainty", lambda: regressor("RMSEWithUncertainty"), ["several outputs"]),
    Entry("catboost-quantiles.cbm", "MultiQuantile", lambda: regressor("MultiQuantile:alpha=0.1,0.5,0.9"), ["several outputs"]),
    Entry("catboost-two-targets.cbm", "MultiRMSE", lambda: regressor("MultiRMSE", data.two_targets()), ["several outputs"]),
    Entry("catboost-gapped-targets.cbm", "MultiRMSEWithMissingValues", lambda: regressor("MultiRMSEWithMissingValues", gapped_targets()), ["several outputs"]),
    Entry("catboost-cox.cbm", "Cox", cox),
    Entry("catboost-aft.cbm", "SurvivalAft", survival),
    Entry("catboost-cancer.cbm", "Logloss", lambda: classifier("Logloss", data.cancer())),
    Entry("catboost-share.joblib", "CrossEntropy", share),
    Entry("catboost-iris.cbm", "MultiClass", lambda: classifier("MultiClass", data.iris())),
    Entry("catboost-one-against-all.cbm", "MultiClassOneVsAll", lambda: classifier("MultiClassOneVsAll", data.iris())),
    Entry("catboost-two-labels.cbm", "MultiLogloss", lambda: classifier("MultiLogloss", data.two_labels()), ["several outputs"]),
    Entry("catboost-two-shares.cbm", "MultiCrossEntropy", lambda: classifier("MultiCrossEntropy", data.two_labels()), ["several outputs"]),
    Entry("catboost-missing.cbm", "RMSE", lambda: regressor("RMSE", data.gaps()), ["missing values"]),
    Entry("catboost-missing-last.cbm", "RMSE", lambda: regressor("RMSE", data.gaps(), nan_mode="Max"), ["missing values", "double columns"], "double"),
    Entry("catboost-lossguide.cbm", "RMSE", lambda: regressor("RMSE", data.gaps(), grow_policy="Lossguide"), ["Lossguide trees", "missing values"]),
    Entry("catboost-depthwise.cbm", "MultiClass", lambda: classifier("MultiClass", species(), grow_policy="Depthwise", one_hot_max_size=10, cat_features=CATS), ["Depthwise trees", "one-hot categories", "text labels"]),
    Entry("catboost-one-hot.cbm", "MultiClass", lambda: classifier("MultiClass", species(), one_hot_max_size=10, cat_features=CATS), ["one-hot categories", "text labels", "missing values"]),
    Entry("catboost-statistics.cbm", "MultiClass", lambda: classifier("MultiClass", species(), cat_features=CATS), ["category statistics", "text labels", "missing values"]),
    Entry("catboost-counters.cbm", "RMSE", lambda: regressor("RMSE", mass(), cat_features=CATS, one_hot_max_size=1, simple_ctr=["Counter", "Buckets", "BinarizedTargetMeanValue"]), ["category statistics"]),
    Entry("catboost-combined.cbm", "RMSE", lambda: regressor("RMSE", mass(), cat_features=CATS, max_ctr_complexity=4, model_size_reg=0, one_hot_max_size=1, iterations=60, depth=6), ["combined categories", "missing values"]),
    Entry("catboost-combined-last.cbm", "MultiClass", lambda: classifier("MultiClass", species(), cat_features=[*CATS, "year"], nan_mode="Max", max_ctr_complexity=4, model_size_reg=0, iterations=60, depth=6), ["combined categories", "number categories", "text labels"]),
    Entry("catboost-pixels.cbm", "Logloss", lambda: combined(pixels()), ["combined categories"]),
    Entry("catboost-pixel-pairs.cbm", "Logloss", lambda: combined(pairs()), ["combined categories"], expected="UNSUPPORTED_MODEL"),
    Entry("catboost-remarks.cbm", "RMSE", remarks, expected="UNSUPPORTED_MODEL"),
    Entry("catboost-diagnosis.joblib", "Logloss", lambda: classifier("Logloss", data.diagnosis()), ["text labels"]),
    Entry("catboost-strict.pkl", "Logloss", strict, ["probability threshold", "text labels"]),
    Entry("catboost-early.joblib", "RMSE", early_stop, ["early stopping"]),
    Entry("catboost-no-names.cbm", "RMSE", lambda: (regressor("RMSE", (data.diabetes()[0].to_numpy(), data.diabetes()[1]))[0], data.diabetes()[0]), ["no names"]),
]  # fmt: skip
