"""The members of a `.keras` zip, by exact names, and a copy of just these: two readers of one zip may find different members in it."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import zipfile
from typing import Iterator, List, Optional, Tuple

from predictable_bridge.errors import ConverterError
from predictable_keras.description import shown
from predictable_keras.files import INTACT_HINT

# As every Keras since 2.12 writes them; of `model.weights.npz`, which it would read as well, NumPy loads pickles.
WANTED = ("metadata.json", "config.json", "model.weights.h5")
# Values of a layer that are no numbers, such as `assets/layers/integer_lookup/vocabulary.txt`.
ASSET = re.compile(r"assets/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*)?")
# Info-ZIP's Unicode Path, which names a member anew to those who know it.
OTHER_NAME = 0x7075
ENCRYPTED = 1
COPY_BYTES = 2**20


def plain_copy(path: str, work: str) -> str:
    """A file of the same name with exactly the members that are looked at here. Raises CORRUPT_MODEL."""
    name = os.path.basename(path)
    copy = os.path.join(tempfile.mkdtemp(dir=work), name)
    try:
        with zipfile.ZipFile(path) as archive:
            why = refusal(archive.infolist())
            if why is None:
                rewrite(archive, copy)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        why = shown(error)
    if why is not None:
        raise ConverterError("CORRUPT_MODEL", "%s is no whole Keras model: %s." % (name, why), INTACT_HINT)
    return copy


def refusal(members: List[zipfile.ZipInfo]) -> Optional[str]:
    seen = set()
    for info in members:
        name = shown(info.orig_filename)
        if info.orig_filename != info.filename or not (info.filename in WANTED or ASSET.fullmatch(info.filename)):
            return "it holds the member %s, which is none that Keras writes" % name
        if info.filename.lower() in seen:
            return "it holds the member %s twice" % name
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            return "the member %s is a link" % name
        if info.flag_bits & ENCRYPTED:
            return "the member %s is encrypted" % name
        if any(kind == OTHER_NAME for kind, _ in extras(info.extra)):
            return "the member %s has a second name" % name
        seen.add(info.filename.lower())
    missing = next((wanted for wanted in WANTED if wanted not in seen), None)
    return "it holds no %s" % missing if missing is not None else None


def extras(data: bytes) -> Iterator[Tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(data):
        kind, size = int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little")
        yield kind, data[at + 4 : at + 4 + size]
        at += 4 + size


def rewrite(archive: zipfile.ZipFile, path: str) -> None:
    with zipfile.ZipFile(path, "w") as copy:
        for info in archive.infolist():
            if info.is_dir():
                continue
            with archive.open(info) as source, copy.open(zipfile.ZipInfo(info.filename), "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, COPY_BYTES)
