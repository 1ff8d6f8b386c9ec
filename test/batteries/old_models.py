"""Trains a few small models of the kinds that change most between versions of scikit-learn, in whatever version runs it.

    python test/batteries/old_models.py FOLDER NAME [VERSION]

writes NAME-linear.joblib and others, each with its sample. With VERSION the files say that they are of that version,
which has to be as long as the true one: for what only depends on what a file says of itself.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from sample_tables import load_penguins

if sklearn.__version__ < "1.0":
    from sklearn.experimental import enable_hist_gradient_boosting  # noqa: F401
from sklearn.ensemble import HistGradientBoostingRegressor

MEASURES = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]


def main(folder: Path, name: str, version: str = sklearn.__version__) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for kind, (model, rows) in models().items():
        path = folder / f"{name}-{kind}.joblib"
        joblib.dump(model, path)
        path.write_bytes(path.read_bytes().replace(sklearn.__version__.encode(), version.encode()))
        rows.to_csv(folder / f"{name}-{kind}.sample.csv", index=False)


def models() -> dict[str, tuple[Any, pd.DataFrame]]:
    flowers, species = load_iris(return_X_y=True, as_frame=True)
    flowers.columns = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    patients, progression = load_diabetes(return_X_y=True, as_frame=True)
    birds = load_penguins()[["island", "sex", *MEASURES]]
    kinds = load_penguins()["species"]
    return {
        "linear": (make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(flowers, species), flowers),
        "forest": (RandomForestClassifier(10, random_state=0).fit(flowers, species), flowers),
        "boosting": (GradientBoostingClassifier(n_estimators=10, random_state=0).fit(flowers, species), flowers),
        "histogram": (HistGradientBoostingRegressor(max_iter=10).fit(patients, progression), patients),
        "categories": (categories().fit(birds, kinds), birds),
    }


def categories() -> Any:
    text = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    columns = ColumnTransformer([("text", text, ["island", "sex"]), ("numbers", numbers, MEASURES)])
    return make_pipeline(columns, LogisticRegression(max_iter=1000))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
