"""The members of a file that torch wrote: one zip, whose names all begin with the same folder."""

from __future__ import annotations

import os
import shutil
import zipfile
from typing import Any

from predictable_bridge.errors import ConverterError

INTACT_HINT = "Check that the file was copied whole, or save the model again."
COPY_BYTES = 2**20
HEAD_BYTES = 4096


class Archive:
    """`names`: without the folder that they all lie in."""

    def __init__(self, path: str) -> None:
        self.title = os.path.basename(path)
        try:
            self.zip = zipfile.ZipFile(path)
            damaged = self.zip.testzip()
        except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
            raise ConverterError("CORRUPT_MODEL", f"{self.title} is no whole zip file: {error}.", INTACT_HINT) from error
        whole = self.zip.namelist()
        if damaged is not None or len(set(whole)) != len(whole):
            what = f"its member {damaged} is damaged" if damaged else "two of its members have the same name"
            raise ConverterError("CORRUPT_MODEL", f"{self.title} is no whole zip file: {what}.", INTACT_HINT)
        self.members = {name.partition("/")[2] or name: name for name in whole}
        self.names = list(self.members)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: Any) -> None:
        self.zip.close()

    def read(self, name: str) -> bytes:
        return self.zip.read(self.members[name])

    def head(self, name: str) -> bytes:
        with self.zip.open(self.members[name]) as member:
            return member.read(HEAD_BYTES)

    def rewritten(self, path: str) -> str:
        """A copy with exactly the members that were read here: another reader of zips may find others in the same file."""
        with zipfile.ZipFile(path, "w") as copy:
            for name in self.zip.namelist():
                with self.zip.open(name) as source, copy.open(zipfile.ZipInfo(name), "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target, COPY_BYTES)
        return path
