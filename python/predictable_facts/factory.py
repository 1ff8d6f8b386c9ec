"""The user's own function that builds a network (`--factory module:function`): its name, and where its module is looked for."""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import contextmanager
from typing import Iterator, List

from predictable_facts.request import Factory


def factory_name(factory: Factory) -> str:
    """As the user wrote it."""
    return "%s:%s" % (factory["module"], factory["function"])


@contextmanager
def on_path(folders: List[str]) -> Iterator[None]:
    """Modules of these folders are imported anew each time: two models may come with modules of the same name."""
    before, path = set(sys.modules), list(sys.path)
    sys.path[:0] = folders
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = path
        prefixes = tuple(os.path.join(os.path.realpath(folder), "") for folder in folders)
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None)
            if prefixes and file and os.path.realpath(file).startswith(prefixes):
                del sys.modules[name]
