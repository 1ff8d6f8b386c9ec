"""What this converter takes: each has a sample, which a test sees to."""

from __future__ import annotations

from spec import CONVERTED

KINDS = list(CONVERTED.values())
