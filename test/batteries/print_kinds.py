"""Prints what a converter takes, as JSON: `python test/batteries/print_kinds.py converters/<name>/kinds.py`."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

file = Path(sys.argv[1])
sys.path[:0] = [str(file.parent), str(file.parents[2] / "python")]
print(json.dumps(runpy.run_path(str(file))["KINDS"]))
