"""What a family knows of its model beyond the columns' own facts: where probe rows look first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Set

import numpy as np


@dataclass
class Knowledge:
    """By the columns' names, each in the column's own units.

    `thresholds`: numbers that the model compares the column with. `markers`: numbers or texts that an imputer takes for missing.
    `codes`: numbers that the model knows as categories. `whole`: number columns of other types that hold large whole numbers.
    """

    thresholds: Dict[str, np.ndarray] = field(default_factory=dict)
    markers: Dict[str, List[Any]] = field(default_factory=dict)
    codes: Dict[str, List[float]] = field(default_factory=dict)
    whole: Set[str] = field(default_factory=set)
