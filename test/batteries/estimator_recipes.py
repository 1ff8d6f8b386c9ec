"""How an estimator is built when its defaults are not enough: meta-estimators around simple ones, small sizes, fixed seeds."""

from __future__ import annotations

import inspect
from typing import Any, Callable

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

SMALL = {"n_estimators": 20, "random_state": 0}


def build(name: str, cls: type[BaseEstimator]) -> BaseEstimator:
    """An unfitted estimator that fits its training data in about a second or less."""
    recipe = RECIPES.get(name)
    return recipe(cls) if recipe else cls(**known_parameters(cls))


def known_parameters(cls: type[BaseEstimator]) -> dict[str, Any]:
    """A seed and a modest size, for those that take them."""
    parameters = inspect.signature(cls).parameters
    return {key: value for key, value in SMALL.items() if key in parameters}


def classifier() -> LogisticRegression:
    return LogisticRegression(max_iter=1000)


def voters() -> list[tuple[str, BaseEstimator]]:
    return [("linear", classifier()), ("tree", DecisionTreeClassifier(max_depth=3, random_state=0))]


def regressors() -> list[tuple[str, BaseEstimator]]:
    return [("linear", Ridge()), ("tree", DecisionTreeRegressor(max_depth=3, random_state=0))]


def column_transformer(cls: type[BaseEstimator]) -> BaseEstimator:
    text = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    measures = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
    return cls([("text", text, ["island", "sex"]), ("numbers", numbers, measures)])


def frozen(cls: type[BaseEstimator]) -> BaseEstimator:
    """Takes what was fitted before."""
    X, y = load_iris(return_X_y=True, as_frame=True)
    X.columns = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    return cls(classifier().fit(X, y))


RECIPES: dict[str, Callable[[Any], BaseEstimator]] = {
    "BaggingClassifier": lambda cls: cls(DecisionTreeClassifier(max_depth=3), n_estimators=10, random_state=0),
    "BaggingRegressor": lambda cls: cls(DecisionTreeRegressor(max_depth=3), n_estimators=10, random_state=0),
    "CalibratedClassifierCV": lambda cls: cls(classifier(), cv=3),
    "CategoricalNB": lambda cls: cls(min_categories=10),
    "ClassifierChain": lambda cls: cls(classifier(), random_state=0),
    "ColumnTransformer": column_transformer,
    "DictionaryLearning": lambda cls: cls(n_components=3, max_iter=20, random_state=0),
    "FeatureUnion": lambda cls: cls([("scaled", StandardScaler()), ("reduced", PCA(n_components=2))]),
    "FixedThresholdClassifier": lambda cls: cls(classifier(), threshold=0.4),
    "FrozenEstimator": frozen,
    "GaussianMixture": lambda cls: cls(n_components=3, random_state=0),
    "BayesianGaussianMixture": lambda cls: cls(n_components=3, random_state=0),
    "GridSearchCV": lambda cls: cls(classifier(), {"C": [0.1, 1.0]}, cv=3),
    "KBinsDiscretizer": lambda cls: cls(n_bins=4, quantile_method="averaged_inverted_cdf"),
    "MLPClassifier": lambda cls: cls(hidden_layer_sizes=(16,), max_iter=300, random_state=0),
    "MLPRegressor": lambda cls: cls(hidden_layer_sizes=(16,), max_iter=300, random_state=0),
    "MultiOutputClassifier": lambda cls: cls(classifier()),
    "MultiOutputRegressor": lambda cls: cls(Ridge()),
    "NMF": lambda cls: cls(n_components=2, random_state=0),
    "OneVsOneClassifier": lambda cls: cls(classifier()),
    "OneVsRestClassifier": lambda cls: cls(classifier()),
    "OutputCodeClassifier": lambda cls: cls(classifier(), random_state=0),
    "PCA": lambda cls: cls(n_components=2, random_state=0),
    "Pipeline": lambda cls: cls([("scale", StandardScaler()), ("model", classifier())]),
    "QuantileTransformer": lambda cls: cls(n_quantiles=50, random_state=0),
    "RFE": lambda cls: cls(classifier(), n_features_to_select=2),
    "RFECV": lambda cls: cls(classifier(), cv=3),
    "RandomizedSearchCV": lambda cls: cls(classifier(), {"C": [0.1, 1.0]}, n_iter=2, cv=3, random_state=0),
    "RadiusNeighborsClassifier": lambda cls: cls(outlier_label="most_frequent"),
    "RegressorChain": lambda cls: cls(Ridge(), random_state=0),
    "SelectFromModel": lambda cls: cls(DecisionTreeClassifier(random_state=0)),
    "SelectKBest": lambda cls: cls(k=2),
    "SelfTrainingClassifier": lambda cls: cls(classifier()),
    "SequentialFeatureSelector": lambda cls: cls(classifier(), n_features_to_select=2, cv=3),
    "SparseCoder": lambda cls: cls(np.eye(4)),
    "GaussianRandomProjection": lambda cls: cls(n_components=3, random_state=0),
    "SparseRandomProjection": lambda cls: cls(n_components=3, random_state=0),
    "SpectralBiclustering": lambda cls: cls(n_clusters=2, random_state=0),
    "StackingClassifier": lambda cls: cls(voters(), final_estimator=classifier(), cv=3),
    "StackingRegressor": lambda cls: cls(regressors(), final_estimator=Ridge(), cv=3),
    "TargetEncoder": lambda cls: cls(target_type="continuous"),
    "TransformedTargetRegressor": lambda cls: cls(LinearRegression(), func=np.log, inverse_func=np.exp),
    "TunedThresholdClassifierCV": lambda cls: cls(classifier(), cv=3, random_state=0),
    "VotingClassifier": lambda cls: cls(voters(), voting="soft"),
    "VotingRegressor": lambda cls: cls(regressors()),
}
