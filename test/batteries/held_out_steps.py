"""What comes before the models of the battery of held-out rows, and what is put around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor, make_column_selector, make_column_transformer
from sklearn.decomposition import PCA
from sklearn.ensemble import BaggingClassifier, StackingClassifier, StackingRegressor, VotingClassifier, VotingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer, KBinsDiscretizer, MaxAbsScaler, MinMaxScaler, Normalizer, OneHotEncoder, OrdinalEncoder, PolynomialFeatures,
    PowerTransformer, QuantileTransformer, RobustScaler, SplineTransformer, StandardScaler, TargetEncoder,
)  # fmt: skip
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

NUMBERS = ["whole", "prices", "percentages", "counts", "lognormal", "ties", "doubles", "large"]
TEXTS = ["mixed"]
number = make_column_selector(dtype_include="number")
text = make_column_selector(dtype_exclude="number")


@dataclass
class Preprocessor:
    """`kinds`: of tables that it takes. `names`: whether it picks columns by name, so that it needs a DataFrame."""

    steps: Callable[[], list[Any]]
    kinds: list[str]
    names: bool = False
    needs_target: bool = False


def log1p() -> FunctionTransformer:
    return FunctionTransformer(np.log1p, feature_names_out="one-to-one")


def encoded(encoder: Any, numbers: Any = "passthrough") -> list[Any]:
    return [ColumnTransformer([("texts", encoder, text), ("numbers", numbers, number)], sparse_threshold=0)]


def halves() -> list[Any]:
    """A transformer for some columns, another for others, what is left as it is."""
    return [make_column_transformer((StandardScaler(), [0, 1]), (MinMaxScaler(), [2]), remainder="passthrough")]


def nested() -> list[Any]:
    inner = make_column_transformer((RobustScaler(), [0]), (QuantileTransformer(n_quantiles=100), [1]), remainder="passthrough")
    return [make_column_transformer((make_pipeline(StandardScaler(), inner), [0, 1, 2]), remainder=MaxAbsScaler())]


def imputed_texts() -> list[Any]:
    texts = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore", sparse_output=False))
    return encoded(texts, make_pipeline(SimpleImputer(strategy="median"), StandardScaler()))


def ordinal() -> OrdinalEncoder:
    return OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2)


PREPROCESSORS = {
    "none": Preprocessor(list, NUMBERS),
    "standard": Preprocessor(lambda: [StandardScaler()], NUMBERS),
    "minmax": Preprocessor(lambda: [MinMaxScaler()], NUMBERS),
    "robust": Preprocessor(lambda: [RobustScaler()], NUMBERS),
    "maxabs": Preprocessor(lambda: [MaxAbsScaler()], NUMBERS),
    "power": Preprocessor(lambda: [PowerTransformer()], NUMBERS[:-1]),
    "quantile-uniform": Preprocessor(lambda: [QuantileTransformer(n_quantiles=200)], NUMBERS),
    "quantile-normal": Preprocessor(lambda: [QuantileTransformer(n_quantiles=200, output_distribution="normal")], NUMBERS),
    "log1p": Preprocessor(lambda: [log1p()], ["counts", "percentages", "lognormal", "large"]),
    "bins-ordinal": Preprocessor(lambda: [KBinsDiscretizer(8, encode="ordinal")], ["whole", "prices", "percentages", "lognormal", "doubles"]),
    "bins-onehot": Preprocessor(lambda: [KBinsDiscretizer(6, encode="onehot-dense")], ["doubles", "lognormal", "whole", "percentages"]),
    "imputer-standard": Preprocessor(lambda: [SimpleImputer(), StandardScaler()], ["gaps"]),
    "pca": Preprocessor(lambda: [PCA(3)], NUMBERS),
    "polynomial": Preprocessor(lambda: [PolynomialFeatures(2, include_bias=False)], ["whole", "prices", "ties", "doubles", "percentages"]),
    "normalizer": Preprocessor(lambda: [Normalizer()], ["whole", "prices", "lognormal", "doubles", "percentages"]),
    "spline": Preprocessor(lambda: [SplineTransformer(4)], ["prices", "percentages", "doubles", "whole"]),
    "chain": Preprocessor(lambda: [log1p(), StandardScaler(), MinMaxScaler()], ["lognormal", "counts", "percentages", "large"]),
    "union": Preprocessor(lambda: [FeatureUnion([("scaled", StandardScaler()), ("turned", PCA(2))])], NUMBERS),
    "columns": Preprocessor(halves, NUMBERS),
    "nested-columns": Preprocessor(nested, NUMBERS),
    "texts-onehot": Preprocessor(lambda: encoded(OneHotEncoder(handle_unknown="ignore"), StandardScaler()), TEXTS, names=True),
    "texts-rare": Preprocessor(lambda: encoded(OneHotEncoder(min_frequency=30, handle_unknown="infrequent_if_exist")), TEXTS, names=True),
    "texts-ordinal": Preprocessor(lambda: encoded(ordinal()), TEXTS, names=True),
    "texts-target": Preprocessor(lambda: encoded(TargetEncoder(random_state=0), MinMaxScaler()), TEXTS, names=True, needs_target=True),
    "texts-imputed": Preprocessor(imputed_texts, ["mixed-gaps"], names=True),
}


@dataclass
class Wrapper:
    """`tasks`: of the models that it takes, and what it has them learn. `names`: whether it hands DataFrames on. `shares`: whether it
    needs probabilities.
    """

    around: Callable[[Any], Any]
    tasks: dict[str, str]
    names: bool = True
    shares: bool = False


TWO, THREE, CODES, NUMBER = "two classes", "three classes", "three codes", "number"
CLASSES = {TWO: TWO, THREE: THREE, CODES: CODES}


def voting(model: Any) -> Any:
    return VotingClassifier([("first", model), ("second", DecisionTreeClassifier(max_depth=5, random_state=0))], voting="soft")


def voting_regressor(model: Any) -> Any:
    return VotingRegressor([("first", model), ("second", DecisionTreeRegressor(max_depth=5, random_state=0))])


def stacking_regressor(model: Any) -> Any:
    return StackingRegressor([("first", model), ("second", make_pipeline(SimpleImputer(), Ridge()))], cv=2)


def stacking(model: Any) -> Any:
    return StackingClassifier([("first", model), ("second", make_pipeline(SimpleImputer(), GaussianNB()))], LogisticRegression(), cv=2)


WRAPPERS = {
    "grid-search": Wrapper(lambda model: GridSearchCV(model, {}, cv=2), {**CLASSES, NUMBER: NUMBER}),
    "voting": Wrapper(lambda model: VotingClassifier([("first", model), ("second", model)], voting="soft"), CLASSES, shares=True),
    "voting-mixed": Wrapper(voting, CLASSES, names=False, shares=True),
    "voting-regressor": Wrapper(voting_regressor, {NUMBER: NUMBER}, names=False),
    "calibrated-sigmoid": Wrapper(lambda model: CalibratedClassifierCV(model, cv=2), CLASSES),
    "calibrated-isotonic": Wrapper(lambda model: CalibratedClassifierCV(model, method="isotonic", cv=2), CLASSES),
    "stacking": Wrapper(stacking, CLASSES, names=False),
    "stacking-regressor": Wrapper(stacking_regressor, {NUMBER: NUMBER}, names=False),
    "target": Wrapper(lambda model: TransformedTargetRegressor(model, func=np.log1p, inverse_func=np.expm1), {NUMBER: NUMBER}),
    "one-vs-rest": Wrapper(OneVsRestClassifier, {THREE: THREE, CODES: CODES}),
    "bagged-pipeline": Wrapper(lambda model: BaggingClassifier(model, n_estimators=6, random_state=0), CLASSES, names=False),
    "multi-output": Wrapper(MultiOutputRegressor, {NUMBER: "numbers"}),
    "multi-label": Wrapper(MultiOutputClassifier, {TWO: "labels"}),
}
