"""One sample booster: what it shows, how it is trained, and how it should end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable

import pandas as pd

Sample = tuple[Any, pd.DataFrame]


@dataclass
class Entry:
    """`file`: its extension says how it is saved. `expected`: `verified`, or the code that refuses it."""

    file: str
    objective: str
    train: Callable[[], Sample]
    features: list[str] = field(default_factory=list)
    precision: str = "float"
    expected: str = "verified"
