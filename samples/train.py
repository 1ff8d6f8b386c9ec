"""Trains the sample models and saves each with rows like its training data.

    python samples/train.py FOLDER [--only ID ...]

writes `<id>.joblib` (or .pkl, .skops) and `<id>.sample.csv` for every entry of models.json.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import time
import warnings
from pathlib import Path
from typing import Any

# Models this small are slower on several threads than on one; read when scikit-learn is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import joblib

from sample_models import MODELS

MANIFEST = Path(__file__).parent / "models.json"
SAMPLE_ROWS = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", help="ids of models; without it, all")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for entry in json.loads(MANIFEST.read_text("utf-8"))["models"]:
        if arguments.only and entry["id"] not in arguments.only:
            continue
        started = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model, rows = MODELS[entry["id"]]()
        save(model, arguments.folder / entry["file"])
        rows.head(SAMPLE_ROWS).to_csv(arguments.folder / entry["sample"], index=False)
        print(f"{entry['file']:28} {time.perf_counter() - started:5.1f} s  {entry['shows']}", flush=True)


def save(model: Any, path: Path) -> None:
    if path.suffix == ".skops":
        import skops.io

        skops.io.dump(model, path)
    elif path.suffix == ".pkl":
        path.write_bytes(pickle.dumps(model))
    else:
        joblib.dump(model, path, compress=3)


if __name__ == "__main__":
    main()
