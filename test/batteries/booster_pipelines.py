"""Trains models of scikit-learn and imbalanced-learn that hold boosters, and saves each with the rows that it was trained on.

    python test/batteries/booster_pipelines.py FOLDER [--only NAME ...]

writes the models with their `<name>.sample.csv`, and `pipelines.json`: what each of them shows and how it should end.
"""

from __future__ import annotations

import json
import os
import warnings
from dataclasses import dataclass
from typing import Any, Callable

# Models this small are slower on several threads than on one; read when the libraries are imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import joblib
import pandas as pd
from catboost import CatBoostClassifier, CatBoostRegressor
from imblearn.ensemble import BalancedRandomForestClassifier
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import Pipeline as SamplingPipeline
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import BaggingClassifier, StackingClassifier, StackingRegressor, VotingClassifier, VotingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from xgboost import XGBClassifier, XGBRegressor, XGBRFRegressor

import booster_data as data
from command_line import folder_and_names

LIGHT = {"n_estimators": 10, "num_leaves": 7, "verbose": -1, "random_state": 0}
EXTREME = {"n_estimators": 10, "max_depth": 3, "random_state": 0}
CAT = {"iterations": 10, "depth": 3, "verbose": 0, "random_seed": 0, "allow_writing_files": False}


@dataclass
class Entry:
    """`table`: columns and target. `expected`: `verified`, or the code that refuses it."""

    shows: str
    model: Callable[[], Any]
    table: Callable[[], tuple[Any, Any]]
    expected: str = "verified"


def islands() -> tuple[pd.DataFrame, pd.Series]:
    X, birds = data.birds()
    known = X.notna().all(axis=1)
    return X[known], birds["body_mass_g"][known]


def categories() -> tuple[pd.DataFrame, pd.Series]:
    X, y = islands()
    return data.as_categories(X[["island", "bill_length_mm"]], "island"), y


def encoded(last: Any) -> Any:
    columns = ColumnTransformer([("text", OneHotEncoder(handle_unknown="ignore"), ["island", "sex"])], remainder="passthrough")
    return make_pipeline(columns, last)


def imputed(last: Any) -> Any:
    """What most tutorials build."""
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    texts = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
    columns = ColumnTransformer([("numbers", numbers, ["bill_length_mm", "bill_depth_mm", "year"]), ("texts", texts, ["island", "sex"])])
    return make_pipeline(columns, last)


def species() -> tuple[pd.DataFrame, pd.Series]:
    X, birds = data.birds()
    return X, birds["species"].astype("category").cat.codes


def mass() -> tuple[pd.DataFrame, pd.Series]:
    X, birds = data.birds()
    return X, birds["body_mass_g"]


