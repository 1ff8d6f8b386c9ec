"""Reads UBJSON as XGBoost writes it: numbers come as whole arrays, so that a large model is read at once."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

NUMBERS = {"i": ">i1", "U": ">u1", "I": ">i2", "l": ">i4", "L": ">i8", "d": ">f4", "D": ">f8"}
CONSTANTS = {"T": True, "F": False, "Z": None, "N": None}
# XGBoost's own documents are eight levels deep.
MOST_LEVELS = 64


def decode(content: bytes) -> Any:
    """Raises ValueError for what is no whole document."""
    try:
        return Reader(content).value(0)
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
        raise ValueError("its UBJSON is damaged") from error


class Reader:
    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def value(self, level: int) -> Any:
        if level > MOST_LEVELS:
            raise ValueError("it is nested too deeply")
        marker = self.marker()
        if marker == "{":
            return self.object(level)
        if marker == "[":
            return self.array(level)
        if marker == "S":
            return self.text()
        return CONSTANTS[marker] if marker in CONSTANTS else self.number(marker)

    def object(self, level: int) -> dict[str, Any]:
        found = {}
        while self.peek() != "}":
            name = self.text()
            found[name] = self.value(level + 1)
        self.at += 1
        return found

    def array(self, level: int) -> Any:
        if self.peek() == "$":
            self.at += 1
            return self.numbers(np.dtype(NUMBERS[self.marker()]))
        if self.peek() == "#":
            return [self.value(level + 1) for _ in range(self.length())]
        found = []
        while self.peek() != "]":
            found.append(self.value(level + 1))
        self.at += 1
        return found

    def numbers(self, dtype: np.dtype) -> np.ndarray:
        count = self.length()
        end = self.at + count * dtype.itemsize
        if count < 0 or end > len(self.content):
            raise ValueError("it ends too early")
        found = np.frombuffer(self.content, dtype, count, self.at)
        self.at = end
        return found

    def length(self) -> int:
        if self.marker() != "#":
            raise ValueError("an array has no length")
        return int(self.number(self.marker()))

    def text(self) -> str:
        size = int(self.number(self.marker()))
        if size < 0 or self.at + size > len(self.content):
            raise ValueError("it ends too early")
        self.at += size
        return self.content[self.at - size : self.at].decode("utf-8")

    def number(self, marker: str) -> Any:
        code = {"i": "b", "U": "B", "I": "h", "l": "i", "L": "q", "d": "f", "D": "d"}[marker]
        (found,) = struct.unpack_from(f">{code}", self.content, self.at)
        self.at += struct.calcsize(f">{code}")
        return found

    def marker(self) -> str:
        self.at += 1
        return chr(self.content[self.at - 1])

    def peek(self) -> str:
        return chr(self.content[self.at])
