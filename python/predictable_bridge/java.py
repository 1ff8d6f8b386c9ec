"""Finds Java for the frameworks whose own predictions need it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

from predictable_bridge.errors import ConverterError


def find_java(needed_by: str) -> tuple[str, str]:
    """The command and its version. Raises JAVA_NOT_FOUND."""
    home = os.environ.get("JAVA_HOME")
    command = shutil.which("java", path=os.path.join(home, "bin")) if home else None
    command = command or shutil.which("java")
    if command is None:
        message = f"{needed_by} needs Java, and there is none on the PATH or at JAVA_HOME."
        raise ConverterError("JAVA_NOT_FOUND", message, "Install a Java 17 runtime (for example openjdk-17-jre-headless).")
    answer = subprocess.run([command, "-version"], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    version = re.search(r'version "([^"]+)"', answer.stderr + answer.stdout)
    return command, version[1] if version else "unknown"
