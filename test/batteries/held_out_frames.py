"""The rows of the battery as frame files, the form in which Node reads them and hands back what a conversion made of their columns."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

sys.path.append(str(Path(__file__).resolve().parents[2] / "python"))

from predictable_facts.frames import write_frame


def write(base: Path, frame: pd.DataFrame) -> None:
    """Text as objects, since frames know NumPy's types only."""
    columns = {}
    for name, values in frame.items():
        columns[str(name)] = values.to_numpy() if pd.api.types.is_numeric_dtype(values) else values.astype(object).to_numpy()
    write_frame(str(base), columns)
