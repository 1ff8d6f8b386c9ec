"""Reads a function that Python 3.6 to 3.10 compiled and marshalled, in a Python that would not: its bytes are looked at, not run."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, List, Optional, Tuple

HEADER = struct.Struct("<5i")
REFERRED = 0x80
CONSTANTS = {"N": None, "T": True, "F": False, ".": ...}


@dataclass
class OldCode:
    """As of a code object, without its `co_`."""

    argcount: int
    flags: int
    code: bytes
    consts: Tuple[Any, ...]
    names: Tuple[str, ...]
    varnames: Tuple[str, ...]
    freevars: Tuple[str, ...]
    name: str


def read_old_code(data: bytes) -> Optional[OldCode]:
    """None when it is of another Python: from 3.11 on, what follows the names of the variables is bytes."""
    try:
        value = Reader(data).value()
    except (IndexError, struct.error, UnicodeDecodeError, ValueError):
        return None
    return value if isinstance(value, OldCode) else None


class Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0
        self.seen: List[Any] = []

    def value(self) -> Any:
        byte = self.take(1)[0]
        kind = chr(byte & ~REFERRED)
        if kind == "r":
            return self.seen[self.whole()]
        # What holds others has its place before them.
        place = len(self.seen)
        if byte & REFERRED:
            self.seen.append(None)
        value = self.of_kind(kind)
        if byte & REFERRED:
            self.seen[place] = value
        return value

    def of_kind(self, kind: str) -> Any:
        if kind in CONSTANTS:
            return CONSTANTS[kind]
        if kind == "i":
            return self.whole()
        if kind == "l":
            return self.long()
        if kind == "g":
            return struct.unpack("<d", self.take(8))[0]
        if kind == "s":
            return self.take(self.whole())
        if kind in "ut":
            return self.take(self.whole()).decode("utf-8")
        if kind in "aA":
            return self.take(self.whole()).decode("ascii")
        if kind in "zZ":
            return self.take(self.take(1)[0]).decode("ascii")
        if kind in "()":
            return tuple(self.value() for _ in range(self.take(1)[0] if kind == ")" else self.whole()))
        if kind == "c":
            return self.function()
        raise ValueError("marshalled %s" % kind)

    def function(self) -> OldCode:
        numbers = list(HEADER.unpack(self.take(HEADER.size)))
        # Python 3.8 counts arguments without a name too.
        if self.data[self.at] & ~REFERRED != ord("s"):
            numbers.append(self.whole())
            if numbers.pop(1):
                raise ValueError("arguments without a name")
        argcount, keywords, _, _, flags = numbers
        if keywords:
            raise ValueError("arguments by name only")
        code, consts, names, varnames, freevars = (self.value() for _ in range(5))
        if not isinstance(freevars, tuple):
            raise ValueError("a code object of Python 3.11 or newer")
        _, _, name = (self.value() for _ in range(3))
        self.whole()
        self.value()
        return OldCode(argcount, flags, code, consts, names, varnames, freevars, name)

    def whole(self) -> int:
        return int(struct.unpack("<i", self.take(4))[0])

    def long(self) -> int:
        size = self.whole()
        digits = struct.unpack("<%dH" % abs(size), self.take(2 * abs(size)))
        value: int = sum(digit << (15 * at) for at, digit in enumerate(digits))
        return value if size > 0 else -value

    def take(self, count: int) -> bytes:
        if count < 0 or self.at + count > len(self.data):
            raise IndexError("cut off")
        self.at += count
        return self.data[self.at - count : self.at]
