"""Fits the variants of estimators that we convert ourselves and saves them with rows to hold them to.

    python test/batteries/variants.py FOLDER [--only NAME ...]

writes `<name>.joblib` and `<name>.sample.csv` a variant, and `variants.json`: what each is, and what should come of it.
"""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path
from typing import Any

import joblib

from command_line import folder_and_names
from variant_data import BEYOND, INSIDE, data, rows_to_hold
from variant_recipes import Variant, variants


def main() -> None:
    arguments = folder_and_names(__doc__, "beginnings of names")
    chosen = [variant for variant in variants() if not arguments.only or variant[0].startswith(tuple(arguments.only))]
    entries = [fit_and_save(variant, arguments.folder) for variant in chosen]
    (arguments.folder / "variants.json").write_text(json.dumps({"schema": 1, "variants": entries}, indent=2) + "\n")


def fit_and_save(variant: Variant, folder: Path) -> dict[str, Any]:
    name, kind, model, expected = variant
    training = data(kind.removesuffix(" inside"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(training.X) if training.y is None else model.fit(training.X, training.y)
    joblib.dump(model, folder / f"{name}.joblib", compress=3)
    rows_to_hold(training.X, INSIDE if kind.endswith(" inside") else BEYOND).to_csv(folder / f"{name}.sample.csv", index=False)
    return {"name": name, "estimator": shown(model), "data": training.title, "expected": expected}


def shown(model: Any) -> str:
    """On one line, without the addresses of functions."""
    return re.sub(r" at 0x[0-9a-f]+", "", " ".join(repr(model).split()))


if __name__ == "__main__":
    main()
