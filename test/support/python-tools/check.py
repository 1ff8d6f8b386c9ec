"""Checks the project's Python: ruff finds bugs, mypy checks types, pytest runs the unit tests.

    python check.py [ruff] [mypy] [pytest]        default: all three

Ruff's package brings a program, and environments keep none but Python: it is put elsewhere when the environment is built.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CACHE = ROOT / "node_modules" / ".cache" / "python"

PROGRAM = Path(sys.prefix) / f"ruff{sysconfig.get_config_var('EXE')}"
installed = Path(sys.executable).with_name(PROGRAM.name)

if installed.exists():
    shutil.move(str(installed), str(PROGRAM))


@dataclass
class Step:
    """A program and its arguments, run in the project's folder."""

    title: str
    command: list[str]
    variables: dict[str, str] = field(default_factory=dict)


def main(asked: list[str]) -> int:
    """The exit status: 0 where all is well, 1 where something was found, 2 for a wrong argument."""
    steps = {"ruff": ruff, "mypy": mypy, "pytest": pytest}
    if not set(asked) <= set(steps):
        print(f"{', '.join(asked)}: not all of these are {', '.join(steps)}", file=sys.stderr)
        return 2
    # All of them, so that one look shows everything.
    return 0 if all([steps[each]() for each in asked or steps]) else 1


def ruff() -> bool:
    common = ["--quiet", "--cache-dir", str(CACHE / "ruff")]
    return run_all(
        [
            Step("ruff check", [str(PROGRAM), "check", *common]),
            Step("ruff format", [str(PROGRAM), "format", "--check", "--diff", *common]),
        ]
    )


def mypy() -> bool:
    """Modules of a converter are on the top level, and others have some of the same name: each is checked by itself."""
    if not run_all([Step("mypy python", mypy_command("python", "python"), {"MYPYPATH": "python"})]):
        return False
    folders = [manifest.parent for manifest in sorted(ROOT.glob("converters/*/converter.json"))]
    return run_all(list(folder_steps(folders)))


def folder_steps(folders: list[Path]) -> Iterator[Step]:
    for folder in folders:
        place = folder.relative_to(ROOT).as_posix()
        cache = CACHE / "mypy" / place
        if not cache.exists():
            # What all of them import is not read again.
            shutil.copytree(CACHE / "mypy" / "python", cache)
        yield Step(f"mypy {place}", mypy_command(place, place), {"MYPYPATH": os.pathsep.join(["python", place])})


def mypy_command(place: str, *checked: str) -> list[str]:
    return [sys.executable, "-m", "mypy", "--no-error-summary", "--cache-dir", str(CACHE / "mypy" / place), *checked]


def pytest() -> bool:
    return run_all([Step("pytest", [sys.executable, "-m", "pytest", "--quiet"])])


def run_all(steps: list[Step]) -> bool:
    """Two at a time; prints what each took, and of those that found something what it was."""
    with ThreadPoolExecutor(2) as pool:
        return all(list(pool.map(run, steps)))


def run(step: Step) -> bool:
    began = time.monotonic()
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **step.variables}
    ended = subprocess.run(step.command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    well = ended.returncode == 0
    said = "" if well else "\n" + (ended.stdout + ended.stderr).rstrip()
    print(f"{'✓' if well else '✗'} {step.title} ({time.monotonic() - began:.1f} s){said}", flush=True)
    return well


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
