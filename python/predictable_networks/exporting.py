"""Exporters print, warn, and fail in their own words: here they fail in ours."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import Iterator

from predictable_bridge.errors import ConverterError

LONGEST = 300


@contextlib.contextmanager
def quiet(failed: str) -> Iterator[None]:
    """Runs an exporter without its output.

    Raises UNSUPPORTED_MODEL, which says `failed`, e.g. `net.h5 cannot be exported`, and the first line of the exporter's own error.
    """
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    except (ConverterError, MemoryError):
        raise
    except Exception as error:
        raise ConverterError("UNSUPPORTED_MODEL", "%s: %s" % (failed, first_line(error)), None, type=type(error).__name__) from error


def first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:LONGEST]
