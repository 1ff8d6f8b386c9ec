"""The tables of samples/, which the batteries train on too."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
PENGUINS = SAMPLES / "data" / "penguins.csv"


def load_penguins() -> pd.DataFrame:
    """The samples' own table of penguins, where there is pandas."""
    if str(SAMPLES) not in sys.path:
        sys.path.append(str(SAMPLES))
    import penguins

    return penguins.load_penguins()
