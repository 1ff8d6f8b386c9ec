"""Members of a zip that a model came in: how many, how large and of what names they may be, and a copy of those looked at.

Two readers of one zip may find different members in it. So a framework gets a copy, which has each checked member once, under
the name that was checked and with nothing else in or around it.
"""

from __future__ import annotations

import os
import shutil
import stat
import unicodedata
import zipfile
from typing import IO, Iterator, List, Optional, Tuple, Union

from predictable_facts.reading import Allowance

# Info-ZIP's Unicode Path, which names a member anew to those readers who know it.
OTHER_NAME = 0x7075
COPY_BYTES = 2**20
# A network of more tensors than this is none that a table's rows go through.
MOST_MEMBERS = 20_000
LONGEST_NAME = 1_000
ENCRYPTED = 1


class RefusedZip(ValueError):
    """A zip that can be read, but that no writer of models makes."""


def open_zip(source: Union[str, IO[bytes]], allowance: Optional[Allowance] = None) -> zipfile.ZipFile:
    """A zip whose members may be read whole. Raises RefusedZip, and what ZipFile raises for what is no zip.

    `allowance`: of the zip that this one lies in; the members of both unpack to no more than it has left.
    """
    archive = zipfile.ZipFile(source)
    try:
        check_zip(archive.infolist(), allowance or Allowance(bytes_of(source)))
    except ValueError as error:
        archive.close()
        raise RefusedZip(str(error)) from error
    return archive


def check_zip(members: List[zipfile.ZipInfo], allowance: Allowance) -> None:
    if len(members) > MOST_MEMBERS:
        raise ValueError("it holds %d members" % len(members))
    seen = set()
    for info in members:
        why = complaint(info)
        if why is not None:
            raise ValueError("the member %r %s" % (info.filename[:80], why))
        if folded(info.filename) in seen:
            raise ValueError("it holds %r twice, or in two spellings" % info.filename[:80])
        seen.add(folded(info.filename))
        allowance.take(info.file_size)


def complaint(info: zipfile.ZipInfo) -> Optional[str]:
    """What a member is that no framework writes."""
    name = info.orig_filename
    if len(name) > LONGEST_NAME or "\0" in name:
        return "has no name that a file could have"
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or name[1:2] == ":":
        return "leads out of the zip"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link, or no file at all"
    return "is encrypted" if info.flag_bits & ENCRYPTED else None


def bytes_of(source: Union[str, IO[bytes]]) -> int:
    if isinstance(source, str):
        return os.path.getsize(source)
    return source.seek(0, os.SEEK_END)


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
