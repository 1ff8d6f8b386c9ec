"""Trains one model for the benchmarks on the breast cancer data (30 columns) and saves it with its rows.

    python train.py linear|logistic|trees NAME_OF_FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import joblib
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

MODELS = {
    "linear": lambda: make_pipeline(StandardScaler(), LinearRegression()),
    "logistic": lambda: make_pipeline(StandardScaler(), LogisticRegression()),
    "trees": lambda: GradientBoostingClassifier(n_estimators=100, random_state=0),
}


def main() -> None:
    name, folder = sys.argv[1:]
    X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    joblib.dump(MODELS[name]().fit(X, y), Path(folder) / f"{name}.joblib")
    X.to_csv(Path(folder) / f"{name}.sample.csv", index=False)


if __name__ == "__main__":
    main()
