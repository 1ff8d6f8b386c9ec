"""Trains the pipelines of bench/folded.mjs, each beside what it is held against, with 300 rows and 20,000 for scoring.

    python folded.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler

TRAINED, COLUMNS = 4_000, 12
FOREST = {"n_estimators": 100, "random_state": 0}
IMPURE = {**FOREST, "max_depth": 8}
LIGHT = {"n_estimators": 100, "verbose": -1, "random_state": 0}
MODELS = {
    "forest": lambda: RandomForestClassifier(**FOREST),
    "scaled-forest": lambda: make_pipeline(StandardScaler(), RandomForestClassifier(**FOREST)),
    "boosting": lambda: GradientBoostingRegressor(n_estimators=200, random_state=0),
    "quantile-boosting": lambda: make_pipeline(QuantileTransformer(), GradientBoostingRegressor(n_estimators=200, random_state=0)),
    "lightgbm": lambda: LGBMClassifier(**LIGHT),
    "scaled-lightgbm": lambda: make_pipeline(StandardScaler(), LGBMClassifier(**LIGHT)),
    "impure-forest": lambda: RandomForestClassifier(**IMPURE),
    "scaled-impure-forest": lambda: make_pipeline(StandardScaler(), RandomForestClassifier(**IMPURE)),
}


def main() -> None:
    folder = Path(sys.argv[1])
    random = np.random.default_rng(0)
    # Doubles as they come, and the same numbers as real holds them: the one asks for double columns, the other does not.
    exact = pd.DataFrame({f"c{at}": random.normal(50, 20, TRAINED) for at in range(COLUMNS)})
    real = exact.astype(np.float32).astype(np.float64)
    signal = np.sin(exact["c0"] / 9) + exact["c1"] * exact["c2"] / 2500 + exact["c3"] / 40 + 0.4 * random.standard_normal(TRAINED)
    for name, make in MODELS.items():
        X = exact if "lightgbm" in name else real
        model = make()
        model.fit(X, signal if "boosting" in name else (signal > signal.median()).astype(int))
        joblib.dump(model, folder / f"{name}.joblib")
        X.head(300).to_csv(folder / f"{name}.sample.csv", index=False)


if __name__ == "__main__":
    main()
