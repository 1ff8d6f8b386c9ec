"""Small real data that fits an estimator: chosen by what it is, with exceptions by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sklearn.base import RegressorMixin
from sklearn.datasets import load_diabetes, load_iris, load_linnerud

from sample_tables import load_penguins


@dataclass
class TrainingData:
    """`reason` says why no table of columns fits the estimator; then there are no rows."""

    title: str
    X: pd.DataFrame | None
    y: Any = None
    reason: str | None = None


NO_TABLE = {
    "CountVectorizer": "takes documents, not columns",
    "HashingVectorizer": "takes documents, not columns",
    "TfidfVectorizer": "takes documents, not columns",
    "DictVectorizer": "takes dictionaries, not columns",
    "FeatureHasher": "takes dictionaries, not columns",
    "PatchExtractor": "takes images, not columns",
    "LabelBinarizer": "transforms the target, not columns",
    "LabelEncoder": "transforms the target, not columns",
    "MultiLabelBinarizer": "transforms the target, not columns",
    "KernelCenterer": "takes a kernel matrix, not columns",
}
SEVERAL_TARGETS = {
    "CCA", "MultiOutputRegressor", "MultiTaskElasticNet", "MultiTaskElasticNetCV", "MultiTaskLasso",
    "MultiTaskLassoCV", "PLSCanonical", "PLSRegression", "PLSSVD", "RegressorChain",
}  # fmt: skip
POSITIVE_TARGETS = {"GammaRegressor", "PoissonRegressor", "TweedieRegressor"}
TEXT_COLUMNS = {"OneHotEncoder", "OrdinalEncoder", "TargetEncoder"}
MISSING_NUMBERS = {"KNNImputer", "MissingIndicator", "SimpleImputer"}
CODES = {"CategoricalNB"}
TWO_CLASSES = {"FixedThresholdClassifier", "TunedThresholdClassifierCV"}


def training_data(name: str, cls: type) -> TrainingData:
    if name in NO_TABLE:
        return TrainingData("", None, reason=NO_TABLE[name])
    if name in TEXT_COLUMNS:
        penguins = load_penguins().dropna()
        return TrainingData("penguins: text columns", penguins[["island", "sex"]], penguins["body_mass_g"])
    if name == "ColumnTransformer":
        return TrainingData("penguins", load_penguins().drop(columns=["species", "year"]))
    if name in MISSING_NUMBERS:
        columns = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
        return TrainingData("penguins: numbers, some missing", load_penguins()[columns])
    if name == "MultiOutputClassifier" or name == "ClassifierChain":
        return two_targets(name)
    if name in SEVERAL_TARGETS:
        X, y = load_linnerud(return_X_y=True, as_frame=True)
        return TrainingData("linnerud", X, y)
    if is_regressor_class(cls):
        return regression_data(name)
    return classification_data(name)


def regression_data(name: str) -> TrainingData:
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    if name == "IsotonicRegression":
        return TrainingData("diabetes: bmi", X[["bmi"]], y)
    return TrainingData("diabetes", X, y + 1.0 if name in POSITIVE_TARGETS else y)


def classification_data(name: str) -> TrainingData:
    frame = load_iris(as_frame=True)
    X, y = frame.data, frame.target.map(lambda code: str(frame.target_names[code]))
    X.columns = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    # Mixed order, so that the first rows hold every class.
    order = [row + 50 * group for row in range(50) for group in range(3)]
    X, y = X.iloc[order].reset_index(drop=True), y.iloc[order].reset_index(drop=True)
    if name in TWO_CLASSES:
        keep = y != "setosa"
        X, y = X[keep].reset_index(drop=True), y[keep].reset_index(drop=True)
    if name in CODES:
        return TrainingData("iris: whole centimetres", X.round().astype("int64"), y)
    return TrainingData("iris", X, y)


def two_targets(name: str) -> TrainingData:
    frame = classification_data("")
    sizes = (frame.X["petal_length"] > 4.35).astype("int64")
    species = (frame.y == "setosa").astype("int64")
    return TrainingData("iris: two targets", frame.X, pd.DataFrame({"setosa": species, "long": sizes}))


def is_regressor_class(cls: type) -> bool:
    return issubclass(cls, RegressorMixin)
