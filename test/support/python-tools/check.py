"""Checks the project's Python: ruff finds bugs, mypy checks types, pytest runs the unit tests.

    python check.py [ruff] [mypy] [pytest]        default: all three

Ruff's package brings a program, and environments keep none but Python: it is put elsewhere when the environment is built.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

PROGRAM = Path(sys.prefix) / f"ruff{sysconfig.get_config_var('EXE')}"
installed = Path(sys.executable).with_name(PROGRAM.name)

if installed.exists():
    shutil.move(str(installed), str(PROGRAM))
