"""Trains LightGBM, XGBoost and CatBoost models on real tables, and saves each with sample rows.

    PYTHON-OF-THE-TABULAR-ENVIRONMENT bench/zoo/boosters.py FOLDER COUNT

The same COUNT gives the same models; each of the three libraries' own file formats takes its turn.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import catboost as cb
import lightgbm as lgb
import pandas as pd
import xgboost as xgb
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

SAMPLE_ROWS = 40


def table(load: Callable[..., Any]) -> tuple[pd.DataFrame, pd.Series]:
    X, y = load(return_X_y=True, as_frame=True)
    X.columns = [name.replace(" ", "_").replace("/", "_") for name in X.columns]
    return X, y


def lightgbm(X: pd.DataFrame, y: pd.Series, seed: int, classes: int, stem: Path) -> None:
    kind = lgb.LGBMRegressor if classes == 0 else lgb.LGBMClassifier
    model = kind(n_estimators=10 + seed % 30, num_leaves=15, random_state=seed, verbose=-1).fit(X, y)
    model.booster_.save_model(f"{stem}.txt")


def xgboost(X: pd.DataFrame, y: pd.Series, seed: int, classes: int, stem: Path) -> None:
    kind = xgb.XGBRegressor if classes == 0 else xgb.XGBClassifier
    model = kind(n_estimators=10 + seed % 30, max_depth=4, random_state=seed).fit(X, y)
    model.save_model(f"{stem}.{'ubj' if seed % 2 else 'json'}")


def catboost(X: pd.DataFrame, y: pd.Series, seed: int, classes: int, stem: Path) -> None:
    kind = cb.CatBoostRegressor if classes == 0 else cb.CatBoostClassifier
    model = kind(iterations=10 + seed % 30, depth=4, random_seed=seed, verbose=False, allow_writing_files=False).fit(X, y)
    model.save_model(f"{stem}.cbm")


LIBRARIES = [lightgbm, xgboost, catboost]
TABLES = [(load_diabetes, 0), (load_breast_cancer, 2), (load_wine, 3)]


def main(folder: Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        library = LIBRARIES[index % 3]
        load, classes = TABLES[index // 3 % 3]
        X, y = table(load)
        rows = X.sample(frac=0.8, random_state=index)
        stem = folder / f"{library.__name__}-{index:03}"
        library(rows, y[rows.index], index, classes, stem)
        rows.head(SAMPLE_ROWS).to_csv(f"{stem}.sample.csv", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
