"""Rows that an original does not decide itself: asked in another way, it answers something else.

A change of `calls` is in what is asked together; of `sums` in the last places of what is summed over several columns, that is of PCA,
Normalizer, distances and kernels, moved by four units before the step that comes after; `near` are labels of originals that compute
in float32 whose two largest scores are within 2e-6.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import Any, Callable, Iterator

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.preprocessing import Normalizer

Answers = dict[str, np.ndarray]
Predict = Callable[[pd.DataFrame], Answers]
ATOL, RTOL, NEAR, PLACES = 1e-5, 1e-4, 2e-6, 4
ALONE, TOGETHER = 210, 2_100
SECONDS = 0.7
SUMS = {PCA: ["transform"], Normalizer: ["transform"]}
DISTANCES = {KNeighborsClassifier: ["predict", "predict_proba"], KNeighborsRegressor: ["predict"], KMeans: ["predict", "transform"]}


def differing(one: Answers, other: Answers) -> np.ndarray:
    """Rows on which two answers differ: labels at all, numbers beyond the tolerance."""
    return np.logical_or.reduce([column_differs(one[name], other[name]) for name in one])


def column_differs(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    if one.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            near = np.abs(one - other) <= ATOL + RTOL * np.abs(one)
        return ~(near | (one == other) | (np.isnan(one) & np.isnan(other)))
    return one != other


def undecided(predict: Predict, rows: pd.DataFrame, answers: Answers, model: Any) -> dict[str, np.ndarray]:
    """By kind, which rows are; asking alone and in small batches takes a part of the rows, spread over all."""
    kinds = {"calls": np.zeros(len(rows), bool), "sums": np.zeros(len(rows), bool), "near": near(answers, model)}
    spread = np.linspace(0, len(rows) - 1, min(TOGETHER, len(rows))).astype(int)
    alone = np.linspace(0, len(rows) - 1, min(ALONE, len(rows))).astype(int)
    kinds["calls"] |= differing(answers, predict_in(predict, rows, np.arange(len(rows))[::-1], -(-len(rows) // 2)))
    for chosen, size in [(alone, 1), (spread[::-1], 7)]:
        kinds["calls"][chosen] |= contradicted(predict, rows, answers, chosen, size)
    if sums_columns(model):
        for turn in range(4):
            with moved(turn):
                kinds["sums"] |= differing(answers, predict(rows))
    return kinds


def examined(predict: Predict, rows: pd.DataFrame, answers: Answers, model: Any) -> dict[str, np.ndarray]:
    """The same of few rows, each of them in every way and more often."""
    every = np.arange(len(rows))
    kinds = {"calls": np.zeros(len(rows), bool), "sums": np.zeros(len(rows), bool), "near": near(answers, model)}
    for chosen, size in [(every, 1), (every, 7), (every[::-1], 7), (every, len(rows))]:
        kinds["calls"] |= differing(answers, predict_in(predict, rows, chosen, size))
    if sums_columns(model):
        for turn in range(24):
            with moved(turn):
                kinds["sums"] |= differing(answers, predict(rows))
    return kinds


def contradicted(predict: Predict, rows: pd.DataFrame, answers: Answers, chosen: np.ndarray, size: int) -> np.ndarray:
    """Of the chosen rows, as many as there is time for."""
    result, started = np.zeros(len(chosen), bool), time.monotonic()
    for at in range(0, len(chosen), size):
        batch = chosen[at : at + size]
        result[at : at + size] = differing({name: values[batch] for name, values in answers.items()}, predict(rows.iloc[batch]))
        if time.monotonic() - started > SECONDS:
            break
    return result


def predict_in(predict: Predict, rows: pd.DataFrame, order: np.ndarray, size: int) -> Answers:
    """Answers in the order of the rows, asked in another order in batches."""
    parts = [predict(rows.iloc[order[at : at + size]]) for at in range(0, len(order), size)]
    back = np.argsort(order)
    return {name: np.concatenate([part[name] for part in parts])[back] for name in parts[0]}


def near(answers: Answers, model: Any) -> np.ndarray:
    count = len(next(iter(answers.values())))
    shares = [values for name, values in answers.items() if name.startswith("probability")]
    if len(shares) < 2 or not any(type(part).__module__.startswith("xgboost") for part in parts_of(model)):
        return np.zeros(count, bool)
    largest = np.sort(np.column_stack(shares), axis=1)
    return largest[:, -1] - largest[:, -2] <= NEAR


def sums_columns(model: Any) -> bool:
    return any(isinstance(part, (*SUMS, *DISTANCES)) for part in parts_of(model))


@contextmanager
def moved(turn: int) -> Iterator[None]:
    """Results of sums move: all up, all down, then each up, down or not by chance; for distances what they are taken of."""
    random = np.random.default_rng(turn)
    kept = [(cls, name, getattr(cls, name)) for table in (SUMS, DISTANCES) for cls, names in table.items() for name in names]
    inside = [False]

    def move(values: Any) -> np.ndarray:
        values = np.asarray(values)
        sign = {0: 1, 1: -1}.get(turn)
        signs = random.integers(-1, 2, values.shape) if sign is None else sign
        return values + PLACES * signs * np.spacing(np.abs(values))

    def after(method: Any) -> Any:
        return lambda self, X, *more: move(method(self, X, *more))

    def before(method: Any) -> Any:
        def call(self: Any, X: Any, *more: Any) -> Any:
            if inside[0]:
                return method(self, X, *more)
            inside[0] = True
            try:
                # In double, which distances of float32 are summed in, too.
                return method(self, move(np.asarray(X, np.float64)), *more)
            finally:
                inside[0] = False

        return call

    try:
        for cls, name, method in kept:
            setattr(cls, name, (after if cls in SUMS else before)(method))
        yield
    finally:
        for cls, name, method in kept:
            setattr(cls, name, method)


def parts_of(model: Any) -> list[Any]:
    """Every estimator in a fitted model, once."""
    found: dict[int, Any] = {}
    waiting = [model]
    while waiting:
        part = waiting.pop()
        if id(part) in found:
            continue
        if isinstance(part, (list, tuple)):
            waiting += part
        elif isinstance(part, dict):
            waiting += part.values()
        elif isinstance(part, np.ndarray) and part.dtype == object:
            waiting += part.ravel().tolist()
        elif hasattr(part, "get_params") or type(part).__module__.startswith("sklearn") and hasattr(part, "__dict__"):
            found[id(part)] = part
            waiting += vars(part).values()
    return list(found.values())
