"""Fits pipelines whose steps are folded into the thresholds of the trees behind them, and such as only look as if they could be.

    python test/batteries/folding.py FOLDER [--only NAME ...]

writes `<name>.joblib` and `<name>.sample.csv`: 2,000 rows that the model was not trained on, or the few rows that its name tells.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingRegressor,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)

from command_line import folder_and_names

TRAINED, HELD_OUT = 600, 2000
FOREST = {"n_estimators": 12, "random_state": 0}


def table(gaps: bool = False) -> pd.DataFrame:
    """Whole numbers, prices with ties, percentages and numbers over many magnitudes; `gaps`: some missing."""
    random = np.random.default_rng(5)
    count = TRAINED + HELD_OUT
    found = pd.DataFrame(
        {
            "quantity": random.integers(0, 40, count).astype(float),
            "price": np.round(random.lognormal(3, 1, count), 2),
            "share": random.integers(0, 101, count) / 100,
            "income": random.lognormal(8, 2, count).astype(np.float32).astype(float),
            "constant": np.full(count, 3.5),
        }
    )
    return found.mask(random.random(found.shape) < 0.08) if gaps else found


def labels(rows: pd.DataFrame) -> np.ndarray:
    filled = rows.fillna(1.0)
    noise = np.random.default_rng(6).normal(size=len(rows))
    return np.asarray(np.log(filled["price"]) + filled["quantity"] / 10 - 2 * filled["share"] + 0.5 * noise > 3.6, dtype=np.int64)


def folded() -> dict[str, Any]:
    """Nothing of their steps is left in the graph."""
    both = FeatureUnion([("robust", RobustScaler()), ("power", PowerTransformer())])
    columns = ColumnTransformer(
        [("scaled", make_pipeline(StandardScaler(), MinMaxScaler(clip=True)), ["share", "income"]), ("dropped", "drop", ["constant"])],
        remainder="passthrough",
    )
    return {
        "standard-forest": make_pipeline(StandardScaler(), RandomForestClassifier(**FOREST)),
        "range-trees": make_pipeline(MinMaxScaler(), ExtraTreesClassifier(min_samples_leaf=3, **FOREST)),
        "robust-boosting": make_pipeline(RobustScaler(), GradientBoostingClassifier(n_estimators=12, random_state=0)),
        "largest-ada": make_pipeline(MaxAbsScaler(), AdaBoostClassifier(n_estimators=12, random_state=0)),
        "power-histogram": make_pipeline(PowerTransformer(), HistGradientBoostingClassifier(max_iter=12)),
        "quantile-bagging": make_pipeline(QuantileTransformer(n_quantiles=50), BaggingRegressor(n_estimators=8, max_features=3, random_state=0)),
        "logarithm-isolation": make_pipeline(
            FunctionTransformer(np.log1p), StandardScaler(), IsolationForest(n_estimators=12, contamination=0.1, random_state=0)
        ),
        "bins-forest": make_pipeline(KBinsDiscretizer(encode="ordinal"), RandomForestClassifier(**FOREST)),
        "falling-forest": make_pipeline(FunctionTransformer(np.negative), StandardScaler(), RandomForestClassifier(**FOREST)),
        "union-forest": make_pipeline(both, RandomForestRegressor(**FOREST)),
        "columns-histogram": make_pipeline(columns, HistGradientBoostingRegressor(max_iter=12)),
    }


def gaps() -> dict[str, Any]:
    marks = SimpleImputer(strategy="median", add_indicator=True)
    return {
        "imputed-forest": make_pipeline(SimpleImputer(), StandardScaler(), RandomForestClassifier(**FOREST)),
        "marked-histogram": make_pipeline(marks, HistGradientBoostingClassifier(max_iter=12)),
        "missing-histogram": make_pipeline(StandardScaler(), HistGradientBoostingClassifier(max_iter=12)),
    }


def not_monotone() -> dict[str, Any]:
    """Along the rows that they were trained on each rises; along the column it does not."""
    return {
        "squared-forest": make_pipeline(FunctionTransformer(np.square), RandomForestClassifier(**FOREST)),
        "absolute-histogram": make_pipeline(FunctionTransformer(np.abs), StandardScaler(), HistGradientBoostingClassifier(max_iter=12)),
        "onehot-bins": make_pipeline(KBinsDiscretizer(encode="onehot-dense"), StandardScaler(), RandomForestClassifier(**FOREST)),
    }


def main() -> None:
    arguments = folder_and_names(__doc__, "names of pipelines")
    for rows, models in ((table(), {**folded(), **not_monotone()}), (table(gaps=True), gaps())):
        for name, model in models.items():
            if not arguments.only or name in arguments.only:
                fit_and_save(name, model, rows, arguments.folder)
    few(arguments.folder)


def fit_and_save(name: str, model: Any, rows: pd.DataFrame, folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(rows[:TRAINED], labels(rows)[:TRAINED])
    joblib.dump(model, folder / f"{name}.joblib")
    rows[TRAINED:].to_csv(folder / f"{name}.sample.csv", index=False)


def few(folder: Path) -> None:
    """Samples that say next to nothing: one row, and rows of nothing but NULL."""
    rows = table(gaps=True)
    model = make_pipeline(SimpleImputer(), StandardScaler(), RandomForestClassifier(**FOREST)).fit(rows[:TRAINED], labels(rows)[:TRAINED])
    for name, sample in (("one-row", rows[TRAINED : TRAINED + 1]), ("only-null", rows[:30] * np.nan)):
        joblib.dump(model, folder / f"{name}.joblib")
        sample.to_csv(folder / f"{name}.sample.csv", index=False)


if __name__ == "__main__":
    main()
