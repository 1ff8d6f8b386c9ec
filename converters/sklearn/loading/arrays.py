"""Arrays of NumPy in a zip: a head that says more numbers than follow would have them made all the same."""

from __future__ import annotations

import io
import math
import zipfile
from typing import IO

import numpy as np
from predictable_facts.reading import Allowance
from predictable_facts.zips import open_zip

ARRAY, ZIP = b"\x93NUMPY", b"PK\x03\x04"


def check_arrays(archive: zipfile.ZipFile, allowance: Allowance) -> None:
    """Those of the members, and of zips among them, as sparse matrices are. Raises ValueError."""
    for info in archive.infolist():
        with archive.open(info) as member:
            head = member.read(len(ARRAY))
        if head.startswith(ARRAY):
            with archive.open(info) as member:
                check_head(info.filename, member, info.file_size)
        if head.startswith(ZIP):
            with open_zip(io.BytesIO(archive.read(info)), allowance) as within:
                check_arrays(within, allowance)


def check_head(name: str, member: IO[bytes], size: int) -> None:
    version = np.lib.format.read_magic(member)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(member)
    if dtype.hasobject:
        raise ValueError(f"the array {name} holds objects, which only a pickle can")
    if any(length < 0 for length in shape) or math.prod(shape) * dtype.itemsize > size:
        raise ValueError(f"the array {name} says that it has {'×'.join(map(str, shape))} numbers")
