"""Imports scikit-learn without the packages that it only looks for: a cold conversion pays for every import."""

from __future__ import annotations

import sys


def import_sklearn() -> None:
    """Both packages import pandas when it is there, only to compare types: half a second that most models never need.

    It stays importable: whoever needs it afterwards gets it, scikit-learn included.
    """
    if "pandas" in sys.modules or "sklearn" in sys.modules:
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]  # makes `import pandas` an ImportError, which both expect
    try:
        import skl2onnx  # noqa: F401
        import sklearn  # noqa: F401
    finally:
        del sys.modules["pandas"]
