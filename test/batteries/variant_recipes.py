"""Options of the estimators that we convert ourselves: each that is claimed to work, and each that is refused."""

from __future__ import annotations

from typing import Any, Callable, Iterator

import numpy as np
from sklearn import gaussian_process as gp
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import AffinityPropagation, Birch, BisectingKMeans, FeatureAgglomeration, MeanShift
from sklearn.compose import TransformedTargetRegressor
from sklearn.covariance import EllipticEnvelope
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import RandomForestClassifier, StackingClassifier, StackingRegressor, VotingRegressor
from sklearn.gaussian_process import kernels as gk
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer, KNNImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.kernel_approximation import AdditiveChi2Sampler, Nystroem, PolynomialCountSketch, RBFSampler, SkewedChi2Sampler
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputRegressor, RegressorChain
from sklearn.neighbors import NearestCentroid, RadiusNeighborsClassifier, RadiusNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer, MaxAbsScaler, MinMaxScaler, PowerTransformer, QuantileTransformer, RobustScaler, SplineTransformer,
    StandardScaler,
)  # fmt: skip
from sklearn.semi_supervised import LabelPropagation, LabelSpreading
from sklearn.svm import SVC, LinearSVC, OneClassSVM
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

VERIFIED, UNSUPPORTED, OTHERWISE = "verified", "UNSUPPORTED_MODEL", "VERIFICATION_FAILED"
# What it is called, the data it is fitted on, the estimator, and what comes of it.
Variant = tuple[str, str, Any, str]


def variants() -> Iterator[Variant]:
    for family in (targets, dummies, centres, machines, processes, splines, chains, calibrated, neighbours, samplers, ensembles, columns):
        yield from family()


def linear() -> LogisticRegression:
    return LogisticRegression(max_iter=2000)


def targets() -> Iterator[Variant]:
    functions = {
        "log": (np.log, np.exp), "log1p": (np.log1p, np.expm1), "sqrt": (np.sqrt, np.square), "exp2": (np.log2, np.exp2),
        "square": (np.square, np.sqrt), "reciprocal": (np.reciprocal, np.reciprocal), "cbrt": (np.cbrt, None),
        "arcsinh": (np.arcsinh, np.sinh),
    }  # fmt: skip
    for name, (func, inverse) in functions.items():
        # Without an inverse the regressor's own answer would be handed on.
        if inverse is not None:
            yield f"target-{name}", "numbers", TransformedTargetRegressor(Ridge(), func=func, inverse_func=inverse, check_inverse=False), VERIFIED
    scalers = {
        "standard": StandardScaler(), "minmax": MinMaxScaler(), "maxabs": MaxAbsScaler(), "robust": RobustScaler(),
        "yeo-johnson": PowerTransformer(), "box-cox": PowerTransformer(method="box-cox"),
        "quantile-uniform": QuantileTransformer(n_quantiles=100), "power-raw": PowerTransformer(standardize=False),
        "quantile-normal": QuantileTransformer(n_quantiles=100, output_distribution="normal"),
        "pipeline": make_pipeline(FunctionTransformer(np.log1p, np.expm1), StandardScaler()),
    }  # fmt: skip
    for name, scaler in scalers.items():
        yield f"target-{name}", "numbers", TransformedTargetRegressor(Ridge(), transformer=scaler), VERIFIED
    logarithm = TransformedTargetRegressor(Ridge(), func=np.log, inverse_func=np.exp)
    yield "target-several", "several numbers", TransformedTargetRegressor(Ridge(), transformer=StandardScaler()), VERIFIED
    yield "target-in-pipeline", "numbers", make_pipeline(StandardScaler(), logarithm), VERIFIED
    yield "target-over-pipeline", "numbers", TransformedTargetRegressor(make_pipeline(StandardScaler(), Ridge()), func=np.log, inverse_func=np.exp), VERIFIED
    yield "target-in-voting", "numbers", VotingRegressor([("log", logarithm), ("plain", Ridge())]), VERIFIED
    yield "target-in-stacking", "numbers", StackingRegressor([("log", logarithm), ("plain", Ridge())], Ridge()), VERIFIED
    yield "target-in-search", "numbers", GridSearchCV(logarithm, {"regressor__alpha": [0.1, 1.0]}, cv=3), VERIFIED
    yield "target-over-tree", "numbers", TransformedTargetRegressor(DecisionTreeRegressor(max_depth=4), func=np.sqrt, inverse_func=np.square), VERIFIED
    yield "target-in-several", "several numbers", MultiOutputRegressor(logarithm), VERIFIED


