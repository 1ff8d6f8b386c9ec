"""Loads a LightGBM model from its text format or from a pickle."""

from __future__ import annotations

import lightgbm
from predictable_bridge.errors import ConverterError
from predictable_facts.reading import reading
from predictable_facts.request import Request
from predictable_facts.unpickle import Library, load_pickle

from booster import LightGBM
from model_text import corrupt, parse

LIBRARY = Library("LightGBM", "lightgbm")


def read(request: Request) -> tuple[LightGBM, list[dict[str, str]]]:
    """The model and warnings. Raises CORRUPT_MODEL, UNSUPPORTED_MODEL, UNTRUSTED_ARTIFACT or MISSING_MODULE."""
    if request["format"] == "lightgbm-text":
        with open(request["path"], encoding="utf-8", errors="replace") as file:
            text = file.read()
        parsed = parse(text)
        return LightGBM(native(parsed.native), parsed, None), []
    model = load_pickle(request, LIBRARY)
    if isinstance(model, lightgbm.LGBMModel):
        return of_estimator(model, request["work"]), []
    if isinstance(model, lightgbm.Booster):
        return LightGBM(model, parse(model.model_to_string()), None), []
    kind = f"{type(model).__module__}.{type(model).__qualname__}"
    hint = "Save the fitted estimator or the booster by itself: joblib.dump(model, path)."
    raise ConverterError("UNSUPPORTED_MODEL", f"The file holds a {kind}, not a LightGBM model.", hint)


def of_estimator(model: lightgbm.LGBMModel, _: str) -> LightGBM:
    if not getattr(model, "fitted_", False):
        message = f"{type(model).__name__} is not fitted: it was saved before fit() was called."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Fit the model, then save it.")
    return LightGBM(model.booster_, parse(model.booster_.model_to_string()), model)


def native(text: str) -> lightgbm.Booster:
    """LightGBM's own view of a text that our reading of it found whole: a damaged one may crash it."""
    with reading("The file", corrupt):
        return lightgbm.Booster(model_str=text, params={"verbose": -1})
