"""Trains the pipelines that are held against rows which their conversion never sees.

    python test/batteries/held_out.py FOLDER [--only NAME ...]

writes `<name>.joblib` and `<name>.sample.csv` a pipeline (for tables whose types a CSV cannot tell, the sample as a frame, for Node to
write as Parquet), `<kind>.rows` as a frame for each kind of table, and `held-out.json`: what each pipeline is. What is there stays.
"""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path
from typing import Any

# Models this small are slower on several threads than on one; read when the libraries are imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import joblib

from command_line import folder_and_names
from held_out_data import SAMPLED, table
from held_out_frames import write
from held_out_recipes import Recipe, recipes


def main() -> None:
    arguments = folder_and_names(__doc__, "names of pipelines")
    folder = arguments.folder
    every = recipes()
    entries = [entry(recipe) for recipe in every]
    (folder / "held-out.json").write_text(json.dumps({"schema": 1, "pipelines": entries}, indent=2) + "\n")
    for recipe in every:
        if arguments.only is None or recipe.name in arguments.only:
            save(recipe, folder)


def entry(recipe: Recipe) -> dict[str, Any]:
    sample = f"{recipe.name}.sample.{'parquet' if recipe.kind == 'float32' else 'csv'}"
    return {"name": recipe.name, "kind": recipe.kind, "rows": f"{recipe.kind}.rows", "sample": sample}


def save(recipe: Recipe, folder: Path) -> None:
    """The model last, so that what was interrupted is made again."""
    file, rows = folder / f"{recipe.name}.joblib", folder / f"{recipe.kind}.rows"
    data = table(recipe.kind)
    if not rows.with_suffix(".rows.json").exists():
        write(rows, data.held_out())
    if file.exists():
        return
    X, y = data.trained(recipe.task)
    if recipe.kind == "float32":
        write(folder / f"{recipe.name}.sample", X.head(SAMPLED))
    else:
        X.head(SAMPLED).to_csv(folder / f"{recipe.name}.sample.csv", index=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model = recipe.build().fit(X, y)
        except Exception as failure:
            raise RuntimeError(f"{recipe.name} cannot be trained") from failure
    joblib.dump(model, folder / "unfinished", compress=3)
    (folder / "unfinished").replace(file)


if __name__ == "__main__":
    main()
