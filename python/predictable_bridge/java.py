"""Finds Java for the frameworks whose own predictions need it."""

import os
import re
import shutil
import subprocess
import tempfile
from typing import List, Tuple

from predictable_bridge.errors import ConverterError


def find_java(needed_by: str) -> Tuple[str, str]:
    """The command and its version. Raises JAVA_NOT_FOUND."""
    home = os.environ.get("JAVA_HOME")
    command = shutil.which("java", path=os.path.join(home, "bin")) if home else None
    command = command or shutil.which("java")
    if command is None:
        message = f"{needed_by} needs Java, and there is none on the PATH or at JAVA_HOME."
        raise ConverterError("JAVA_NOT_FOUND", message, "Install a Java 17 runtime (for example openjdk-17-jre-headless).")
    answer = subprocess.run(
        [command, "-version"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        check=False,
    )
    version = re.search(r'version "([^"]+)"', answer.stderr + answer.stdout)
    return command, version[1] if version else "unknown"


def lasting_folder() -> str:
    """For the files of a Java that stays from model to model: what is temporary otherwise goes with each of them."""
    return os.environ.get("PREDICTABLE_KEPT") or tempfile.gettempdir()


def java_options(folder: str) -> List[str]:
    """Its temporary files in `folder`, since Java knows no TMPDIR, and nothing in /tmp for other programs to watch it by."""
    return ["-Djava.io.tmpdir=" + folder, "-XX:-UsePerfData"]
