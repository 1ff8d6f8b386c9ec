"""Members of a zip that a model came in: whether they have one name only, and a copy of just those that were looked at.

Two readers of one zip may find different members in it. So a framework gets a copy, which has each checked member once, under
the name that was checked and with nothing else in or around it.
"""

from __future__ import annotations

import shutil
import unicodedata
import zipfile
from typing import IO, Iterator, Tuple, Union

# Info-ZIP's Unicode Path, which names a member anew to those readers who know it.
OTHER_NAME = 0x7075
COPY_BYTES = 2**20


def has_second_name(info: zipfile.ZipInfo) -> bool:
    """Beside the name in the directory, one in its extra fields."""
    return any(kind == OTHER_NAME for kind, _ in extra_fields(info.extra))


def extra_fields(extra: bytes) -> Iterator[Tuple[int, bytes]]:
    """The kind and the content of each."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = int.from_bytes(extra[at : at + 2], "little"), int.from_bytes(extra[at + 2 : at + 4], "little")
        yield kind, extra[at + 4 : at + 4 + size]
        at += 4 + size


def folded(name: str) -> str:
    """Equal for names that a reader may take for one another, since it regards no case, or a file system does not."""
    return unicodedata.normalize("NFKC", name.casefold())


def new_member(copy: zipfile.ZipFile, name: str) -> IO[bytes]:
    """To be written: with this name, and with nothing else that a zip says of a member."""
    return copy.open(zipfile.ZipInfo(name), "w", force_zip64=True)


def copy_member(source: zipfile.ZipFile, member: Union[str, zipfile.ZipInfo], copy: zipfile.ZipFile, name: str) -> None:
    with source.open(member) as content, new_member(copy, name) as written:
        shutil.copyfileobj(content, written, COPY_BYTES)
