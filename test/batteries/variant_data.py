"""Rows that estimators are fitted on, and rows to hold them to: some of these, and some between and beyond."""

from __future__ import annotations

import numpy as np
import pandas as pd
from estimator_data import TrainingData, classification_data, two_targets
from sklearn.datasets import load_diabetes, load_linnerud, load_wine

from sample_tables import load_penguins

SEED = 20_240_229
KEPT_ROWS, MADE_ROWS = 60, 60
# How far beyond the training rows the made ones reach, as a share of their range.
BEYOND, INSIDE = 0.3, -0.05


def data(kind: str) -> TrainingData:
    return KINDS[kind]()


def rows_to_hold(X: pd.DataFrame, beyond: float) -> pd.DataFrame:
    """Columns keep their missing values."""
    random = np.random.default_rng(SEED)
    low, high = X.min(), X.max()
    made = {name: random.uniform(low[name] - beyond * (high - low)[name], (high + beyond * (high - low))[name], MADE_ROWS) for name in X}
    frame = pd.DataFrame(made)
    holes = random.random(frame.shape) < (0.2 if X.isna().any().any() else 0.0)
    return pd.concat([X.head(KEPT_ROWS if beyond > 0 else 0), frame.mask(holes)], ignore_index=True)


def two_classes() -> TrainingData:
    return classification_data("FixedThresholdClassifier")


def numbers() -> TrainingData:
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    return TrainingData("diabetes", X, y)


def one_number() -> TrainingData:
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    return TrainingData("diabetes: bmi", X[["bmi"]], y)


def four_numbers() -> TrainingData:
    """Small enough for kernels, and in their units."""
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    X = X[["bmi", "bp", "s5", "age"]].iloc[::4].reset_index(drop=True) * 20
    return TrainingData("diabetes: four columns", X, (y.iloc[::4].reset_index(drop=True) - 150) / 75)


def several_numbers() -> TrainingData:
    X, y = load_linnerud(return_X_y=True, as_frame=True)
    return TrainingData("linnerud", X, y)


def coded_classes() -> TrainingData:
    X, y = load_wine(return_X_y=True, as_frame=True)
    X = X[["alcohol", "malic_acid", "color_intensity", "hue"]]
    return TrainingData("wine", X.iloc[::2].reset_index(drop=True), y.iloc[::2].reset_index(drop=True) * 10 + 3)


def missing_numbers() -> TrainingData:
    columns = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
    frame = load_penguins()[columns].astype("float64").iloc[::3].reset_index(drop=True)
    random = np.random.default_rng(SEED)
    return TrainingData("penguins: numbers, some missing", frame.mask(random.random(frame.shape) < 0.1))


def distinct_numbers() -> TrainingData:
    """No two values alike, so no two rows are equally near."""
    found = missing_numbers()
    random = np.random.default_rng(SEED)
    return TrainingData(f"{found.title}, no two alike", found.X * random.uniform(0.999, 1.001, found.X.shape))


KINDS = {
    "distinct": distinct_numbers,
    "four numbers": four_numbers,
    "iris": lambda: classification_data(""),
    "missing": missing_numbers,
    "numbers": numbers,
    "one number": one_number,
    "several numbers": several_numbers,
    "two classes": two_classes,
    "two targets": lambda: two_targets(""),
    "wine": coded_classes,
}
