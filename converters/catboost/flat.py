"""Reads tables of a FlatBuffer, as CatBoost's files are made of: numbers come as whole arrays."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

OFFSET = 4


@dataclass(frozen=True)
class Table:
    """`at`: where it stands in `content`. Fields are numbered in the order of the schema, from 0."""

    content: bytes
    at: int

    def numbers(self, field: int, dtype: str) -> np.ndarray:
        """[n]; empty where the field is not there. Raises ValueError where it leads out of the content."""
        start, count = self.vector(field)
        return np.frombuffer(self.content, np.dtype(dtype), count, start) if count > 0 else np.zeros(0, dtype)

    def tables(self, field: int) -> Iterator[Table]:
        start, count = self.vector(field)
        if start + count * OFFSET > len(self.content):
            raise ValueError("a list in it is longer than it is")
        for at in range(start, start + count * OFFSET, OFFSET):
            yield Table(self.content, at + self.unsigned(at))

    def texts(self, field: int) -> Iterator[bytes]:
        for text in self.tables(field):
            yield self.content[text.at + OFFSET : text.at + OFFSET + self.unsigned(text.at)]

    def table(self, field: int) -> Table | None:
        at = self.place(field)
        return None if at is None else Table(self.content, at + self.unsigned(at))

    def whole(self, field: int, default: int) -> int:
        at = self.place(field)
        return default if at is None else self.unpacked("<i", at)

    def byte(self, field: int, default: int) -> int:
        at = self.place(field)
        return default if at is None else self.unpacked("<b", at)

    def vector(self, field: int) -> tuple[int, int]:
        """Where its first element stands, and how many there are."""
        at = self.place(field)
        if at is None:
            return 0, 0
        at += self.unsigned(at)
        return at + OFFSET, self.unsigned(at)

    def place(self, field: int) -> int | None:
        layout = self.at - self.unpacked("<i", self.at)
        size = self.unpacked("<H", layout)
        entry = 2 * field + 4
        offset = self.unpacked("<H", layout + entry) if entry + 2 <= size else 0
        return self.at + offset if offset else None

    def unsigned(self, at: int) -> int:
        return self.unpacked("<I", at)

    def unpacked(self, form: str, at: int) -> int:
        if at < 0:
            raise ValueError("a table in it lies before its beginning")
        (found,) = struct.unpack_from(form, self.content, at)
        return int(found)


def root(content: bytes) -> Table:
    return Table(content, Table(content, 0).unsigned(0))