def dummies() -> Iterator[Variant]:
    for strategy in ("prior", "most_frequent"):
        yield f"dummy-{strategy}", "iris", DummyClassifier(strategy=strategy), VERIFIED
    yield "dummy-constant", "iris", DummyClassifier(strategy="constant", constant="virginica"), VERIFIED
    yield "dummy-codes", "wine", DummyClassifier(strategy="constant", constant=13), VERIFIED
    yield "dummy-stratified", "iris", DummyClassifier(strategy="stratified", random_state=0), UNSUPPORTED
    yield "dummy-uniform", "iris", DummyClassifier(strategy="uniform", random_state=0), UNSUPPORTED
    for strategy in ("mean", "median"):
        yield f"dummy-{strategy}", "numbers", DummyRegressor(strategy=strategy), VERIFIED
    yield "dummy-quantile", "numbers", DummyRegressor(strategy="quantile", quantile=0.9), VERIFIED
    yield "dummy-value", "numbers", DummyRegressor(strategy="constant", constant=3.25), VERIFIED
    yield "dummy-several", "several numbers", DummyRegressor(), VERIFIED
    yield "dummy-in-pipeline", "iris", make_pipeline(StandardScaler(), DummyClassifier()), VERIFIED


def centres() -> Iterator[Variant]:
    for metric in ("euclidean", "manhattan"):
        yield f"centroid-{metric}", "iris", NearestCentroid(metric=metric), VERIFIED
        yield f"centroid-{metric}-shrunk", "wine", NearestCentroid(metric=metric, shrink_threshold=0.3), VERIFIED
    yield "centroid-empirical", "wine", NearestCentroid(priors="empirical"), VERIFIED
    yield "centroid-priors", "iris", NearestCentroid(priors=[0.2, 0.5, 0.3]), VERIFIED
    yield "centroid-two", "two classes", NearestCentroid(), VERIFIED
    yield "centroid-in-stacking", "iris", StackingClassifier([("c", NearestCentroid()), ("l", linear())], linear(), cv=3), VERIFIED
    yield "meanshift", "wine", make_pipeline(StandardScaler(), MeanShift()), VERIFIED
    yield "affinity", "iris", AffinityPropagation(random_state=0), VERIFIED
    yield "birch", "iris", Birch(n_clusters=3), VERIFIED
    yield "birch-subclusters", "iris", Birch(n_clusters=None, threshold=0.4), VERIFIED
    yield "bisecting", "iris", BisectingKMeans(n_clusters=5, random_state=0), VERIFIED
    yield "bisecting-largest", "wine", BisectingKMeans(n_clusters=6, bisecting_strategy="largest_cluster", random_state=0), VERIFIED
    yield "agglomeration", "iris", FeatureAgglomeration(n_clusters=2), VERIFIED
    yield "agglomeration-max", "iris", FeatureAgglomeration(n_clusters=2, pooling_func=np.max), UNSUPPORTED


def machines() -> Iterator[Variant]:
    for kernel in ("linear", "poly", "polynomial", "rbf", "laplacian", "sigmoid", "cosine"):
        yield f"ridge-{kernel}", "numbers", KernelRidge(kernel=kernel, alpha=0.5), VERIFIED
    yield "ridge-options", "numbers", KernelRidge(kernel="poly", degree=2, coef0=0.5, gamma=0.3, alpha=0.1), VERIFIED
    yield "ridge-small-alpha", "numbers", KernelRidge(kernel="rbf", gamma=0.1, alpha=1e-6), VERIFIED
    for kernel in ("chi2", "additive_chi2"):
        machine = KernelRidge(kernel=kernel, gamma=0.5 if kernel == "chi2" else None)
        yield f"ridge-{kernel}", "numbers", make_pipeline(MinMaxScaler(clip=True), machine), VERIFIED
    yield "ridge-several", "several numbers", KernelRidge(kernel="rbf", gamma=1e-4), VERIFIED
    yield "ridge-own-kernel", "numbers", KernelRidge(kernel=np.vdot), UNSUPPORTED
    yield "ridge-in-search", "numbers", GridSearchCV(make_pipeline(StandardScaler(), KernelRidge(kernel="rbf")), {"kernelridge__gamma": [0.01, 0.1]}, cv=3), VERIFIED
    for kernel in ("linear", "poly", "rbf", "sigmoid"):
        yield f"one-class-{kernel}", "iris", OneClassSVM(kernel=kernel, nu=0.2), VERIFIED
    for cls in (LabelPropagation, LabelSpreading):
        yield f"{cls.__name__.lower()}-rbf", "iris", cls(gamma=2.0), VERIFIED
        yield f"{cls.__name__.lower()}-knn", "iris", cls(kernel="knn"), UNSUPPORTED


