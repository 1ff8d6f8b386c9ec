"""The members of a `.keras` zip, by exact names, and a copy of just these: two readers of one zip may find different members in it."""

from __future__ import annotations

import os
import re
import stat
import tempfile
import zipfile
from typing import List, Optional

from predictable_bridge.errors import ConverterError
from predictable_facts.zips import copy_member, folded, has_second_name
from predictable_keras.description import shown
from predictable_keras.files import INTACT_HINT

# As every Keras since 2.12 writes them; of `model.weights.npz`, which it would read as well, NumPy loads pickles.
WEIGHTS = "model.weights.h5"
WANTED = ("metadata.json", "config.json", WEIGHTS)
# Values of a layer that are no numbers, such as `assets/layers/integer_lookup/vocabulary.txt`.
ASSET = re.compile(r"assets/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*)?")
ENCRYPTED = 1


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
        if folded(info.filename) in seen:
            return "it holds the member %s twice" % name
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            return "the member %s is a link" % name
        if info.flag_bits & ENCRYPTED:
            return "the member %s is encrypted" % name
        if has_second_name(info):
            return "the member %s has a second name" % name
        seen.add(folded(info.filename))
    missing = next((wanted for wanted in WANTED if wanted not in seen), None)
    return "it holds no %s" % missing if missing is not None else None


def rewrite(archive: zipfile.ZipFile, path: str) -> None:
    """The weights come first: elsewhere they might lie, by chance or on purpose, where HDF5 would take the whole zip for its own."""
    with zipfile.ZipFile(path, "w") as copy:
        for info in sorted(archive.infolist(), key=lambda info: info.filename != WEIGHTS):
            if not info.is_dir():
                copy_member(archive, info, copy, info.filename)
