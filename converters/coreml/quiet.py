"""Imports coremltools and onnxmltools, which say much that nobody can act on: on Linux, coremltools lacks its frameworks."""

from __future__ import annotations

import logging
import warnings


def import_onnxmltools() -> None:
    logging.getLogger("coremltools").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import coremltools  # noqa: F401
        import onnxmltools  # noqa: F401
