"""Trains many scikit-learn models on real tables, each on rows of its own choice, and saves them with sample rows.

    PYTHON-OF-THE-SKLEARN-ENVIRONMENT bench/zoo/tables.py FOLDER COUNT

The kinds below take turns; the same COUNT gives the same models. Beside them lie a few that cannot be converted, listed
in `refused.json` with the code that each must end with.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import joblib
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import BayesianRidge, ElasticNet, LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.manifold import Isomap
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, PolynomialFeatures, QuantileTransformer, StandardScaler
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "samples"))

from penguins import load_penguins

SAMPLE_ROWS = 40
# Each model sees other rows than its neighbour of the same kind.
SHARE = 0.8


def bunch(load: Callable[..., Any], columns: int | None = None) -> Callable[[], tuple[pd.DataFrame, pd.Series]]:
    def table() -> tuple[pd.DataFrame, pd.Series]:
        X, y = load(return_X_y=True, as_frame=True)
        X.columns = [str(name).replace(" (cm)", "").replace(" ", "_").replace("/", "_") for name in X.columns]
        return X.iloc[:, :columns], y

    return table


def species() -> tuple[pd.DataFrame, pd.Series]:
    penguins = load_penguins()
    return penguins.drop(columns=["species", "year"]), penguins["species"]


def mass() -> tuple[pd.DataFrame, pd.Series]:
    penguins = load_penguins().dropna(subset=["body_mass_g"])
    return penguins.drop(columns=["species", "year", "body_mass_g"]), penguins["body_mass_g"]


IRIS, WINE, CANCER, DIABETES = (bunch(load) for load in (load_iris, load_wine, load_breast_cancer, load_diabetes))
DIGITS = bunch(load_digits)


def mixed(last: BaseEstimator, X: pd.DataFrame) -> BaseEstimator:
    text = [name for name in X.columns if X[name].dtype == object or str(X[name].dtype).startswith("str")]
    numbers = [name for name in X.columns if name not in text]
    columns = ColumnTransformer(
        [
            ("text", make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")), text),
            ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numbers),
        ]
    )
    return make_pipeline(columns, last)


# What stands first is met most often in a plant's or a bank's zoo.
KINDS: list[tuple[str, Callable[[], tuple[pd.DataFrame, pd.Series]], Callable[[int, pd.DataFrame], BaseEstimator]]] = [
    ("logistic", CANCER, lambda s, X: make_pipeline(StandardScaler(), LogisticRegression(C=0.5 + s % 7, max_iter=500))),
    ("boosting", DIABETES, lambda s, X: GradientBoostingRegressor(n_estimators=20 + s % 80, max_depth=3, random_state=s)),
    ("linear", DIABETES, lambda s, X: LinearRegression()),
    ("forest", IRIS, lambda s, X: RandomForestClassifier(n_estimators=10 + s % 40, random_state=s)),
    ("penguins-logistic", species, lambda s, X: mixed(LogisticRegression(max_iter=500), X)),
    ("ridge", DIABETES, lambda s, X: make_pipeline(StandardScaler(), Ridge(alpha=0.1 + s % 5))),
    ("tree", WINE, lambda s, X: DecisionTreeClassifier(max_depth=3 + s % 8, random_state=s)),
    ("hist-boosting", CANCER, lambda s, X: HistGradientBoostingClassifier(max_iter=10 + s % 30, random_state=s)),
    ("penguins-boosting", mass, lambda s, X: mixed(HistGradientBoostingRegressor(max_iter=20 + s % 20, random_state=s), X)),
    ("svc", WINE, lambda s, X: make_pipeline(StandardScaler(), SVC(C=1 + s % 4, probability=s % 2 == 0, random_state=s))),
    ("svr", DIABETES, lambda s, X: make_pipeline(StandardScaler(), SVR(C=10 + s % 40))),
    ("knn", WINE, lambda s, X: make_pipeline(StandardScaler(), KNeighborsClassifier(n_neighbors=3 + s % 5))),
    ("knn-regressor", DIABETES, lambda s, X: make_pipeline(StandardScaler(), KNeighborsRegressor(n_neighbors=3 + s % 7))),
    ("mlp", WINE, lambda s, X: make_pipeline(StandardScaler(), MLPClassifier((8 + s % 8,), max_iter=300, random_state=s))),
    ("mlp-regressor", DIABETES, lambda s, X: make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=(8,), max_iter=200, random_state=s))),
    ("naive-bayes", WINE, lambda s, X: GaussianNB()),
    ("forest-regressor", DIABETES, lambda s, X: RandomForestRegressor(n_estimators=10 + s % 20, random_state=s)),
    ("extra-trees", DIABETES, lambda s, X: ExtraTreesRegressor(n_estimators=10 + s % 20, random_state=s)),
    ("pca-logistic", DIGITS, lambda s, X: make_pipeline(PCA(10 + s % 10, random_state=s), LogisticRegression(max_iter=500))),
    ("polynomial", IRIS, lambda s, X: make_pipeline(PolynomialFeatures(2), StandardScaler(), LogisticRegression(max_iter=800))),
    ("elastic-net", DIABETES, lambda s, X: make_pipeline(MinMaxScaler(), ElasticNet(alpha=0.01 + 0.01 * (s % 9)))),
    ("bayesian-ridge", DIABETES, lambda s, X: BayesianRidge()),
    ("linear-svc", WINE, lambda s, X: make_pipeline(StandardScaler(), LinearSVC(C=0.5 + s % 3, random_state=s))),
    ("sgd", CANCER, lambda s, X: make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=s))),
    ("boosting-classifier", WINE, lambda s, X: GradientBoostingClassifier(n_estimators=10 + s % 20, random_state=s)),
    ("tree-regressor", DIABETES, lambda s, X: DecisionTreeRegressor(max_depth=4 + s % 6, random_state=s)),
    ("outliers", CANCER, lambda s, X: IsolationForest(n_estimators=20 + s % 20, random_state=s)),
    ("quantiles", DIABETES, lambda s, X: make_pipeline(QuantileTransformer(n_quantiles=50, random_state=s), Ridge())),
]


def main(folder: Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    tables: dict[Any, tuple[pd.DataFrame, pd.Series]] = {}
    for index in range(count):
        name, table, build = KINDS[index % len(KINDS)]
        seed = index // len(KINDS)
        X, y = tables.setdefault(table, table())
        rows = X.sample(frac=SHARE, random_state=index)
        save(build(index, X).fit(rows, y[rows.index]), f"{name}-{seed:03}", rows, folder)
    (folder / "refused.json").write_text(json.dumps(refused(folder), indent=2) + "\n")


def save(model: Any, name: str, rows: pd.DataFrame, folder: Path) -> None:
    joblib.dump(model, folder / f"{name}.joblib")
    rows.head(SAMPLE_ROWS).to_csv(folder / f"{name}.sample.csv", index=False)


class Own(ClassifierMixin, BaseEstimator):
    """Somebody's own estimator, whose module no environment has."""

    def fit(self, X: pd.DataFrame, y: pd.Series) -> Own:
        self.classes_ = sorted(set(y))
        return self


