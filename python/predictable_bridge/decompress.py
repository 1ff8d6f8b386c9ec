"""Writes what a bz2, xz or lzma file holds to standard output: `python decompress.py FILE`. Nothing in it is executed."""

import bz2
import lzma
import os
import shutil
import sys

CHUNK_BYTES = 2**20


def main(path: str) -> None:
    with open(path, "rb") as file:
        opener = bz2.open if file.read(3) == b"BZh" else lzma.open
    try:
        with opener(path) as stream:
            shutil.copyfileobj(stream, sys.stdout.buffer, CHUNK_BYTES)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; Python would complain once more when it flushes at its end.
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
