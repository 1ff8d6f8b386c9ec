"""The members of a file that torch wrote: one zip, whose names all begin with the same folder."""

from __future__ import annotations

import io
import os
import re
import zipfile
from typing import IO, Any

from predictable_bridge.errors import ConverterError
from predictable_facts.reading import Allowance, reading
from predictable_facts.zips import bytes_of, copy_member, new_member, open_zip

INTACT_HINT = "Check that the file was copied whole, or save the model again."
# The folder in a copy: what it is called says nothing, and torch writes the file's own name there, whatever its letters.
ROOT = "archive"
# An object of C++ in a program, which is a zip of its own.
OBJECT = re.compile(r"data/constants/custom_obj_\d+", re.ASCII)


class Archive:
    """`members`: without the folder that they all lie in → whole. `names`: the former. `title`: of the file, or of a zip within it."""

    def __init__(self, source: str | IO[bytes], title: str, allowance: Allowance | None = None) -> None:
        self.title = title
        self.allowance = allowance or Allowance(bytes_of(source))
        with reading(title, corrupt):
            self.zip = open_zip(source, self.allowance)
            damaged = self.zip.testzip()
            if damaged is not None:
                raise ValueError(f"its member {damaged} is damaged")
        whole = self.zip.namelist()
        self.members = {name.partition("/")[2] or name: name for name in whole}
        self.names = list(self.members)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: Any) -> None:
        self.zip.close()

    def read(self, name: str) -> bytes:
        return self.zip.read(self.members[name])

    def inner(self, name: str) -> Archive:
        return Archive(io.BytesIO(self.read(name)), f"{self.title}: {name}", self.allowance)

    def rewritten(self, target: str | IO[bytes]) -> None:
        """A copy with exactly the members that were read here: another reader of zips may find others in the same file."""
        with zipfile.ZipFile(target, "w") as copy:
            for name, whole in self.members.items():
                if not OBJECT.fullmatch(name):
                    copy_member(self.zip, whole, copy, f"{ROOT}/{name}")
                    continue
                with self.inner(name) as inner, new_member(copy, f"{ROOT}/{name}") as written:
                    again = io.BytesIO()
                    inner.rewritten(again)
                    written.write(again.getvalue())


def opened(path: str) -> Archive:
    return Archive(path, os.path.basename(path))


def corrupt(title: str, reason: str) -> ConverterError:
    return ConverterError("CORRUPT_MODEL", f"{title} is no whole zip file: {reason}.", INTACT_HINT)
