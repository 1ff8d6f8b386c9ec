"""Numbers that an HDF5 file takes from elsewhere: the whole file is walked before anything of it is read.

HDF5 opens other files by name wherever a dataset is stored outside, a link leads out, or a dataset is made of others' parts;
bytes of any file would then stand in the model as weights. Trust is in the bytes of one file, so it does not help.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from typing import Any, Iterator

from predictable_bridge.errors import ConverterError
from predictable_facts.reading import Allowance, reading
from predictable_facts.zips import open_zip
from predictable_keras.archive import plain_copy
from predictable_keras.files import HDF5, INTACT_HINT, corrupt, is_hdf5

WHOLE_HINT = "Load the model where these files are, and save it again: Keras writes all of it into one file."
# gzip, shuffle, checksum, szip, n-bit, scale-offset, lzf: all others are loaded from libraries on this machine.
FILTERS = (1, 2, 3, 4, 5, 6, 32000)
# HDF5 looks for its beginning at 0, 512, 1024, 2048, …; no writer of models puts anything before it.
LONGEST_START = 2**20


def checked_storage(path: str, work: str) -> str:
    """The file to load: the user's own, or, of a zip, a copy of the members that were checked.

    Raises UNSUPPORTED_MODEL with the dataset and the other file's name, CORRUPT_MODEL where the file can't be walked.
    """
    if os.path.isdir(path):
        return path
    name = os.path.basename(path)
    if is_hdf5(path):
        if zipfile.is_zipfile(path):
            # Keras looks at the ending first, and would load the other one than was read here.
            raise ConverterError("CORRUPT_MODEL", "%s is a zip file and an HDF5 file at once." % name, INTACT_HINT)
        check_hdf5(path, name)
        return path
    if not zipfile.is_zipfile(path):
        raise ConverterError("CORRUPT_MODEL", "%s is neither a whole zip file nor an HDF5 file." % name, INTACT_HINT)
    copy = plain_copy(path, work)
    if holds_hdf5(copy):
        raise ConverterError("CORRUPT_MODEL", "%s is a zip file that HDF5 takes for one of its own." % name, INTACT_HINT)
    with reading(name, corrupt), open_zip(copy) as archive:
        check_members(archive, name, work)
    return copy


def holds_hdf5(path: str) -> bool:
    """HDF5 also looks for its beginning further on, where a member may lie."""
    import h5py

    return bool(h5py.is_hdf5(path))


def check_members(archive: zipfile.ZipFile, name: str, work: str) -> None:
    for info in archive.infolist():
        if not is_hdf5_member(archive, info):
            continue
        with tempfile.NamedTemporaryFile(dir=work, suffix=".h5") as loose:
            with archive.open(info) as member:
                shutil.copyfileobj(member, loose)
            loose.flush()
            check_hdf5(loose.name, "%s in %s" % (info.filename, name))


def is_hdf5_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    if info.filename.endswith((".h5", ".hdf5")):
        return True
    with archive.open(info) as member:
        return HDF5 in member.read(LONGEST_START)


def check_hdf5(path: str, title: str) -> None:
    import h5py

    with reading(title, no_hdf5), h5py.File(path, "r") as file:
        outside = next(foreign(file, Allowance(os.path.getsize(path))), None)
    if outside is not None:
        message = "%s: %s. Nothing of it was loaded: a model's numbers have to be in its own file." % (title, outside)
        raise ConverterError("UNSUPPORTED_MODEL", message, WHOLE_HINT, next="nothing")


def no_hdf5(title: str, reason: str) -> ConverterError:
    return ConverterError("CORRUPT_MODEL", "%s is no whole HDF5 file: %s." % (title, reason), INTACT_HINT)


def foreign(file: Any, allowance: Allowance) -> Iterator[str]:
    from h5py import h5d, h5g, h5l, h5o

    waiting, seen = [("", h5g.open(file.id, b"/"))], set()
    while waiting:
        path, group = waiting.pop()
        yield from references(path or "/", group)
        for name in group:
            here = "%s/%s" % (path, name.decode("utf-8", "replace"))
            kind = group.links.get_info(name).type
            if kind == h5l.TYPE_EXTERNAL:
                yield "%s is a link into another file, %s" % (here, text(group.links.get_val(name)[0]))
            elif kind == h5l.TYPE_HARD:
                opened = h5o.open(group, name)
                # A group may lie in itself.
                address = h5o.get_info(opened).addr
                if address in seen:
                    continue
                seen.add(address)
                if isinstance(opened, h5g.GroupID):
                    waiting.append((here, opened))
                elif isinstance(opened, h5d.DatasetID):
                    allowance.take(size_of(opened))
                    yield from of_dataset(here, opened)
            elif kind != h5l.TYPE_SOFT:
                yield "%s is a link of a kind of its own" % here


def size_of(dataset: Any) -> int:
    """Bytes that it says it has: nothing of it need be in the file."""
    return int(dataset.get_space().get_simple_extent_npoints()) * int(dataset.get_type().get_size())


def of_dataset(path: str, dataset: Any) -> Iterator[str]:
    from h5py import h5d, h5t

    how = dataset.get_create_plist()
    for at in range(how.get_external_count()):
        yield "%s is stored in another file, %s" % (path, text(how.get_external(at)[0]))
    if how.get_layout() == h5d.VIRTUAL:
        names = [text(how.get_virtual_filename(at)) for at in range(how.get_virtual_count())]
        yield "%s is made of parts of other files, %s" % (path, ", ".join(names[:3]))
    for at in range(how.get_nfilters()):
        if how.get_filter(at)[0] not in FILTERS:
            yield "%s is packed by filter %d, which is a library outside of HDF5" % (path, how.get_filter(at)[0])
    if dataset.get_type().detect_class(h5t.REFERENCE):
        yield "%s holds references instead of numbers" % path
    yield from references(path, dataset)


def references(path: str, holder: Any) -> Iterator[str]:
    from h5py import h5a, h5t

    for at in range(h5a.get_num_attrs(holder)):
        attribute = h5a.open(holder, index=at)
        if attribute.get_type().detect_class(h5t.REFERENCE):
            yield "the attribute %s of %s holds a reference" % (text(attribute.name), path)


def text(name: Any) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