def refused(folder: Path) -> dict[str, str]:
    """Models that must fail, each with its code. The ones named untrusted are to be left out of the trust.lock."""
    X, y = IRIS()
    linear = LogisticRegression(max_iter=500).fit(X, y)
    codes = {}

    def bad(name: str, code: str, model: Any = linear, ending: str = ".joblib") -> Path:
        save(model, name, X, folder)
        codes[name] = code
        return (folder / f"{name}.joblib").rename(folder / f"{name}{ending}")

    for number in range(4):
        bad(f"bad-untrusted-{number}", "UNTRUSTED_ARTIFACT")
    for number in range(4):
        bad(f"bad-isomap-{number}", "UNSUPPORTED_MODEL", Isomap(n_components=2).fit(X.iloc[: 100 + number]))
    for number in range(4):
        file = bad(f"bad-truncated-{number}", "CORRUPT_MODEL")
        file.write_bytes(file.read_bytes()[: 200 + number])
    for number in range(4):
        bad(f"bad-text-{number}", "CORRUPT_MODEL").write_text("see the wiki\n")
    # As it would be pickled on the machine of whoever wrote it.
    module = types.ModuleType("plant_models")
    module.Own = Own
    sys.modules["plant_models"] = module
    Own.__module__ = "plant_models"
    for number in range(4):
        own = make_pipeline(StandardScaler(), Own()).fit(X, y)
        bad(f"bad-module-{number}", "MISSING_MODULE", own, ".pkl").write_bytes(pickle.dumps(own))
    return codes


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
