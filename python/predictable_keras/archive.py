"""The members of a `.keras` zip, by exact names, and a copy of just these: two readers of one zip may find different members in it."""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
from typing import List

from predictable_facts.reading import reading
from predictable_facts.zips import copy_member, has_second_name, open_zip
from predictable_keras.description import shown
from predictable_keras.files import corrupt

# As every Keras since 2.12 writes them; of `model.weights.npz`, which it would read as well, NumPy loads pickles.
WEIGHTS = "model.weights.h5"
WANTED = ("metadata.json", "config.json", WEIGHTS)
# Values of a layer that are no numbers, such as `assets/layers/integer_lookup/vocabulary.txt`.
ASSET = re.compile(r"assets/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*)?")


def plain_copy(path: str, work: str) -> str:
    """A file of the same name with exactly the members that are looked at here. Raises CORRUPT_MODEL."""
    name = os.path.basename(path)
    copy = os.path.join(tempfile.mkdtemp(dir=work), name)
    with reading(name, corrupt), open_zip(path) as archive:
        check_members(archive.infolist())
        rewrite(archive, copy)
    return copy


def check_members(members: List[zipfile.ZipInfo]) -> None:
    for info in members:
        name = shown(info.orig_filename)
        if info.orig_filename != info.filename or not (info.filename in WANTED or ASSET.fullmatch(info.filename)):
            raise ValueError("it holds the member %s, which is none that Keras writes" % name)
        if has_second_name(info):
            raise ValueError("the member %s has a second name" % name)
    names = [info.filename for info in members]
    missing = next((wanted for wanted in WANTED if wanted not in names), None)
    if missing is not None:
        raise ValueError("it holds no %s" % missing)


def rewrite(archive: zipfile.ZipFile, path: str) -> None:
    """The weights come first: elsewhere they might lie, by chance or on purpose, where HDF5 would take the whole zip for its own."""
    with zipfile.ZipFile(path, "w") as copy:
        for info in sorted(archive.infolist(), key=lambda info: info.filename != WEIGHTS):
            if not info.is_dir():
                copy_member(archive, info, copy, info.filename)
