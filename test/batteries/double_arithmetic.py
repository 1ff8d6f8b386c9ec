"""Fits models whose answers turn on the last digits, and saves each with rows that it was not trained on.

    python test/batteries/double_arithmetic.py FOLDER [--only NAME ...]

writes `<name>.joblib` and `<name>.sample.csv`, 2,000 rows, some of them where a comparison is equal.
"""

from __future__ import annotations

import warnings
from typing import Any, Iterator

import joblib
import numpy as np
import pandas as pd
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier, SGDClassifier
from sklearn.mixture import GaussianMixture
from sklearn.naive_bayes import CategoricalNB, GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.decomposition import KernelPCA
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KBinsDiscretizer, Normalizer, PolynomialFeatures, PowerTransformer, StandardScaler
from sklearn.svm import SVC, SVR

from command_line import folder_and_names

TRAINING, HELD = 1000, 2000


def main() -> None:
    arguments = folder_and_names(__doc__, "names")
    X, y, number = table()
    for name, model, target in models():
        if arguments.only and name not in arguments.only:
            continue
        goal = {"class": y, "number": number, "two": np.column_stack([y, y % 2]), "none": None}[target]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(X[:TRAINING], None if goal is None else goal[:TRAINING])
        joblib.dump(model, arguments.folder / f"{name}.joblib", compress=3)
        X[TRAINING:].to_csv(arguments.folder / f"{name}.sample.csv", index=False)


def table() -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Prices, a share far from zero, and counts."""
    generator = np.random.default_rng(0)
    count = TRAINING + HELD
    price, share = np.round(generator.gamma(2, 40, count), 2), 1e5 + np.round(generator.normal(0, 30, count), 1)
    size, age = generator.lognormal(0, 1, count), generator.normal(40, 12, count)
    X = pd.DataFrame({"price": price, "share": share, "size": size, "age": age}).astype(np.float32).astype(np.float64)
    number = price / 40 + (share - 1e5) / 30 * np.log1p(size) + age / 12 + generator.normal(0, 0.5, count)
    return X, np.digitize(number, np.quantile(number, [0.3, 0.6])), number


def models() -> Iterator[tuple[str, Any, str]]:
    """Its name, itself, and what it is trained for."""
    scaled = StandardScaler
    yield "clipped-shares", make_pipeline(scaled(), SGDClassifier(loss="modified_huber", random_state=0)), "class"
    yield "ridge", make_pipeline(scaled(), RidgeClassifier()), "class"
    yield "unscaled-logistic", LogisticRegression(max_iter=50), "class"
    yield "bins", make_pipeline(KBinsDiscretizer(8, quantile_method="averaged_inverted_cdf"), LogisticRegression()), "class"
    yield "ordinal-bins", KBinsDiscretizer(8, encode="ordinal", strategy="uniform"), "none"
    yield "categories", make_pipeline(KBinsDiscretizer(4, encode="ordinal", strategy="uniform"), CategoricalNB(min_categories=4)), "class"
    yield "powers", PowerTransformer(), "none"
    yield "products", make_pipeline(PolynomialFeatures(3), scaled(), LogisticRegression()), "class"
    yield "largest", make_pipeline(Normalizer("max"), scaled(), GaussianNB()), "class"
    yield "vectors", make_pipeline(scaled(), SVC(break_ties=True)), "class"
    yield "coupled", make_pipeline(scaled(), SVC(probability=True, random_state=0)), "class"
    yield "vector-pairs", make_pipeline(scaled(), SVC(decision_function_shape="ovo", kernel="poly")), "class"
    yield "vector-numbers", make_pipeline(scaled(), SVR(kernel="linear")), "number"
    yield "near", make_pipeline(scaled(), KNeighborsClassifier(7, weights="distance")), "class"
    yield "near-numbers", make_pipeline(scaled(), KNeighborsRegressor(7, p=1)), "number"
    yield "near-two", make_pipeline(scaled(), KNeighborsClassifier(7)), "two"
    yield "mixture", GaussianMixture(3, random_state=0), "none"
    yield "curved", QuadraticDiscriminantAnalysis(), "class"
    yield "kernel-components", make_pipeline(scaled(), KernelPCA(2, kernel="rbf", gamma=0.1)), "none"
    members = [("a", make_pipeline(scaled(), SVC())), ("b", GaussianNB()), ("c", QuadraticDiscriminantAnalysis())]
    yield "votes", VotingClassifier(members, weights=[1, 2, 2]), "class"


if __name__ == "__main__":
    main()