ENTRIES = {
    "scaled-light": Entry(
        "scaler before LGBMClassifier, text labels", lambda: make_pipeline(StandardScaler(), LGBMClassifier(**LIGHT)), data.diagnosis
    ),
    "three-classes-light": Entry(
        "scaler before LGBMClassifier, three classes", lambda: make_pipeline(StandardScaler(), LGBMClassifier(**LIGHT)), data.iris
    ),
    "encoded-extreme": Entry(
        "ColumnTransformer with OneHotEncoder before XGBRegressor", lambda: encoded(XGBRegressor(**EXTREME)), islands
    ),
    "imputed-extreme": Entry(
        "SimpleImputer, StandardScaler and OneHotEncoder before XGBClassifier", lambda: imputed(XGBClassifier(**EXTREME)), species
    ),
    "imputed-light": Entry(
        "SimpleImputer, StandardScaler and OneHotEncoder before LGBMRegressor", lambda: imputed(LGBMRegressor(**LIGHT)), mass
    ),
    "imputed-voting": Entry(
        "the same in a VotingRegressor of XGBRegressor and CatBoostRegressor",
        lambda: VotingRegressor([("extreme", imputed(XGBRegressor(**EXTREME))), ("cat", imputed(CatBoostRegressor(**CAT)))]),
        mass,
    ),
    "encoded-cat": Entry(
        "ColumnTransformer with OneHotEncoder before CatBoostRegressor", lambda: encoded(CatBoostRegressor(**CAT)), islands
    ),
    "missing-light": Entry(
        "missing values through a scaler to LGBMRegressor", lambda: make_pipeline(StandardScaler(), LGBMRegressor(**LIGHT)), data.gaps
    ),
    "calibrated-extreme": Entry(
        "CalibratedClassifierCV of XGBClassifier", lambda: CalibratedClassifierCV(XGBClassifier(**EXTREME), cv=2), data.cancer
    ),
    "calibrated-light": Entry(
        "CalibratedClassifierCV of LGBMClassifier, text labels", lambda: CalibratedClassifierCV(LGBMClassifier(**LIGHT), cv=2), data.diagnosis
    ),
    "isotonic-light": Entry(
        "CalibratedClassifierCV of LGBMClassifier, isotonic, three classes",
        lambda: CalibratedClassifierCV(LGBMClassifier(**LIGHT), method="isotonic", cv=2),
        data.iris,
    ),
    "voting-regressor": Entry(
        "VotingRegressor of LGBMRegressor, XGBRegressor and XGBRFRegressor",
        lambda: VotingRegressor(
            [("light", LGBMRegressor(**LIGHT)), ("extreme", XGBRegressor(**EXTREME)), ("forest", XGBRFRegressor(**EXTREME))]
        ),
        data.diabetes,
    ),
    "voting-classifier": Entry(
        "VotingClassifier, soft, of all three, text labels",
        lambda: VotingClassifier(
            [("light", LGBMClassifier(**LIGHT)), ("extreme", XGBClassifier(**EXTREME)), ("cat", CatBoostClassifier(**CAT))],
            voting="soft",
        ),
        data.diagnosis,
    ),
    "stacking-cat": Entry(
        "StackingClassifier of CatBoostClassifier and LGBMClassifier",
        lambda: StackingClassifier(
            [("cat", CatBoostClassifier(**CAT)), ("light", LGBMClassifier(**LIGHT))], LogisticRegression(), cv=2
        ),
        data.cancer,
    ),
    "search-extreme": Entry(
        "GridSearchCV over a pipeline with XGBClassifier",
        lambda: GridSearchCV(
            make_pipeline(StandardScaler(), XGBClassifier(**EXTREME)), {"xgbclassifier__max_depth": [2, 3]}, cv=2
        ),
        data.iris,
    ),
    "several-light": Entry(
        "MultiOutputRegressor of LGBMRegressor", lambda: MultiOutputRegressor(LGBMRegressor(**LIGHT)), data.two_targets
    ),
    "several-extreme": Entry(
        "XGBRegressor of several targets behind a scaler", lambda: make_pipeline(StandardScaler(), XGBRegressor(**EXTREME)), data.two_targets
    ),
    "target-cat": Entry(
        "TransformedTargetRegressor of CatBoostRegressor",
        lambda: TransformedTargetRegressor(CatBoostRegressor(**CAT), transformer=StandardScaler()),
        data.diabetes,
    ),
    "sampled-light": Entry(
        "imbalanced-learn's pipeline with SMOTE before LGBMClassifier",
        lambda: SamplingPipeline(
            [("scale", StandardScaler()), ("sample", SMOTE(random_state=0)), ("light", LGBMClassifier(**LIGHT))]
        ),
        data.diagnosis,
    ),
    "sampled-linear": Entry(
        "imbalanced-learn's pipeline with SMOTE first, then LogisticRegression",
        lambda: SamplingPipeline([("sample", SMOTE(random_state=0)), ("linear", LogisticRegression(max_iter=5000))]),
        data.iris,
    ),
    "scaled-cat": Entry(
        "scaler before CatBoostClassifier, text labels", lambda: make_pipeline(StandardScaler(), CatBoostClassifier(**CAT)), data.diagnosis
    ),
    "stacking-regressor": Entry(
        "StackingRegressor of LGBMRegressor and XGBRegressor, LGBMRegressor last",
        lambda: StackingRegressor(
            [("light", LGBMRegressor(**LIGHT)), ("extreme", XGBRegressor(**EXTREME))], LGBMRegressor(**LIGHT), cv=2
        ),
        data.diabetes,
    ),
    "bagging-light": Entry(
        "BaggingClassifier of LGBMClassifier, text labels",
        lambda: BaggingClassifier(LGBMClassifier(**LIGHT), n_estimators=2, random_state=0),
        data.diagnosis,
    ),
    "rest-extreme": Entry("OneVsRestClassifier of XGBClassifier", lambda: OneVsRestClassifier(XGBClassifier(**EXTREME)), data.iris),
    "linear-extreme": Entry(
        "scaler before XGBRegressor's linear booster",
        lambda: make_pipeline(StandardScaler(), XGBRegressor(n_estimators=10, booster="gblinear")),
        data.diabetes,
    ),
    "balanced-forest": Entry(
        "imbalanced-learn's own ensemble",
        lambda: BalancedRandomForestClassifier(n_estimators=5, random_state=0),
        data.diagnosis,
        expected="UNSUPPORTED_MODEL",
    ),
    "several-labels": Entry(
        "XGBClassifier of several labels behind a scaler",
        lambda: make_pipeline(StandardScaler(), XGBClassifier(**EXTREME)),
        data.two_labels,
        expected="UNSUPPORTED_MODEL",
    ),
    "own-categories": Entry(
        "LGBMRegressor with category columns of its own, in a VotingRegressor",
        lambda: VotingRegressor([("light", LGBMRegressor(**LIGHT))]),
        categories,
        expected="UNSUPPORTED_MODEL",
    ),
}


def main() -> None:
    arguments = folder_and_names(__doc__, "names of models")
    warnings.simplefilter("ignore")
    rows = []
    for name, entry in ENTRIES.items():
        if arguments.only and name not in arguments.only:
            continue
        X, y = entry.table()
        joblib.dump(entry.model().fit(X, y), arguments.folder / f"{name}.joblib", compress=3)
        X.to_csv(arguments.folder / f"{name}.sample.csv", index=False)
        rows.append({"id": name, "file": f"{name}.joblib", "shows": entry.shows, "expected": entry.expected})
    (arguments.folder / "pipelines.json").write_text(json.dumps({"schema": 1, "pipelines": rows}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
