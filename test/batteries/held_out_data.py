"""Tables of several shapes, more rows than a conversion sees: the first are trained on, the last are held out."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Callable

import numpy as np
import pandas as pd

TRAINED, SAMPLED, HELD_OUT = 1_500, 300, 20_000
ROWS = TRAINED + HELD_OUT
Random = np.random.Generator


@dataclass
class Table:
    """`X`: all rows. `y`: what each task learns of them, by its name."""

    X: pd.DataFrame
    y: dict[str, Any]

    def trained(self, task: str) -> tuple[pd.DataFrame, Any]:
        return self.X[:TRAINED], None if task == "nothing" else self.y[task][:TRAINED]

    def held_out(self) -> pd.DataFrame:
        return self.X[TRAINED:].reset_index(drop=True)


@lru_cache(maxsize=None)
def table(kind: str) -> Table:
    random = np.random.default_rng(zlib.crc32(kind.encode()))
    X = KINDS[kind](random)
    return Table(X, targets(X, random))


def targets(X: pd.DataFrame, random: Random) -> dict[str, Any]:
    """Something of every column, curved and mixed, with noise, so that trees have to cut everywhere."""
    parts = [ranked(X[name]) for name in X.columns]
    signal = sum(np.sin((2 + at) * part) / (1 + at / 2) for at, part in enumerate(parts)) + parts[0] * parts[1]
    signal = signal + 0.4 * random.standard_normal(len(X))
    low, middle, high = np.quantile(signal, [1 / 3, 1 / 2, 2 / 3])
    second = signal + parts[-1] + 0.4 * random.standard_normal(len(X))
    amount = np.exp(signal / 2) * 40
    return {
        "two classes": (signal > middle).astype(int),
        "three classes": np.select([signal < low, signal < high], ["low", "middle"], "high"),
        "three codes": (signal > low).astype(int) + (signal > high),
        "number": amount,
        "numbers": np.column_stack([amount, second * 10]),
        "labels": np.column_stack([signal > middle, second > np.median(second)]).astype(int),
    }


def ranked(values: pd.Series) -> np.ndarray:
    """-1 to 1 in the order of the values, or of their names' checksums; missing is 0."""
    if not pd.api.types.is_numeric_dtype(values):
        values = values.map(lambda text: zlib.crc32(str(text).encode()) % 97, na_action="ignore").astype(float)
    return (values.rank(pct=True).fillna(0.5) * 2 - 1).to_numpy()


def whole(random: Random) -> pd.DataFrame:
    return pd.DataFrame({
        "age": random.integers(18, 90, ROWS), "rooms": random.integers(1, 9, ROWS), "year": random.integers(1950, 2026, ROWS),
        "weight": random.normal(75, 14, ROWS).round().astype(int), "balance": random.normal(0, 900, ROWS).round().astype(int),
    })  # fmt: skip


def large(random: Random) -> pd.DataFrame:
    """Whole numbers that real cannot tell apart."""
    return pd.DataFrame({
        "opened": random.integers(1_500_000_000, 1_700_000_000, ROWS), "customer": random.integers(0, 90_000_000, ROWS),
        "amount": random.integers(0, 40_000, ROWS), "visits": random.poisson(6, ROWS),
    })  # fmt: skip


def prices(random: Random) -> pd.DataFrame:
    return pd.DataFrame({
        "price": random.gamma(2, 30, ROWS).round(2), "cost": random.gamma(3, 9, ROWS).round(2),
        "shipping": random.choice([0, 2.99, 4.95, 7.9], ROWS), "total": random.lognormal(5, 1, ROWS).round(2),
        "change": random.normal(0, 12, ROWS).round(2),
    })  # fmt: skip


def percentages(random: Random) -> pd.DataFrame:
    return pd.DataFrame({
        "margin": (100 * random.beta(2, 5, ROWS)).round(1), "share": (100 * random.beta(1, 1, ROWS)).round(1),
        "rate": (100 * random.beta(5, 2, ROWS)).round(), "growth": (100 * random.beta(0.6, 2, ROWS)).round(2),
    })  # fmt: skip


def counts(random: Random) -> pd.DataFrame:
    return pd.DataFrame({
        f"{name}_count": random.poisson(mean, ROWS)
        for name, mean in [("visit", 3), ("click", 25), ("order", 0.7), ("return", 0.2), ("view", 180)]
    })  # fmt: skip


def lognormal(random: Random) -> pd.DataFrame:
    return pd.DataFrame({
        name: random.lognormal(mean, sigma, ROWS)
        for name, mean, sigma in [("income", 10, 0.7), ("area", 4, 0.4), ("delay", -1, 1.5), ("size", 0, 1), ("spend", 6, 2)]
    })  # fmt: skip


def ties(random: Random) -> pd.DataFrame:
    """Few values, each of them often."""
    return pd.DataFrame({
        "stars": random.integers(1, 6, ROWS), "half": random.integers(0, 9, ROWS) / 2, "tenth": random.integers(0, 11, ROWS) / 10,
        "flag": random.integers(0, 2, ROWS), "third": random.integers(0, 4, ROWS) / 3,
    })  # fmt: skip


def doubles(random: Random) -> pd.DataFrame:
    """Nothing is rounded, so that real loses digits of every number."""
    return pd.DataFrame({
        "u": random.random(ROWS), "v": random.standard_normal(ROWS), "w": random.normal(1e4, 30, ROWS),
        "x": random.exponential(1e-3, ROWS), "y": random.uniform(-5, 5, ROWS),
    })  # fmt: skip


def float32(random: Random) -> pd.DataFrame:
    return pd.concat([doubles(random)[["u", "v", "w"]], prices(random)[["price", "change"]]], axis=1).astype(np.float32)


def gaps(random: Random) -> pd.DataFrame:
    """Numbers, a tenth of which is missing."""
    whole_table = pd.concat([doubles(random)[["u", "v"]], prices(random)[["price", "total"]], counts(random)[["click_count"]]], axis=1)
    return whole_table.mask(random.random(whole_table.shape) < 0.1)


def mixed(random: Random) -> pd.DataFrame:
    """Numbers of several kinds and text: many categories, some of them rare, and gaps."""
    cities = np.array(["Bonn", "Lyon", "Gent", "Graz", "Oulu", "Brno", "Cork", "Bari", "Vigo", "Łódź", "Ås", "Ely"], dtype=object)
    share = 1 / np.arange(1, 13) ** 2
    city = random.choice(cities, ROWS, p=share / share.sum())
    plan = random.choice(np.array(["basic", "plus", "pro", "free trial"], dtype=object), ROWS, p=[0.5, 0.3, 0.19, 0.01])
    numbers = pd.concat([whole(random)[["age"]], prices(random)[["price"]], lognormal(random)[["income", "size"]]], axis=1)
    texts = pd.DataFrame({"city": city, "plan": plan}).mask(random.random((ROWS, 2)) < [0.06, 0.02])
    return pd.concat([numbers, texts], axis=1)


def mixed_gaps(random: Random) -> pd.DataFrame:
    frame = mixed(random)
    numbers = ["age", "price", "income"]
    frame[numbers] = frame[numbers].mask(random.random((ROWS, 3)) < 0.08)
    return frame


KINDS: dict[str, Callable[[Random], pd.DataFrame]] = {
    "whole": whole, "large": large, "prices": prices, "percentages": percentages, "counts": counts, "lognormal": lognormal,
    "ties": ties, "doubles": doubles, "float32": float32, "gaps": gaps, "mixed": mixed, "mixed-gaps": mixed_gaps,
}  # fmt: skip
