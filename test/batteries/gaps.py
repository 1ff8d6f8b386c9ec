"""Fits models whose columns have gaps, each kind of them: None, NaN, words and numbers that mark a missing value, the empty text.

    python test/batteries/gaps.py FOLDER [--only NAME ...]

writes each model twice, with a sample that has no gap (`<name>.joblib`, `<name>.sample.json`) and with one that has (`<name>.gaps.joblib`
…), rows that are in no sample (`<name>.rows.json`) with what the original predicts for them (`<name>.expected.json`), and `gaps.json`.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd

from command_line import folder_and_names
from gap_recipes import Recipe, recipes

SAMPLE_ROWS = 60


def main() -> None:
    arguments = folder_and_names(__doc__, "names of models")
    chosen = [recipe for recipe in recipes() if not arguments.only or recipe.name in arguments.only]
    entries = [fit_and_save(recipe, arguments.folder) for recipe in chosen]
    (arguments.folder / "gaps.json").write_text(json.dumps({"schema": 1, "models": entries}, indent=2) + "\n")


def fit_and_save(recipe: Recipe, folder: Path) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        recipe.model.fit(recipe.frame, recipe.target)
        expected = predictions(recipe.model, recipe.rows)
    gaps = pd.DataFrame({name: recipe.is_gap(recipe.frame[name]) for name in recipe.frame}).any(axis=1)
    for kind, sample in {"": recipe.frame[~gaps], ".gaps": recipe.frame}.items():
        joblib.dump(recipe.model, folder / f"{recipe.name}{kind}.joblib")
        write_rows(folder / f"{recipe.name}{kind}.sample.json", sample.head(SAMPLE_ROWS))
    write_rows(folder / f"{recipe.name}.rows.json", recipe.rows)
    write_rows(folder / f"{recipe.name}.expected.json", expected)
    return {"name": recipe.name, "warning": recipe.warning}


def predictions(model: Any, rows: pd.DataFrame) -> pd.DataFrame:
    if not hasattr(model, "predict_proba"):
        return pd.DataFrame({"variable1": model.predict(rows)})
    shares = model.predict_proba(rows)
    return pd.DataFrame({"label": model.predict(rows), **{f"probability_{name}": shares[:, at] for at, name in enumerate(model.classes_)}})


def write_rows(path: Path, frame: pd.DataFrame) -> None:
    """None and NaN are both null, as SQL has one NULL."""
    records = [{name: plain(value) for name, value in row.items()} for row in frame.astype(object).to_dict("records")]
    path.write_text(json.dumps(records))


def plain(value: Any) -> Any:
    if value is None or isinstance(value, float) and np.isnan(value) or value is pd.NA:
        return None
    return value.item() if hasattr(value, "item") else value


if __name__ == "__main__":
    main()
