"""A converter that works for another, and has a module of the same name as the other's."""

from __future__ import annotations

from typing import Any


def convert(request: dict[str, Any]) -> str:
    import neighbour

    return neighbour.__file__ or ""
