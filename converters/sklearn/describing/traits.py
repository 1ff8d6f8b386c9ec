"""What is particular about a class of estimators: one row a class, by its name. Who is not in the table has none of these traits.

By name, as most of the classes are never imported otherwise, and some of them exist in a few versions of scikit-learn only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Scaling = Literal["standard", "range", "largest", "robust", "power", "quantiles", "function", "steps"]
Preparation = Literal[
    "agglomeration", "calibrated", "codes", "dense embedding", "estimator", "estimator_", "factors", "imputer",
    "latent coefficients", "logistic regression", "members", "projection", "random projection", "regressor_", "selection",
    "self training", "singular vectors", "sparse components", "stack",
]  # fmt: skip
Renewal = Literal["column transformer", "encoder", "imputer", "latent coefficients", "leaves", "loss", "multi_class", "votes"]


@dataclass(frozen=True)
class Traits:
    """One row. Each trait says what a class is, or does, that most do not."""

    column_by_column: bool = False
    """It looks at each column by itself, and keeps their order and number."""

    reads_text: bool = False
    """It takes columns of free text apart into words."""

    takes_frame: bool = False
    """Its rows may have to be a DataFrame: a user's function may do anything with them."""

    unknown: Literal["zeros", "code", "mean"] | None = None
    """What an encoder makes of a value that it has not seen, and the graph too: zeros, a code of its own, the mean of the target."""

    scaling: Scaling | None = None
    """How it moves and stretches columns, which is also how that is undone."""

    decision_column: int | None = None
    """Of two classes: which column of the graph's scores holds the one number of `decision_function`."""

    label_table: bool = False
    """Trained on a table of yes and no, a column a label, it gives its probabilities as such a table, and its graph does too."""

    coded_labels: bool = False
    """The graph gives the places of its labels in `classes_`."""

    thresholded: bool = False
    """It labels by a threshold on the probability of the classifier inside, whose graph stands for it."""

    neighbour_graph: bool = False
    """It gives a graph of neighbours, which is no table of predictions."""

    histogram_boosting: bool = False
    """Its trees are predictors of histogram boosting, which may split on categories."""

    one_target: bool = False
    """With several targets the graph that skl2onnx makes does not load."""

    several_targets: bool = False
    """It keeps a list of classes, one a target, and converts all the same."""

    even_targets: bool = False
    """Of several targets each has to have as many classes."""

    preparation: Preparation | None = None
    """How `preparing.prepare` makes of it what skl2onnx converts rightly."""

    renewal: Renewal | None = None
    """What `loading.old_versions` gives one that another version of scikit-learn saved."""


TRAITS = {
    "AdaBoostClassifier": Traits(renewal="votes"),
    "BaggingClassifier": Traits(preparation="members"),
    "BaggingRegressor": Traits(preparation="members"),
    "Binarizer": Traits(column_by_column=True),
    "CCA": Traits(preparation="latent coefficients", renewal="latent coefficients"),
    "CalibratedClassifierCV": Traits(preparation="calibrated"),
    "ClassifierChain": Traits(label_table=True, several_targets=True, preparation="members"),
    "ColumnTransformer": Traits(renewal="column transformer"),
    "CountVectorizer": Traits(reads_text=True),
    "DecisionTreeClassifier": Traits(renewal="leaves"),
    "ExtraTreeClassifier": Traits(renewal="leaves"),
    "FactorAnalysis": Traits(preparation="factors"),
    "FastICA": Traits(preparation="projection"),
    "FeatureAgglomeration": Traits(preparation="agglomeration"),
    "FixedThresholdClassifier": Traits(thresholded=True, preparation="estimator_"),
    "FrozenEstimator": Traits(preparation="estimator"),
    "FunctionTransformer": Traits(column_by_column=True, takes_frame=True, scaling="function"),
    "GradientBoostingClassifier": Traits(renewal="loss"),
    "GradientBoostingRegressor": Traits(renewal="loss"),
    "HashingVectorizer": Traits(reads_text=True),
    "HistGradientBoostingClassifier": Traits(histogram_boosting=True),
    "HistGradientBoostingRegressor": Traits(histogram_boosting=True),
    "IterativeImputer": Traits(preparation="imputer"),
    "KNNImputer": Traits(preparation="imputer"),
    "KNeighborsClassifier": Traits(even_targets=True),
    "KNeighborsTransformer": Traits(neighbour_graph=True),
    "LinearDiscriminantAnalysis": Traits(preparation="logistic regression"),
    "LinearSVC": Traits(decision_column=1),
    "LogisticRegression": Traits(renewal="multi_class"),
    "LogisticRegressionCV": Traits(renewal="multi_class"),
    "MaxAbsScaler": Traits(column_by_column=True, scaling="largest"),
    "MinMaxScaler": Traits(column_by_column=True, scaling="range"),
    "MiniBatchSparsePCA": Traits(preparation="sparse components"),
    "MultiOutputClassifier": Traits(several_targets=True, preparation="members"),
    "MultiOutputRegressor": Traits(preparation="members"),
    "NuSVC": Traits(decision_column=1),
    "OneHotEncoder": Traits(unknown="zeros", renewal="encoder"),
    "OneVsOneClassifier": Traits(decision_column=1, coded_labels=True, preparation="codes"),
    "OneVsRestClassifier": Traits(decision_column=1, label_table=True, preparation="members"),
    "OrdinalEncoder": Traits(unknown="code"),
    "OutputCodeClassifier": Traits(preparation="members"),
    "PLSCanonical": Traits(preparation="latent coefficients", renewal="latent coefficients"),
    "PLSRegression": Traits(preparation="latent coefficients", renewal="latent coefficients"),
    "PLSSVD": Traits(preparation="singular vectors"),
    "PassiveAggressiveClassifier": Traits(decision_column=1),
    "Perceptron": Traits(decision_column=1),
    "Pipeline": Traits(scaling="steps"),
    "PowerTransformer": Traits(column_by_column=True, scaling="power"),
    "QuadraticDiscriminantAnalysis": Traits(decision_column=1),
    "QuantileTransformer": Traits(column_by_column=True, scaling="quantiles"),
    "RFE": Traits(preparation="selection"),
    "RFECV": Traits(preparation="selection"),
    "RandomTreesEmbedding": Traits(preparation="dense embedding"),
    "RegressorChain": Traits(preparation="members"),
    "RidgeClassifier": Traits(decision_column=1, one_target=True),
    "RidgeClassifierCV": Traits(decision_column=1, one_target=True),
    "RobustScaler": Traits(column_by_column=True, scaling="robust"),
    "SGDClassifier": Traits(decision_column=1),
    "SVC": Traits(decision_column=1),
    "SelfTrainingClassifier": Traits(preparation="self training"),
    "SequentialFeatureSelector": Traits(preparation="selection"),
    "SimpleImputer": Traits(preparation="imputer", renewal="imputer"),
    "SparsePCA": Traits(preparation="sparse components"),
    "SparseRandomProjection": Traits(preparation="random projection"),
    "StackingClassifier": Traits(preparation="stack"),
    "StackingRegressor": Traits(preparation="stack"),
    "StandardScaler": Traits(column_by_column=True, scaling="standard"),
    "TargetEncoder": Traits(unknown="mean"),
    "TfidfVectorizer": Traits(reads_text=True),
    "TransformedTargetRegressor": Traits(preparation="regressor_"),
    "TunedThresholdClassifierCV": Traits(thresholded=True, preparation="estimator_"),
}

NONE = Traits()


def traits_of(estimator: Any) -> Traits:
    return TRAITS.get(type(estimator).__name__, NONE)
