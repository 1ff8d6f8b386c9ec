"""Estimators that skl2onnx does not know, as ones that it does and that predict the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sklearn
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_selection import VarianceThreshold
from sklearn.linear_model import LinearRegression

from describing.arrays import dense
from describing.sklearn_versions import minor
from describing.traits import Preparation
from preparing.given import Given


def projection(model: Any, _: Given) -> PCA:
    """FastICA: (x − mean) · componentsᵀ."""
    return projected(model, model.components_, getattr(model, "mean_", None))


def factors(model: Any, _: Given) -> PCA:
    """FactorAnalysis: (x − mean) · (W/ψ)ᵀ · (I + W/ψ·Wᵀ)⁻¹."""
    scaled = model.components_ / model.noise_variance_
    inverse = np.linalg.inv(np.eye(len(model.components_)) + scaled @ model.components_.T)
    return projected(model, inverse.T @ scaled, model.mean_)


def projected(model: Any, components: np.ndarray, mean: np.ndarray | None) -> PCA:
    result = PCA(n_components=len(components), whiten=False)
    result.components_, result.n_components_ = np.asarray(components), len(components)
    result.mean_ = np.zeros(components.shape[1]) if mean is None else mean
    result.n_features_in_ = components.shape[1]
    result.explained_variance_ = np.ones(len(components))
    return result


def latent(model: Any, _: Given) -> LinearRegression:
    """CCA, PLSCanonical: (x − mean) · coefᵀ + intercept."""
    # Before 1.5 the coefficients were for scaled columns, and before 1.3 `coef_` lay the other way round.
    coefficients = np.asarray(getattr(model, "_coef_", model.coef_))
    if minor(sklearn.__version__) < (1, 5):
        coefficients = coefficients / model._x_std
    intercept = np.asarray(model.intercept_) - coefficients @ np.asarray(model._x_mean)
    return linear(coefficients, intercept)


def random_projection(model: Any, _: Given) -> PCA:
    """SparseRandomProjection."""
    return projected(model, dense(model.components_), None)


def agglomeration(model: Any, _: Given) -> PCA:
    """FeatureAgglomeration: the mean of each cluster of columns."""
    if model.pooling_func is not np.mean:
        return model
    members = np.eye(model.n_clusters_)[:, model.labels_]
    return projected(model, members / members.sum(axis=1, keepdims=True), None)


def sparse_components(model: Any, _: Given) -> PCA:
    """SparsePCA: ridge regression on the components, (x − mean) · Cᵀ · (C·Cᵀ + α·I)⁻¹."""
    components = model.components_
    inverse = np.linalg.inv(components @ components.T + model.ridge_alpha * np.eye(len(components)))
    return projected(model, inverse @ components, model.mean_)


def singular(model: Any, _: Given) -> PCA:
    """PLSSVD: (x − mean) / deviation · weights."""
    return projected(model, model.x_weights_.T / model._x_std, model._x_mean)


def linear(coefficients: np.ndarray, intercept: np.ndarray) -> LinearRegression:
    result = LinearRegression()
    single = len(coefficients) == 1
    result.coef_ = coefficients[0] if single else coefficients
    result.intercept_ = np.float64(intercept[0]) if single else intercept
    result.n_features_in_ = coefficients.shape[1]
    return result


def selection(model: Any, _: Given) -> VarianceThreshold:
    """RFE and SequentialFeatureSelector: some of the columns. skl2onnx takes an RFE over a classifier for one itself."""
    result = VarianceThreshold(threshold=0.5)
    result.variances_ = model.get_support().astype(np.float64)
    result.n_features_in_ = len(result.variances_)
    return result


class Distances(TransformerMixin, BaseEstimator):
    """A step that gives the distances to centres [K,F]."""

    def __init__(self, centres: np.ndarray) -> None:
        self.centres = centres


def as_transformer(step: Any) -> Any:
    """A step before the last one that is there for its transform(), where skl2onnx would take its predict()."""
    if isinstance(step, LinearDiscriminantAnalysis):
        mean = step.xbar_ if step.solver == "svd" else None
        return projected(step, step.scalings_[:, : step._max_components].T, mean)
    centres = getattr(step, "cluster_centers_", None)
    if isinstance(centres, np.ndarray) and hasattr(step, "transform"):
        return Distances(np.asarray(centres, dtype=np.float64))
    return step


EQUIVALENTS: dict[Preparation, Callable[[Any, Given], Any]] = {
    "agglomeration": agglomeration,
    "factors": factors,
    "latent coefficients": latent,
    "projection": projection,
    "random projection": random_projection,
    "selection": selection,
    "singular vectors": singular,
    "sparse components": sparse_components,
}