def processes() -> Iterator[Variant]:
    kernels = {
        "rbf": gk.ConstantKernel(1.0) * gk.RBF(1.0), "anisotropic": gk.RBF([1.0, 2.0, 1.0, 0.5]), "matern-0.5": gk.Matern(nu=0.5),
        "matern-1.5": gk.Matern(nu=1.5), "matern-2.5": gk.Matern(nu=2.5), "matern-inf": gk.Matern(nu=np.inf),
        "rational": gk.RationalQuadratic(), "dot": gk.DotProduct() + gk.WhiteKernel(),
        "squared-dot": gk.DotProduct() ** 2 + gk.WhiteKernel(0.1), "sum": gk.RBF() + 2.0 * gk.Matern() + gk.WhiteKernel(0.1),
    }  # fmt: skip
    for name, kernel in kernels.items():
        yield f"process-{name}", "two classes", gp.GaussianProcessClassifier(kernel, random_state=0), VERIFIED
        yield f"regression-process-{name}", "four numbers", gp.GaussianProcessRegressor(kernel, alpha=1.0, random_state=0), VERIFIED
    # In several dimensions it is no kernel.
    periodic = gk.ExpSineSquared(0.5, 0.3) + gk.WhiteKernel()
    yield "regression-process-periodic", "one number", gp.GaussianProcessRegressor(periodic, optimizer=None, normalize_y=True), VERIFIED
    yield "process-bessel", "two classes", gp.GaussianProcessClassifier(gk.Matern(nu=0.7), optimizer=None), UNSUPPORTED
    yield "process-three", "iris", gp.GaussianProcessClassifier(1.0 * gk.RBF(), random_state=0), VERIFIED
    yield "process-one-vs-one", "iris", gp.GaussianProcessClassifier(1.0 * gk.RBF(), multi_class="one_vs_one", random_state=0), VERIFIED
    yield "process-codes", "wine", make_pipeline(StandardScaler(), gp.GaussianProcessClassifier(random_state=0)), VERIFIED
    yield "regression-process-normalized", "numbers", gp.GaussianProcessRegressor(gk.RBF() + gk.WhiteKernel(), normalize_y=True), VERIFIED
    yield "regression-process-several", "several numbers", gp.GaussianProcessRegressor(gk.RBF(20.0), alpha=0.1, optimizer=None, normalize_y=True), VERIFIED
    yield "regression-process-pairwise", "four numbers", gp.GaussianProcessRegressor(gk.PairwiseKernel(metric="laplacian"), alpha=1e-2), VERIFIED


def splines() -> Iterator[Variant]:
    for extrapolation in ("constant", "linear", "continue", "periodic"):
        yield f"spline-{extrapolation}", "iris", SplineTransformer(extrapolation=extrapolation), VERIFIED
    yield "spline-error", "iris inside", SplineTransformer(extrapolation="error"), UNSUPPORTED
    for degree in (1, 2, 4):
        yield f"spline-degree-{degree}", "iris", SplineTransformer(degree=degree, n_knots=6), VERIFIED
    yield "spline-steps", "iris", SplineTransformer(degree=0, extrapolation="continue"), VERIFIED
    yield "spline-quantile", "iris", SplineTransformer(knots="quantile", include_bias=False), VERIFIED
    yield "spline-sparse", "iris", SplineTransformer(sparse_output=True), VERIFIED
    yield "spline-missing", "missing", SplineTransformer(handle_missing="zeros"), VERIFIED
    yield "spline-regression", "numbers", make_pipeline(SplineTransformer(), Ridge()), VERIFIED


def chains() -> Iterator[Variant]:
    yield "chain", "several numbers", RegressorChain(Ridge()), VERIFIED
    yield "chain-order", "several numbers", RegressorChain(LinearRegression(), order=[2, 0, 1]), VERIFIED
    yield "chain-trees", "several numbers", RegressorChain(DecisionTreeRegressor(max_depth=3, random_state=0), order="random", random_state=1), VERIFIED
    yield "chain-in-pipeline", "several numbers", make_pipeline(StandardScaler(), RegressorChain(Ridge())), VERIFIED
    yield "class-chain", "two targets", ClassifierChain(linear()), VERIFIED
    yield "class-chain-order", "two targets", ClassifierChain(linear(), order=[1, 0]), VERIFIED
    yield "class-chain-shares", "two targets", ClassifierChain(linear(), chain_method="predict_proba"), VERIFIED
    yield "class-chain-trees", "two targets", ClassifierChain(DecisionTreeClassifier(max_depth=3)), VERIFIED
    yield "class-chain-decision", "two targets", ClassifierChain(linear(), chain_method="decision_function"), UNSUPPORTED
    for name, inner in {"linear": linear(), "svc": SVC(), "linearsvc": LinearSVC(), "tree": DecisionTreeClassifier(max_depth=3)}.items():
        yield f"one-vs-one-{name}", "iris", OneVsOneClassifier(inner), VERIFIED
        yield f"one-vs-one-{name}-codes", "wine", make_pipeline(StandardScaler(), OneVsOneClassifier(inner)), VERIFIED


