"""GLM: coefficients of levels and numbers, and what stands in for missing values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from predictable_bridge.errors import ConverterError

from mojo import Mojo, corrupt

LINKS = ("identity", "logit", "log", "inverse", "multinomial")


@dataclass
class Linear:
    """`levels`: of each text column its effect on each output, [levels, K]; `slopes`: [numbers, K]. Text columns come first."""

    family: str
    link: str
    levels: list[np.ndarray]
    slopes: np.ndarray
    intercept: np.ndarray
    modes: list[int]
    means: list[float]
    accepts_missing: bool
    kind: str = "glm"


def read_linear(mojo: Mojo) -> Linear:
    """Raises UNSUPPORTED_MODEL or CORRUPT_MODEL."""
    family = mojo.text("family")
    link = "multinomial" if family == "multinomial" else mojo.text("link")
    if link == "tweedie" and mojo.number("tweedie_link_power", "0.0") == 0:
        link = "log"
    if link not in LINKS or mojo.whole("num_interactions", "0") > 0 or family in ("ordinal", "hgaussian"):
        what = "interactions" if mojo.whole("num_interactions", "0") > 0 else f"the family {family} with the link {link}"
        message = f"{mojo.name} is a GLM with {what}, which is not converted."
        raise ConverterError("UNSUPPORTED_MODEL", message, f"Links that are: {', '.join(LINKS)}.")
    outputs = mojo.classes if link == "multinomial" else 1
    cats, nums = mojo.whole("cats"), mojo.whole("nums")
    offsets = [int(value) for value in mojo.numbers("cat_offsets", "[0]")] or [0]
    try:
        beta = np.array(mojo.numbers("beta")).reshape(outputs, -1)
    except ValueError:
        raise corrupt(mojo.name, "its coefficients are not as many as its classes ask for") from None
    if cats + nums != mojo.features or len(offsets) != cats + 1 or beta.shape[1] != offsets[-1] + nums + 1:
        raise corrupt(mojo.name, f"{beta.shape[1]} coefficients do not belong to {cats} text and {nums} number columns")
    levels = []
    for at in range(cats):
        effects = beta[:, offsets[at] : offsets[at + 1]].T
        # The first level is what the others are compared with, unless all have an effect of their own.
        if not mojo.flag("use_all_factor_levels"):
            effects = np.vstack([np.zeros((1, outputs)), effects])
        domain = mojo.domains.get(at, [])
        # Levels behind the last that has a coefficient have none.
        levels.append(np.vstack([effects, np.zeros((max(0, len(domain) - len(effects)), outputs))])[: len(domain)])
    return Linear(
        family=family,
        link=link,
        levels=levels,
        slopes=beta[:, offsets[-1] : -1].T,
        intercept=beta[:, -1],
        modes=[int(value) for value in mojo.numbers("cat_modes")],
        means=mojo.numbers("num_means"),
        accepts_missing=mojo.flag("mean_imputation"),
    )
