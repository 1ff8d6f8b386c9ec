"""Fits every estimator that scikit-learn lists and saves it with sample rows: the wide test of the scikit-learn converter.

    python test/batteries/estimators.py FOLDER [--only NAME ...]

writes `<Name>.joblib` and `<Name>.sample.csv` a fitted estimator, and `estimators.json`: what was fitted, and why the rest was not.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import joblib
from sklearn.base import BaseEstimator
from sklearn.utils import all_estimators

from command_line import folder_and_names
from estimator_data import training_data
from estimator_recipes import build

SAMPLE_ROWS = 60


def main() -> None:
    arguments = folder_and_names(__doc__, "names of estimators")
    classes = [(name, cls) for name, cls in all_estimators() if not arguments.only or name in arguments.only]
    entries = [fit_and_save(name, cls, arguments.folder) for name, cls in classes]
    document = {"schema": 1, "estimators": entries}
    (arguments.folder / "estimators.json").write_text(json.dumps(document, indent=2) + "\n")
    fitted = sum(entry["fitted"] for entry in entries)
    print(f"{fitted} of {len(entries)} estimators fitted")


def fit_and_save(name: str, cls: type[BaseEstimator], folder: Path) -> dict[str, Any]:
    """One line of the manifest; a failed fit is a line with its reason, not the end of the run."""
    entry: dict[str, Any] = {"name": name, "module": cls.__module__, "fitted": False, "reason": None}
    data = training_data(name, cls)
    if data.reason is not None:
        return {**entry, "reason": data.reason}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = build(name, cls)
            model.fit(data.X) if data.y is None else model.fit(data.X, data.y)
    except Exception as failure:  # noqa: BLE001 - whatever scikit-learn says is the manifest's reason
        return {**entry, "reason": f"{type(failure).__name__}: {failure}".splitlines()[0]}
    joblib.dump(model, folder / f"{name}.joblib", compress=3)
    data.X.head(SAMPLE_ROWS).to_csv(folder / f"{name}.sample.csv", index=False)
    return {**entry, "fitted": True, "file": f"{name}.joblib", "sample": f"{name}.sample.csv", "data": data.title}


if __name__ == "__main__":
    main()
