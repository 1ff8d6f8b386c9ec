"""LightGBM, XGBoost and CatBoost inside scikit-learn's models: what their own converters know of them."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from predictable_bridge.errors import ConverterError

from describing.anatomy import every

if TYPE_CHECKING:
    from predictable_trees.boosted import Boosted, Trait

LIBRARIES = ("lightgbm", "xgboost", "catboost")
CONVERTERS = Path(__file__).parents[2]
# Where an estimator keeps what was read of it, so that a large one is read once.
READ = "_predictable_boosted"
# Beyond it float32 has no number: such thresholds stand for "every value".
LARGEST = 1e30


def is_booster(step: Any) -> bool:
    """A fitted booster: an ensemble also keeps the unfitted one that its members are clones of."""
    library = library_of(step)
    return library != "" and bool(step.is_fitted() if library == "catboost" else step.__sklearn_is_fitted__())


def library_of(step: Any) -> str:
    """The booster library that the estimator's class, or a base class of it, is from; empty if none."""
    packages = (base.__module__.split(".")[0] for base in type(step).__mro__)
    return next((name for name in packages if name in LIBRARIES), "")


def boosted(step: Any) -> Boosted:
    """Raises UNSUPPORTED_MODEL for what does not convert inside another model."""
    return read(step)[0]


def read(step: Any) -> tuple[Boosted, list[Trait]]:
    """The booster as trees, and the traits of each of its columns."""
    from predictable_bridge import host

    if READ in vars(step):
        return vars(step)[READ]
    converter = host.load(str(CONVERTERS / library_of(step) / "converter.py"))
    with converter, tempfile.TemporaryDirectory() as work:
        booster = converter.module.of_estimator(step, work)
        if booster.has_categories():
            name = type(step).__name__
            message = f"{name} inside another model was trained with category columns of its own, and is not converted."
            hint = "Encode the categories in a step before it (OneHotEncoder, OrdinalEncoder), or convert the booster by itself."
            raise ConverterError("UNSUPPORTED_MODEL", message, hint, step=name)
        result = booster, booster.traits(None)
    setattr(step, READ, result)
    return result


def accepts_missing(step: Any) -> bool:
    return all(trait.accepts_missing for trait in read(step)[1])


def thresholds(step: Any) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(feature, threshold) of the inner nodes, tree by tree."""
    for feature, threshold in boosted(step).thresholds():
        yield feature, np.clip(threshold, -LARGEST, LARGEST)


def versions(model: Any) -> dict[str, str]:
    """The version of each booster library that some part of the model is from, and of imbalanced-learn if the whole is."""
    libraries = {library_of(step) for step in every(model)} - {""}
    if type(model).__module__.startswith("imblearn."):
        libraries.add("imblearn")
    return {name: str(sys.modules[name].__version__) for name in sorted(libraries)}
