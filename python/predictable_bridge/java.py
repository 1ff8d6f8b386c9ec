"""Finds Java for the frameworks whose own predictions need it."""

import os
import re
import shutil
import subprocess
from typing import Tuple

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
