"""Fits models on numbers that real columns do not hold: dates as whole numbers, prices of many digits, numbers of orders.

    python test/batteries/wide_columns.py FOLDER [--only NAME ...]

writes `<name>.joblib` with a sample of 300 rows, 5,000 rows that are in no sample (`<name>.rows.csv`) with what the original predicts for
them (`<name>.expected.csv`), and `wide.json`: which columns have to be float.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from command_line import folder_and_names
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

TRAINED, SAMPLED, HELD_OUT = 1500, 300, 5000
SECONDS = 700 * 86_400


def main() -> None:
    arguments = folder_and_names(__doc__, "names of models")
    random = np.random.default_rng(43)
    entries = []
    for name, (model, columns, wide) in models().items():
        if not arguments.only or name in arguments.only:
            fit_and_save(name, model, columns, arguments.folder, random)
            entries.append({"name": name, "wide": wide})
    (arguments.folder / "wide.json").write_text(json.dumps({"schema": 1, "models": entries}, indent=2) + "\n")


def models() -> dict[str, tuple[Any, list[str], list[str]]]:
    """By name: the model, its columns, and those that cannot be real."""
    return {
        "dates": (HistGradientBoostingRegressor(max_iter=30, random_state=0), ["moment", "count"], ["moment"]),
        "prices": (HistGradientBoostingRegressor(max_iter=30, random_state=0), ["price", "cents", "count"], ["cents", "price"]),
        "classes": (HistGradientBoostingClassifier(max_iter=30, random_state=0), ["price", "count"], ["price"]),
        # In float32 neighbouring orders are one.
        "orders": (make_pipeline(StandardScaler(), Ridge()), ["order", "count"], ["order"]),
        # It rounds its rows itself.
        "forest": (RandomForestRegressor(n_estimators=10, max_depth=6, random_state=0), ["price", "count"], []),
    }


def fit_and_save(name: str, model: Any, columns: list[str], folder: Path, random: np.random.Generator) -> None:
    trained, held_out = table(TRAINED, random)[columns], table(HELD_OUT, random)[columns]
    target = sum((trained[column] - trained[column].mean()) / trained[column].std() for column in columns)
    model.fit(trained, (target > 0).astype(int) if hasattr(model, "predict_proba") else target)
    joblib.dump(model, folder / f"{name}.joblib")
    trained.head(SAMPLED).to_csv(folder / f"{name}.sample.csv", index=False)
    held_out.to_csv(folder / f"{name}.rows.csv", index=False)
    expected(model, held_out).to_csv(folder / f"{name}.expected.csv", index=False)


def table(count: int, random: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame({
        "moment": 1_690_000_000_000_000_000 + random.integers(0, SECONDS, count) * 1_000_000_000,
        "price": random.lognormal(3, 1, count), "cents": random.gamma(2, 10, count).round(2),
        "order": 17_000_000_000 + random.integers(0, 5_000, count), "count": random.integers(1, 50, count),
    })  # fmt: skip


def expected(model: Any, rows: pd.DataFrame) -> pd.DataFrame:
    if not hasattr(model, "predict_proba"):
        return pd.DataFrame({"variable1": model.predict(rows)})
    shares = model.predict_proba(rows)
    return pd.DataFrame({"label": model.predict(rows), "probability_0": shares[:, 0], "probability_1": shares[:, 1]})


if __name__ == "__main__":
    main()
