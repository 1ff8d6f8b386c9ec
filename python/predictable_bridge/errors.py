"""The one error that a converter raises on purpose; the host turns it into the envelope's error document."""

from typing import Any, Dict, Optional

# What the orchestrator does after a failure, where the code alone does not tell: the file goes on to the converter's environment
# that is next nearest; this road is for other files, and another one is taken without a word; no other road leads further.
NEXT_STEPS = ("other-environment", "other-road", "nothing")


class ConverterError(Exception):
    """A failure that the user can act on: a stable code, what happened, and what to do next.

    `next`: of `NEXT_STEPS`, what the orchestrator does. Details are for the user; the orchestrator does not look into them.
    """

    def __init__(self, code: str, message: str, hint: Optional[str] = None, *, next: Optional[str] = None, **details: Any) -> None:
        super().__init__(message)
        if next is not None and next not in NEXT_STEPS:
            raise ValueError("the next step after %s is %r, which is none of %s" % (code, next, ", ".join(NEXT_STEPS)))
        self.code = code
        self.message = message
        self.hint = hint
        self.next = next
        self.details = details

    def document(self) -> Dict[str, Any]:
        document: Dict[str, Any] = {"code": self.code, "message": self.message}
        if self.hint is not None:
            document["hint"] = self.hint
        if self.next is not None:
            document["next"] = self.next
        if self.details:
            document["details"] = self.details
        return document
