"""The mixed table of the samples: text categories, numbers, and missing values of both kinds."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

DATA = Path(__file__).parent / "data" / "penguins.csv"


def load_penguins() -> pd.DataFrame:
    """344 rows. species, island, sex: text, sex missing 11 times; four measures: numbers, missing twice; year: int64."""
    frame = pd.read_csv(DATA)
    text = ["species", "island", "sex"]
    # Missing text is NaN in object columns, whatever pandas makes of text by default.
    return frame.astype({name: object for name in text})
