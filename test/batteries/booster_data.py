"""The tables that the sample boosters are trained on: real data, with missing values and categories where a sample needs them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris

from sample_tables import load_penguins

Table = tuple[pd.DataFrame, pd.Series]
BIRD = ["island", "sex", "bill_length_mm", "bill_depth_mm", "year"]


def diabetes() -> Table:
    return load_diabetes(return_X_y=True, as_frame=True, scaled=False)


def gaps() -> Table:
    """Diabetes with a tenth of its values missing."""
    X, y = diabetes()
    return X.mask(np.random.default_rng(0).random(X.shape) < 0.1), y


def two_targets() -> tuple[pd.DataFrame, np.ndarray]:
    X, y = diabetes()
    return X, np.column_stack([y, X["bmi"] * 2 + y / 10])


def two_labels() -> tuple[pd.DataFrame, np.ndarray]:
    X, y = diabetes()
    return X, np.column_stack([y > 100, X["sex"] > 1]).astype(int)


def grades() -> Table:
    """Diabetes by quarters, to be ranked; `GROUPS` are its queries."""
    X, y = diabetes()
    return X, pd.qcut(y, 4, labels=False)


GROUPS = [40] * 11 + [2]


def cancer() -> Table:
    X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    return X.rename(columns=lambda name: name.replace(" ", "_")), y


def diagnosis() -> Table:
    X, y = cancer()
    return X, y.map({0: "malignant", 1: "benign"})


def iris() -> Table:
    X, y = load_iris(return_X_y=True, as_frame=True)
    return X.rename(columns=lambda name: name.replace(" (cm)", "").replace(" ", "_")), y


def birds() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Columns with text and missing values, and the whole table of the penguins to take targets from."""
    frame = load_penguins()
    return frame[BIRD], frame.assign(body_mass_g=frame["body_mass_g"].fillna(4000.0))


def as_categories(X: pd.DataFrame, *names: str) -> pd.DataFrame:
    return X.assign(**{name: X[name].astype("category") for name in names})


def as_codes(X: pd.DataFrame) -> pd.DataFrame:
    """Categories as the numbers of pandas, missing ones missing."""
    codes = {name: X[name].astype("category").cat.codes.astype(float) for name in ("island", "sex")}
    return X.assign(**{name: found.where(found >= 0) for name, found in codes.items()}, year=X["year"] - 2007.0)
