"""The tables of the PyTorch samples as tensors, read without pandas, which the environment does not have."""

from __future__ import annotations

import csv
from pathlib import Path

import torch

FOLDER = Path(__file__).parent.parent / "data"
ISLANDS = ("Biscoe", "Dream", "Torgersen")
SPECIES = ("Adelie", "Chinstrap", "Gentoo")
MEASURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm")
YEARS = 12


def rows_of(name: str) -> list[dict[str, str]]:
    with open(FOLDER / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def digits() -> tuple[torch.Tensor, torch.Tensor]:
    """[N,8,8] and the label."""
    table = torch.tensor([[float(value) for value in row.values()] for row in rows_of("digits.csv")])
    return table[:, :64].reshape(-1, 8, 8), table[:, 64].long()


def penguins() -> dict[str, torch.Tensor]:
    whole = [row for row in rows_of("penguins.csv") if row["body_mass_g"] != "NA"]
    return {
        "measures": torch.tensor([[float(row[name]) for name in MEASURES] for row in whole]),
        "island": torch.tensor([ISLANDS.index(row["island"]) for row in whole]),
        "year": torch.tensor([int(row["year"]) for row in whole], dtype=torch.int32),
        "species": torch.tensor([SPECIES.index(row["species"]) for row in whole]),
        "mass": torch.tensor([float(row["body_mass_g"]) for row in whole]),
    }


def sunspots() -> tuple[torch.Tensor, torch.Tensor]:
    """[N,12,1] and the year after those."""
    counts = torch.tensor([float(row["SUNACTIVITY"]) for row in rows_of("sunspots.csv")])
    windows = counts.unfold(0, YEARS + 1, 1)
    return windows[:, :YEARS].unsqueeze(2).contiguous(), windows[:, YEARS:]


def write_sample(path: Path, columns: dict[str, torch.Tensor], most: int = 300) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(list(zip(*(values.tolist() for values in columns.values())))[:most])
