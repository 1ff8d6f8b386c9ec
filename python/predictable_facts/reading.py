"""Reading a model file: whatever goes wrong there is the file's fault, and what it says of its own size is held against its bytes."""

from __future__ import annotations

import contextlib
import re
from typing import Callable, Iterator

from predictable_bridge.errors import ConverterError
from predictable_bridge.host import full_disk

# What a file may unpack to: a hundred times its bytes, as no writer packs numbers that were learnt; small ones somewhat more.
MOST_TIMES = 100
ALWAYS_ALLOWED = 64 * 2**20
# A matrix of more columns is no model of a table.
MOST_COLUMNS = 100_000

PLACE = re.compile(r"^(?:\[[\d:]+\] )?(?:\S+\.(?:cc|cpp|h):\d+: )?")


@contextlib.contextmanager
def reading(title: str, corrupt: Callable[[str, str], ConverterError]) -> Iterator[None]:
    """Makes every failure of a parser within the error `corrupt(title, reason)`, but for those that say more themselves."""
    try:
        yield
    except (ConverterError, MemoryError):
        raise
    except Exception as error:
        if full_disk(error) is not None:
            raise
        raise corrupt(title, reason_of(error)) from error


def reason_of(error: BaseException) -> str:
    """In a few words of one line; of a key that is not there, that it is missing."""
    if isinstance(error, KeyError):
        return str(error.args[0]) if " " in str(error.args[:1]) else "%s is missing" % error
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    lines = str(error).strip().splitlines()
    # Native libraries begin with the time and the place in their own code.
    return PLACE.sub("", lines[0]).rstrip(" .:") if lines else type(error).__name__


class Allowance:
    """How many bytes a file may still unpack to, whatever it says of itself."""

    def __init__(self, packed: int) -> None:
        self.packed = packed
        self.allowed = self.left = max(ALWAYS_ALLOWED, MOST_TIMES * packed)

    def take(self, size: int) -> None:
        """Raises ValueError once it is used up."""
        self.left -= size
        if self.left < 0:
            raise ValueError("its %s unpack to more than %s" % (shown_bytes(self.packed), shown_bytes(self.allowed)))


def shown_bytes(size: int) -> str:
    return "%d MB" % (size >> 20) if size >= 2**20 else "%d bytes" % size
