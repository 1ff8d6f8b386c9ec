"""The sample models: each function trains one on real data and returns it with the table that it was trained on."""

from __future__ import annotations

from typing import Any, Callable

import pandas as pd
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_linnerud, load_wine
from sklearn.ensemble import (
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    StackingClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.manifold import Isomap
from sklearn.multioutput import MultiOutputRegressor
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, RobustScaler, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from penguins import load_penguins

Sample = tuple[Any, pd.DataFrame]
MEASURES = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]


def columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Names that are easy to write in SQL; the models see these."""
    return frame.rename(columns=lambda name: name.replace(" (cm)", "").replace(" ", "_").replace("/", "_per_"))


def iris() -> tuple[pd.DataFrame, pd.Series]:
    bunch = load_iris(as_frame=True)
    X = columns(bunch.data)
    y = bunch.target.map(lambda code: str(bunch.target_names[code]))
    order = X.sample(frac=1, random_state=0).index
    return X.loc[order].reset_index(drop=True), y.loc[order].reset_index(drop=True)


def cancer() -> tuple[pd.DataFrame, pd.Series]:
    bunch = load_breast_cancer(as_frame=True)
    return columns(bunch.data), bunch.target


def quickstart() -> Sample:
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    scaled = ColumnTransformer([("robust", RobustScaler(), list(X.columns))])
    return make_pipeline(scaled, LinearRegression()).fit(X, y), X


def iris_forest() -> Sample:
    X, y = iris()
    return RandomForestClassifier(50, random_state=0).fit(X, y), X.assign(species=y)


def cancer_linear() -> Sample:
    X, y = cancer()
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(X, y), X


def diabetes_boosting() -> Sample:
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    return GradientBoostingRegressor(n_estimators=100, random_state=0).fit(X, y), X


def penguin_boosting() -> Sample:
    frame = load_penguins().dropna(subset=["body_mass_g"])
    text = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
    numbers = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "year"]
    parts = [("text", text, ["species", "island", "sex"]), ("numbers", SimpleImputer(strategy="median"), numbers)]
    model = make_pipeline(ColumnTransformer(parts), HistGradientBoostingRegressor(max_iter=60, random_state=0))
    return model.fit(frame, frame["body_mass_g"]), frame


def penguin_species() -> Sample:
    frame = load_penguins()
    ordinal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    parts = [("text", ordinal, ["island", "sex"]), ("numbers", "passthrough", MEASURES)]
    model = make_pipeline(ColumnTransformer(parts), HistGradientBoostingClassifier(max_iter=40, random_state=0))
    return model.fit(frame.drop(columns="species"), frame["species"]), frame


def wine_mlp() -> Sample:
    X, y = load_wine(return_X_y=True, as_frame=True)
    X = columns(X)
    return make_pipeline(StandardScaler(), MLPClassifier((24,), max_iter=400, random_state=0)).fit(X, y), X


def cancer_svc() -> Sample:
    X, y = cancer()
    model = make_pipeline(StandardScaler(), SVC(probability=True, random_state=0))
    return model.fit(X, y.map({0: "malignant", 1: "benign"})), X


def wine_clusters() -> Sample:
    X = columns(load_wine(as_frame=True).data)
    return make_pipeline(StandardScaler(), KMeans(4, n_init=4, random_state=0)).fit(X), X


def cancer_outliers() -> Sample:
    X, _ = cancer()
    return IsolationForest(n_estimators=30, random_state=0).fit(X), X


def linnerud_body() -> Sample:
    X, y = load_linnerud(return_X_y=True, as_frame=True)
    return MultiOutputRegressor(Ridge()).fit(X, y), X


def iris_stacking() -> Sample:
    X, y = iris()
    members = [("linear", LogisticRegression(max_iter=500)), ("tree", DecisionTreeClassifier(max_depth=3, random_state=0))]
    return StackingClassifier(members, final_estimator=LogisticRegression(), cv=3).fit(X, y), X


def digits_mlp() -> Sample:
    X, y = load_digits(return_X_y=True, as_frame=True)
    return MLPClassifier((32,), max_iter=60, random_state=0).fit(X / 16.0, y), X / 16.0


def iris_pickle() -> Sample:
    X, y = iris()
    return DecisionTreeClassifier(max_depth=4, random_state=0).fit(X, y), X


def iris_skops() -> Sample:
    X, y = iris()
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(X, y), X


def iris_isomap() -> Sample:
    X, _ = iris()
    return Isomap(n_components=2).fit(X), X


MODELS: dict[str, Callable[[], Sample]] = {
    "diabetes-quickstart": quickstart,
    "iris": iris_forest,
    "cancer-linear": cancer_linear,
    "diabetes-boosting": diabetes_boosting,
    "penguin-mass": penguin_boosting,
    "penguin-species": penguin_species,
    "wine-mlp": wine_mlp,
    "cancer-svc": cancer_svc,
    "wine-clusters": wine_clusters,
    "cancer-outliers": cancer_outliers,
    "linnerud-body": linnerud_body,
    "iris-stacking": iris_stacking,
    "digits-mlp": digits_mlp,
    "iris-tree": iris_pickle,
    "iris-linear": iris_skops,
    "iris-isomap": iris_isomap,
}
