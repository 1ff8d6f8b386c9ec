"""Prints which of the operators that are named on the command line a file of PyTorch may call, as a JSON object.

    PYTHON-OF-THE-PYTORCH-ENVIRONMENT pytorch_operators.py OPERATOR...
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

root = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(root / "converters" / "pytorch"), str(root / "python")]

from operators import computes  # noqa: E402

print(json.dumps({name: computes(name) for name in sys.argv[1:]}))
