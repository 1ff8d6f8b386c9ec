"""Neighbours that are equally far: which of them count, a search by brute force leaves to the order in which it comes upon them."""

from __future__ import annotations

from typing import Any

import numpy as np

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
