"""The models of the battery of held-out rows: what each learns, and which columns it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

from catboost import CatBoostClassifier, CatBoostRegressor
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.cluster import KMeans
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.ensemble import (
    AdaBoostClassifier, AdaBoostRegressor, BaggingClassifier, ExtraTreesClassifier, ExtraTreesRegressor, GradientBoostingClassifier,
    GradientBoostingRegressor, HistGradientBoostingClassifier, HistGradientBoostingRegressor, IsolationForest, RandomForestClassifier,
    RandomForestRegressor,
)  # fmt: skip
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from xgboost import XGBClassifier, XGBRegressor

SEED: dict[str, Any] = {"random_state": 0}
LIGHT: dict[str, Any] = {"n_estimators": 40, "num_leaves": 15, "verbose": -1, "random_state": 0}
EXTREME: dict[str, Any] = {"n_estimators": 40, "max_depth": 4, "random_state": 0}
CAT: dict[str, Any] = {"iterations": 40, "depth": 4, "verbose": 0, "random_seed": 0, "allow_writing_files": False}


@dataclass
class Model:
    """`task`: which of a table's targets it learns. `missing`: whether it takes missing numbers as they are."""

    task: str
    make: Callable[[], Any]
    missing: bool = False


MODELS = {
    "tree": Model("three classes", lambda: DecisionTreeClassifier(**SEED), True),
    "forest": Model("three classes", lambda: RandomForestClassifier(50, **SEED), True),
    "boosting": Model("three classes", lambda: GradientBoostingClassifier(n_estimators=40, **SEED)),
    "hist": Model("two classes", lambda: HistGradientBoostingClassifier(max_iter=60, **SEED), True),
    "forest-regressor": Model("number", lambda: RandomForestRegressor(40, **SEED), True),
    "logistic": Model("two classes", LogisticRegression),
    "lightgbm": Model("two classes", lambda: LGBMClassifier(**LIGHT), True),
    "forest-impure": Model("two classes", lambda: RandomForestClassifier(60, max_depth=6, **SEED), True),
    "neighbors": Model("three classes", KNeighborsClassifier),
    "extra-trees": Model("two classes", lambda: ExtraTreesClassifier(50, **SEED), True),
    "xgboost": Model("three codes", lambda: XGBClassifier(**EXTREME), True),
    "mlp": Model("three classes", lambda: MLPClassifier((20,), max_iter=150, **SEED)),
    "tree-regressor": Model("number", lambda: DecisionTreeRegressor(**SEED), True),
    "catboost": Model("two classes", lambda: CatBoostClassifier(**CAT), True),
    "linear-svc": Model("three classes", lambda: LinearSVC(**SEED)),
    "bagging": Model("three classes", lambda: BaggingClassifier(n_estimators=30, **SEED)),
    "isolation": Model("nothing", lambda: IsolationForest(n_estimators=50, **SEED)),
    "hist-regressor": Model("number", lambda: HistGradientBoostingRegressor(max_iter=60, **SEED), True),
    "svc": Model("two classes", SVC),
    "ada": Model("two classes", lambda: AdaBoostClassifier(n_estimators=40, **SEED)),
    "boosting-regressor": Model("number", lambda: GradientBoostingRegressor(n_estimators=60, **SEED)),
    "bayes": Model("three classes", GaussianNB),
    "lightgbm-regressor": Model("number", lambda: LGBMRegressor(**LIGHT), True),
    "ridge": Model("number", Ridge),
    "ada-regressor": Model("number", lambda: AdaBoostRegressor(n_estimators=30, **SEED)),
    "lda": Model("three classes", LinearDiscriminantAnalysis),
    "xgboost-regressor": Model("number", lambda: XGBRegressor(**EXTREME), True),
    "kmeans": Model("nothing", lambda: KMeans(4, n_init=1, **SEED)),
    "logistic-multinomial": Model("three classes", LogisticRegression),
    "svr": Model("number", SVR),
    "qda": Model("two classes", lambda: QuadraticDiscriminantAnalysis(reg_param=0.1)),
    "catboost-regressor": Model("number", lambda: CatBoostRegressor(**CAT), True),
    "neighbors-regressor": Model("number", lambda: KNeighborsRegressor(7, weights="distance")),
    "mlp-regressor": Model("number", lambda: MLPRegressor(hidden_layer_sizes=(20,), max_iter=150, **SEED)),
    "extra-trees-regressor": Model("number", lambda: ExtraTreesRegressor(30, **SEED), True),
    "gaussian-process": Model("number", lambda: GaussianProcessRegressor(optimizer=None, alpha=0.1, normalize_y=True)),
}
