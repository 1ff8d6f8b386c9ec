"""A booster of 2,000 trees of depth 8, and its conversion by onnxmltools alone.

    python boosters.py train lightgbm|xgboost MODEL SAMPLE
    python boosters.py convert lightgbm|xgboost MODEL OUT      prints seconds, without the time to import and load
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

TREES, DEPTH, COLUMNS, ROWS = 2000, 8, 30, 4_000


def train(family: str, model: str, sample: str) -> None:
    random = np.random.default_rng(0)
    X = random.standard_normal((ROWS, COLUMNS))
    y = np.sin(X[:, 0]) * X[:, 1] + X[:, 2] ** 2 + 0.1 * random.standard_normal(ROWS)
    names = [f"c{at}" for at in range(COLUMNS)]
    if family == "lightgbm":
        import lightgbm

        # Slowly, so that the last trees have as much to do as the first.
        settings = {"learning_rate": 0.01, "num_leaves": 2**DEPTH, "max_depth": DEPTH, "min_data_in_leaf": 2, "verbose": -1}
        data = lightgbm.Dataset(X, y, feature_name=names)
        lightgbm.train({**settings, "objective": "regression"}, data, TREES).save_model(model)
    else:
        import xgboost

        data = xgboost.DMatrix(X, y, feature_names=names)
        settings = {"eta": 0.01, "max_depth": DEPTH, "min_child_weight": 0, "nthread": 2, "objective": "reg:squarederror"}
        xgboost.train(settings, data, TREES).save_model(model)
    lines = [",".join(names), *(",".join(repr(float(value)) for value in row) for row in X[:200])]
    Path(sample).write_text("\n".join(lines) + "\n", "utf-8")


def convert(family: str, model: str, out: str) -> None:
    from onnxmltools.convert import convert_lightgbm, convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    types = [("X", FloatTensorType([None, COLUMNS]))]
    if family == "lightgbm":
        import lightgbm

        booster = lightgbm.Booster(model_file=model)
        started = time.perf_counter()
        onnx = convert_lightgbm(booster, initial_types=types, target_opset=15)
    else:
        import xgboost

        booster = xgboost.Booster(model_file=model)
        booster.feature_names = None
        started = time.perf_counter()
        onnx = convert_xgboost(booster, initial_types=types, target_opset=15)
    Path(out).write_bytes(onnx.SerializeToString())
    print(time.perf_counter() - started)


if __name__ == "__main__":
    {"train": train, "convert": convert}[sys.argv[1]](*sys.argv[2:])
