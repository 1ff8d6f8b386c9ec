"""Neighbours that are equally far: which of them count hangs on the last bits of distances, and on the order in which a search comes upon them."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_facts.rows import is_missing
from sklearn.metrics.pairwise import nan_euclidean_distances

# More neighbours than are asked for, among which ties are looked for.
BEYOND = 8
# What makes two squared distances equal, in units in the last place of what they are sums of.
UNITS = 8


def tied(model: Any, features: np.ndarray) -> np.ndarray:
    """The rows where the last neighbour that counts is as far as the first that does not, and their targets are not all the same."""
    wanted = getattr(model, "n_neighbors", None)
    if wanted is None or wanted >= model.n_samples_fit_:
        return np.zeros(len(features), dtype=bool)
    distances, places = model.kneighbors(features, min(wanted + BEYOND, model.n_samples_fit_))
    last = distances[:, wanted - 1 : wanted]
    near = np.abs(distances**2 - last**2) <= room(model, features)[:, np.newaxis] + UNITS * np.spacing(last**2)
    targets = np.asarray(model._y)[places].reshape(*places.shape, -1)
    others = (targets != targets[:, wanted - 1 : wanted]).any(axis=2)
    return near[:, wanted] & (near & others).any(axis=1)


def room(model: Any, features: np.ndarray) -> np.ndarray:
    """How far squared distances are off: Euclidean ones are made of the rows' squares, larger than themselves."""
    squares = (features.astype(np.float64) ** 2).sum(axis=1)
    kept = model._fit_X.multiply(model._fit_X).sum(axis=1) if hasattr(model._fit_X, "multiply") else (model._fit_X**2).sum(axis=1)
    return UNITS * np.finfo(np.float64).eps * (squares + np.max(kept))


def tied_donors(imputer: Any, rows: np.ndarray) -> np.ndarray:
    """Of a KNNImputer: the rows with a gap where the last donor that counts is as far as the first that does not, with another value."""
    missing = np.isnan(rows) if is_missing(imputer.missing_values) else rows == imputer.missing_values
    fitted = np.where(imputer._mask_fit_X, np.nan, imputer._fit_X)
    found = np.zeros(len(rows), dtype=bool)
    gaps = np.flatnonzero(missing.any(axis=1))
    if not len(gaps):
        return found
    distances = nan_euclidean_distances(np.where(missing, np.nan, rows)[gaps], fitted, squared=True)
    size = UNITS * np.finfo(np.float64).eps * 2 * np.nanmax(np.nansum(fitted**2, axis=1)) + UNITS * np.spacing(np.abs(distances))
    for column in np.flatnonzero(missing.any(axis=0)):
        donors = np.flatnonzero(~np.isnan(fitted[:, column]))
        if len(donors) <= imputer.n_neighbors:
            continue
        own, values = distances[:, donors], fitted[donors, column]
        order = np.argsort(own, axis=1, kind="stable")
        last = np.take_along_axis(own, order[:, imputer.n_neighbors - 1 : imputer.n_neighbors], axis=1)
        near = np.abs(own - last) <= size[:, donors]
        crowded = (near & (own > last - size[:, donors])).sum(axis=1) + (own < last - size[:, donors]).sum(axis=1) > imputer.n_neighbors
        spread = np.where(near, values, -np.inf).max(axis=1) != np.where(near, values, np.inf).min(axis=1)
        found[gaps] |= missing[gaps, column] & crowded & spread
    return found
