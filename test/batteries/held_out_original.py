"""What the originals predict for the rows that a conversion never saw, when each number is rounded to what its column holds.

    python test/batteries/held_out_original.py FOLDER

reads a question a line and answers each with a line, so that one process serves all pipelines:
`{"name", "types": {column: "float" | "double" | "int32" | "int64" | "text"}, "only": [row, ...] | null, "answer": base of a frame}`.
The frame has the columns of predict(), predict_proba() … in the order of the conversion's outputs, and for each row whether the
original takes it (`taken`) and which kind of undecided it is (`calls`, `sums`, `near`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import json
import warnings
from functools import lru_cache
from typing import Any

import joblib
import numpy as np
import pandas as pd
from sklearn.base import is_classifier, is_outlier_detector, is_regressor

from held_out_data import table
from held_out_frames import write
from held_out_undecided import Answers, examined, parts_of, undecided

ROUNDED = {"float": np.float32, "int32": np.int32, "int64": np.int64}


def main() -> None:
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1])
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        question = json.loads(line)
        try:
            answer(folder, question)
            said: dict[str, Any] = {"answer": question["answer"]}
        except Exception as failure:  # noqa: BLE001 - whatever the original says is the answer
            said = {"error": f"{type(failure).__name__}: {failure}"}
        print(json.dumps(said), file=answers, flush=True)


def answer(folder: Path, question: dict[str, Any]) -> None:
    name, only = question["name"], question["only"]
    model = original(folder, name)
    rows = rounded(table(question["kind"]).held_out(), question["types"])
    if only is not None:
        rows = rows.iloc[only].reset_index(drop=True)

    def predict(asked: pd.DataFrame) -> Answers:
        return predictions(model, asked)

    taken = np.ones(len(rows), bool)
    taken[refused(predict, rows)] = False
    rows_taken = rows[taken].reset_index(drop=True)
    answers = predict(rows_taken)
    kinds = (undecided if only is None else examined)(predict, rows_taken, answers, model)
    columns = {name: spread(values, taken) for name, values in {**answers, **kinds}.items()}
    write(Path(question["answer"]), pd.DataFrame({**columns, "taken": taken}))


@lru_cache(maxsize=2)
def original(folder: Path, name: str) -> Any:
    """As it was saved, but in one thread: with several a forest adds up in another order each time."""
    model = joblib.load(folder / f"{name}.joblib")
    for part in parts_of(model):
        if getattr(part, "n_jobs", None) is not None:
            part.n_jobs = 1
    return model


def rounded(rows: pd.DataFrame, types: dict[str, str]) -> pd.DataFrame:
    """The rows with each number as its column can hold it, in the types that the original was trained on."""
    columns = {name: values.astype(ROUNDED[types[name]]).astype(values.dtype) if types.get(name) in ROUNDED else values for name, values in rows.items()}
    return pd.DataFrame(columns)


def predictions(model: Any, rows: pd.DataFrame) -> Answers:
    if is_classifier(model):
        return {**numbered("label", model.predict(rows)), **scores(model, rows)}
    if is_outlier_detector(model):
        return {**numbered("label", model.predict(rows)), **numbered("score", model.decision_function(rows))}
    if is_regressor(model):
        return numbered("value", model.predict(rows))
    return {**numbered("label", model.predict(rows)), **numbered("score", model.transform(rows))}


def scores(model: Any, rows: pd.DataFrame) -> Answers:
    if hasattr(model, "predict_proba"):
        shares = model.predict_proba(rows)
        return numbered("probability", np.hstack(shares) if isinstance(shares, list) else shares)
    return numbered("score", model.decision_function(rows)) if hasattr(model, "decision_function") else {}


def numbered(role: str, values: Any) -> Answers:
    matrix = np.asarray(values)
    matrix = matrix.reshape(len(matrix), -1)
    matrix = matrix if role == "label" else matrix.astype(np.float64)
    return {f"{role} {at}": matrix[:, at] for at in range(matrix.shape[1])}


def refused(predict: Any, rows: pd.DataFrame) -> list[int]:
    """Rows that the original itself cannot predict, found by halves."""
    found: list[int] = []
    waiting = [np.arange(len(rows))]
    while waiting:
        batch = waiting.pop()
        try:
            predict(rows.iloc[batch])
        except Exception:  # noqa: BLE001 - each estimator refuses rows in its own way
            if len(batch) == 1:
                found.append(int(batch[0]))
            else:
                waiting += np.array_split(batch, 2)
    return found


def spread(values: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Over all rows; where the original takes none, nothing is compared."""
    result = np.zeros(len(taken), values.dtype)
    result[taken] = values
    return result


if __name__ == "__main__":
    main()
