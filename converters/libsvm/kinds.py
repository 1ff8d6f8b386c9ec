"""What this converter takes: each has a sample, which a test sees to."""

from __future__ import annotations

from machine import TITLES
from parse import KERNELS

KINDS = [f"{title}({kernel})" for title in TITLES.values() for kernel in KERNELS]