def calibrated() -> Iterator[Variant]:
    forest = RandomForestClassifier(n_estimators=10, max_depth=3, random_state=0)
    for name, inner in {"linear": linear(), "forest": forest, "svc": SVC(), "linearsvc": LinearSVC()}.items():
        yield f"isotonic-calibration-{name}", "iris", CalibratedClassifierCV(inner, method="isotonic", cv=3), VERIFIED
        yield f"isotonic-calibration-{name}-two", "two classes", CalibratedClassifierCV(inner, method="isotonic", cv=3), VERIFIED
        yield f"sigmoid-calibration-{name}", "wine", CalibratedClassifierCV(inner, cv=3), VERIFIED
        yield f"sigmoid-calibration-{name}-two", "two classes", CalibratedClassifierCV(inner, cv=3), VERIFIED
    for name, inner in {"linear": linear(), "forest": forest, "svc": SVC()}.items():
        yield f"temperature-calibration-{name}", "iris", CalibratedClassifierCV(inner, method="temperature", cv=3), VERIFIED
        yield f"temperature-calibration-{name}-two", "two classes", CalibratedClassifierCV(inner, method="temperature", cv=3), VERIFIED
    for bounds in ("nan", "clip"):
        yield f"isotonic-{bounds}", "one number", IsotonicRegression(out_of_bounds=bounds), VERIFIED
    yield "isotonic-raise", "one number inside", IsotonicRegression(out_of_bounds="raise"), UNSUPPORTED
    yield "isotonic-falling", "one number", IsotonicRegression(increasing=False, out_of_bounds="clip"), VERIFIED


def neighbours() -> Iterator[Variant]:
    for weights in ("uniform", "distance"):
        yield f"radius-classes-{weights}", "iris", RadiusNeighborsClassifier(0.8, weights=weights, outlier_label="most_frequent"), VERIFIED
        yield f"radius-numbers-{weights}", "four numbers", RadiusNeighborsRegressor(1.0, weights=weights), VERIFIED
        yield f"knn-imputer-{weights}", "distinct", KNNImputer(n_neighbors=4, weights=weights), VERIFIED if weights == "uniform" else OTHERWISE
    for power, name in ((1, "manhattan"), (3, "cubes")):
        yield f"radius-{name}", "iris", RadiusNeighborsClassifier(1.0, p=power, outlier_label="setosa"), VERIFIED
    yield "radius-chebyshev", "four numbers", RadiusNeighborsRegressor(0.5, metric="chebyshev"), VERIFIED
    yield "radius-codes", "wine", make_pipeline(StandardScaler(), RadiusNeighborsClassifier(1.0, outlier_label=-7)), VERIFIED
    yield "radius-several", "several numbers", RadiusNeighborsRegressor(60.0), VERIFIED
    yield "radius-no-outliers", "iris", RadiusNeighborsClassifier(50.0), UNSUPPORTED
    yield "knn-imputer-marks", "distinct", KNNImputer(add_indicator=True), VERIFIED
    # Which of several equally near rows the original takes is chance: numpy's argpartition decides.
    yield "knn-imputer-ties", "missing", KNNImputer(), VERIFIED
    yield "envelope", "iris", EllipticEnvelope(random_state=0), VERIFIED
    yield "envelope-half", "wine", EllipticEnvelope(contamination=0.4, random_state=0), VERIFIED


def samplers() -> Iterator[Variant]:
    yield "rbf-sampler", "iris", RBFSampler(random_state=0), VERIFIED
    yield "rbf-sampler-scale", "numbers", make_pipeline(RBFSampler(gamma="scale", n_components=40, random_state=0), Ridge()), VERIFIED
    yield "skewed-sampler", "iris", SkewedChi2Sampler(skewedness=5.0, random_state=0), VERIFIED
    for steps in (1, 2, 3):
        yield f"additive-sampler-{steps}", "iris inside", AdditiveChi2Sampler(sample_steps=steps), VERIFIED
    for degree in (1, 2, 3):
        yield f"sketch-{degree}", "iris", PolynomialCountSketch(degree=degree, n_components=30, random_state=0), VERIFIED
    yield "sketch-offset", "iris", PolynomialCountSketch(gamma=0.3, coef0=2.0, n_components=50, random_state=0), VERIFIED
    for kernel in ("rbf", "poly", "sigmoid", "cosine", "laplacian"):
        yield f"nystroem-{kernel}", "numbers", Nystroem(kernel=kernel, n_components=20, random_state=0), VERIFIED
    yield "nystroem-classes", "iris", make_pipeline(Nystroem(gamma=0.2, n_components=30, random_state=0), linear()), VERIFIED


