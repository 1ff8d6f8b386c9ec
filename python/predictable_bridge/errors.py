"""The one error that a converter raises on purpose; the host turns it into the envelope's error document."""

from __future__ import annotations

from typing import Any


class ConverterError(Exception):
    """A failure that the user can act on: a stable code, what happened, and what to do next."""

    def __init__(self, code: str, message: str, hint: str | None = None, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.details = details

    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.hint is not None:
            document["hint"] = self.hint
        if self.details:
            document["details"] = self.details
        return document
