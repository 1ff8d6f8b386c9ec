"""The tables of the Keras samples as arrays, read without pandas, which the environment does not have."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent.parent / "data"
ISLANDS = ("Biscoe", "Dream", "Torgersen")
SPECIES = ("Adelie", "Chinstrap", "Gentoo")
MEASURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm")
YEARS = 12
MOST_ROWS = 300


def rows_of(name: str) -> list[dict[str, str]]:
    with open(FOLDER / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def digits() -> tuple[np.ndarray, np.ndarray]:
    """[N,8,8] and the label."""
    table = np.array([[float(value) for value in row.values()] for row in rows_of("digits.csv")], dtype=np.float32)
    return table[:, :64].reshape(-1, 8, 8), table[:, 64].astype(np.int64)


def penguins() -> dict[str, np.ndarray]:
    whole = [row for row in rows_of("penguins.csv") if row["body_mass_g"] != "NA"]
    return {
        "measures": np.array([[float(row[name]) for name in MEASURES] for row in whole], dtype=np.float32),
        "island": np.array([[ISLANDS.index(row["island"])] for row in whole], dtype=np.int32),
        "year": np.array([[int(row["year"])] for row in whole], dtype=np.int64),
        "species": np.array([SPECIES.index(row["species"]) for row in whole]),
        "mass": np.array([[float(row["body_mass_g"]) / 1000] for row in whole], dtype=np.float32),
    }


def sunspots() -> tuple[np.ndarray, np.ndarray]:
    """[N,12,1] and the year after those, in hundreds of spots."""
    counts = np.array([float(row["SUNACTIVITY"]) for row in rows_of("sunspots.csv")], dtype=np.float32) / 100
    windows = np.lib.stride_tricks.sliding_window_view(counts, YEARS + 1)
    return windows[:, :YEARS, None].copy(), windows[:, YEARS:].copy()


def write_sample(path: Path, columns: dict[str, np.ndarray]) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(list(zip(*(values.ravel().tolist() for values in columns.values())))[:MOST_ROWS])


def columns_of(name: str, values: np.ndarray) -> dict[str, np.ndarray]:
    """`name_r_c_k`, as the converter calls them."""
    return {"_".join([name, *map(str, at)]): values[(slice(None), *at)] for at in np.ndindex(values.shape[1:])}
