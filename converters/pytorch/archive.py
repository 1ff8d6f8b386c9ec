"""The members of a file that torch wrote: one zip, whose names all begin with the same folder."""

from __future__ import annotations

import io
import os
import re
import zipfile
from typing import IO, Any

from predictable_bridge.errors import ConverterError
from predictable_facts.zips import copy_member, folded, new_member

INTACT_HINT = "Check that the file was copied whole, or save the model again."
# The folder in a copy: what it is called says nothing, and torch writes the file's own name there, whatever its letters.
ROOT = "archive"
# An object of C++ in a program, which is a zip of its own.
OBJECT = re.compile(r"data/constants/custom_obj_\d+", re.ASCII)


class Archive:
    """`members`: without the folder that they all lie in → whole. `names`: the former. `title`: of the file, or of a zip within it."""

    def __init__(self, source: str | IO[bytes], title: str) -> None:
        self.title = title
        try:
            self.zip = zipfile.ZipFile(source)
            damaged = self.zip.testzip()
        except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
            raise ConverterError("CORRUPT_MODEL", f"{title} is no whole zip file: {error}.", INTACT_HINT) from error
        whole = self.zip.namelist()
        twin = first_twin(whole)
        if damaged is not None or twin is not None:
            what = f"its member {damaged} is damaged" if damaged else f"torch cannot tell {twin} from another of its members"
            raise ConverterError("CORRUPT_MODEL", f"{title} is no whole zip file: {what}.", INTACT_HINT)
        self.members = {name.partition("/")[2] or name: name for name in whole}
        self.names = list(self.members)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: Any) -> None:
        self.zip.close()

    def read(self, name: str) -> bytes:
        return self.zip.read(self.members[name])

    def inner(self, name: str) -> Archive:
        return Archive(io.BytesIO(self.read(name)), f"{self.title}: {name}")

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


def first_twin(names: list[str]) -> str | None:
    """The first name that torch's reader takes for one before it: it does not regard case."""
    seen: set[str] = set()
    for name in names:
        if folded(name) in seen:
            return name
        seen.add(folded(name))
    return None
