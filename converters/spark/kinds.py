"""What this converter takes: each has a sample, which a test sees to."""

from __future__ import annotations

from folder import SUPPORTED

KINDS = sorted(kind.removesuffix("Model") for kinds in SUPPORTED.values() for kind in kinds)
