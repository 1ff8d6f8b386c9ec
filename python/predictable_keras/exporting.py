"""Exporters print, warn, and fail in their own words: here they fail in ours."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import Iterator

from predictable_bridge.errors import ConverterError
from predictable_keras.files import KerasFile, unsupported


@contextlib.contextmanager
def quiet(file: KerasFile) -> Iterator[None]:
    """Raises UNSUPPORTED_MODEL with the first line of what an exporter said."""
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    except (ConverterError, MemoryError):
        raise
    except Exception as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:300]
        raise unsupported(file, f"cannot be exported: {reason}", type=type(error).__name__) from error
