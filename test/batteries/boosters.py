"""Trains the sample boosters, one for each objective and feature, and saves each with the rows that it was trained on.

    python test/batteries/boosters.py FOLDER [--only NAME ...]

writes the models with their `<name>.sample.csv`, and `boosters.json`: what each of them shows and how it should end.
"""

from __future__ import annotations

import json
import os
import pickle
import warnings
from pathlib import Path
from typing import Any

# Models this small are slower on several threads than on one; read when the libraries are imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import joblib

import catboost_samples
import lightgbm_samples
import xgboost_samples
from command_line import folder_and_names

LIBRARIES = {"lightgbm": lightgbm_samples, "xgboost": xgboost_samples, "catboost": catboost_samples}


def main() -> None:
    arguments = folder_and_names(__doc__, "names of models")
    warnings.simplefilter("ignore")
    rows = []
    for library, samples in LIBRARIES.items():
        for entry in samples.ENTRIES:
            path = arguments.folder / entry.file
            if arguments.only and path.stem not in arguments.only:
                continue
            model, sample = entry.train()
            save(model, path)
            sample.to_csv(arguments.folder / f"{path.stem}.sample.csv", index=False)
            facts = {name: getattr(entry, name) for name in ("file", "objective", "features", "precision", "expected")}
            rows.append({"id": path.stem, "library": library, **facts})
    document = {"schema": 1, "boosters": rows}
    (arguments.folder / "boosters.json").write_text(json.dumps(document, indent=2) + "\n", "utf-8")


def save(model: Any, path: Path) -> None:
    if path.suffix == ".joblib":
        joblib.dump(model, path, compress=3)
    elif path.suffix == ".pkl":
        path.write_bytes(pickle.dumps(model))
    else:
        model.save_model(str(path))


if __name__ == "__main__":
    main()
