"""Arrays as estimators keep and give them, sparse or dense, of one dimension or more, as plain ones."""

from __future__ import annotations

from typing import Any

import numpy as np


def dense(values: Any) -> np.ndarray:
    return values.toarray() if hasattr(values, "toarray") else np.asarray(values)


def matrix(values: Any) -> np.ndarray:
    """[N, k], k = 1 of a single dimension."""
    table = dense(values)
    return table.reshape(-1, 1) if table.ndim == 1 else table.reshape(len(table), -1)
