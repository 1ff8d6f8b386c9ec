"""A step that ends the whole process where a file is damaged, tried in a process of its own before."""

from __future__ import annotations

import os
import signal
from typing import Callable

# Seconds; longer than any file is looked at.
PATIENCE = 60


def must_survive(step: Callable[[], object]) -> None:
    """Raises ValueError with the signal that ended it. What the step itself raises, it raises again when it is done here."""
    if not hasattr(os, "fork"):
        return
    child = os.fork()
    if child == 0:
        try:
            signal.alarm(PATIENCE)
            step()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        raise ValueError("the library that reads it ends with %s" % signal.Signals(os.WTERMSIG(status)).name)