def ensembles() -> Iterator[Variant]:
    from sklearn.linear_model import Perceptron, PoissonRegressor, RidgeClassifier, SGDClassifier

    members = {"linearsvc": LinearSVC(), "svc": SVC(), "ridge": RidgeClassifier(), "sgd": SGDClassifier(random_state=0), "perceptron": Perceptron()}
    for name, inner in members.items():
        yield f"one-vs-rest-{name}", "iris", OneVsRestClassifier(inner), VERIFIED
        yield f"one-vs-rest-{name}-codes", "wine", make_pipeline(StandardScaler(), OneVsRestClassifier(inner)), VERIFIED
        yield f"one-vs-rest-{name}-two", "two classes", OneVsRestClassifier(inner), VERIFIED
        yield f"stacking-{name}-two", "two classes", StackingClassifier([("l", linear()), (name, inner)], linear(), cv=3), VERIFIED
    yield "one-vs-rest-probabilities", "iris", OneVsRestClassifier(linear()), VERIFIED
    for name, inner in {"linear": linear(), "svc": SVC(), "tree": DecisionTreeClassifier(max_depth=3, random_state=0)}.items():
        yield f"output-code-{name}", "wine", OutputCodeClassifier(inner, code_size=2, random_state=0), VERIFIED
    yield "rounds-poisson", "missing", IterativeImputer(PoissonRegressor(alpha=1.0), random_state=0, max_iter=2), VERIFIED
    yield "one-vs-rest-several", "two targets", OneVsRestClassifier(LinearSVC()), VERIFIED
    yield "stacking-passthrough", "two classes", StackingClassifier([("svc", SVC()), ("l", linear())], linear(), passthrough=True, cv=3), VERIFIED
    yield "stacking-three", "iris", StackingClassifier([("svc", SVC()), ("l", linear())], linear(), cv=3), VERIFIED
    yield "rounds", "missing", IterativeImputer(random_state=0), VERIFIED
    yield "rounds-marks", "missing", IterativeImputer(random_state=0, add_indicator=True, max_iter=3), VERIFIED
    yield "rounds-neighbours", "missing", IterativeImputer(random_state=0, n_nearest_features=2, imputation_order="random"), VERIFIED
    yield "rounds-bounds", "missing", IterativeImputer(random_state=0, min_value=[30, 13, 170, 2700], max_value=[60, 22, 240, 6300]), VERIFIED
    yield "rounds-trees", "missing", IterativeImputer(DecisionTreeRegressor(max_depth=3, random_state=0), random_state=0, max_iter=4), VERIFIED
    yield "rounds-sampled", "missing", IterativeImputer(random_state=0, sample_posterior=True), UNSUPPORTED
    yield "rounds-regression", "missing", make_pipeline(IterativeImputer(random_state=0), StandardScaler()), VERIFIED


def columns() -> Iterator[Variant]:
    for distribution in ("uniform", "normal"):
        for kind in ("iris", "missing", "numbers"):
            yield f"quantiles-{distribution}-{kind}", kind, QuantileTransformer(n_quantiles=60, output_distribution=distribution), VERIFIED
    functions: list[Callable[..., Any]] = [
        np.log1p, np.log, np.log2, np.log10, np.sqrt, np.cbrt, np.exp, np.exp2, np.expm1, np.square, np.abs, np.sign, np.floor, np.ceil,
        np.rint, np.trunc, np.reciprocal, np.negative, np.sin, np.cos, np.tan, np.arctan, np.sinh, np.cosh, np.tanh, np.arcsinh, np.deg2rad,
        np.rad2deg,
    ]  # fmt: skip
    for function in functions:
        yield f"function-{function.__name__}", "iris inside", FunctionTransformer(function), VERIFIED
    yield "function-clip", "iris", FunctionTransformer(np.clip, kw_args={"a_min": 1.0, "a_max": 4.0}), VERIFIED
    yield "function-round", "iris", FunctionTransformer(np.round, kw_args={"decimals": 0}), VERIFIED
    yield "function-strange", "iris", FunctionTransformer(np.cumsum, kw_args={"axis": 1}), UNSUPPORTED
