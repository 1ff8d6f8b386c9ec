"""Runs hadolint with the arguments that it is given.

Its package brings a program, and environments keep none but Python: it is put elsewhere when the environment is built.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

PROGRAM = Path(sys.prefix) / "hadolint"
installed = Path(sys.executable).with_name("hadolint")

if installed.exists():
    shutil.move(str(installed), str(PROGRAM))

if __name__ == "__main__":
    os.execv(str(PROGRAM), [str(PROGRAM), *sys.argv[1:]])
