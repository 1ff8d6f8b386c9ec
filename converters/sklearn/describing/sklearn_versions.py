"""What each version of scikit-learn in an environment here is asked in a way of its own: about an estimator, and about itself."""

from __future__ import annotations

from typing import Any

import sklearn.base
import sklearn.utils


def allows_nan(estimator: Any) -> bool:
    try:
        if hasattr(sklearn.utils, "get_tags"):
            return bool(sklearn.utils.get_tags(estimator).input_tags.allow_nan)
        # Before 1.6 tags were a dictionary.
        return bool(estimator._get_tags()["allow_nan"])
    except Exception:  # noqa: BLE001 - a class of the user's own may not have tags; then it is taken at its strictest
        return False


def is_clusterer(estimator: Any) -> bool:
    if hasattr(sklearn.base, "is_clusterer"):
        return sklearn.base.is_clusterer(estimator)
    # Before 1.6 there was no function for it.
    return getattr(estimator, "_estimator_type", None) == "clusterer"


def minor(version: str) -> tuple[int, ...]:
    """(1, 5) of 1.5.1 and of 1.5.dev0."""
    return tuple(int(number) for number in version.split(".")[:2])
