"""A copy of a PipelineModel folder with what Spark ML writes and nothing else: Spark reads names as patterns, and unpacks what it can."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from folder import METADATA, PLAIN, corrupt, shown

TABLE = re.compile(r"part-[A-Za-z0-9_.-]+\.parquet")
# In the folder of a model or of a stage of it; `stages` holds more of the same.
TABLES = {"metadata": METADATA, "data": TABLE, "treesMetadata": TABLE}
STAGES = "stages"
# Where a column's type names a class of Python, or of Java; least and largest values stand there as well, and may be JSON of stages.
CLASSES = re.compile(rb'"(?:pyClass|class)"\s*:\s*("[^"]*"|[^",}\s]+)')
OWN_TYPES = re.compile(rb'"(?:pyspark\.ml(?:lib)?\.linalg\.(?:Vector|Matrix)UDT|org\.apache\.spark\.ml(?:lib)?\.[\w.]+)"')
# Left there by Spark, Databricks and macOS; no reader takes these for data.
ASIDE = re.compile(r"_SUCCESS|_(?:started|committed)_\d+|\..+\.crc|\.DS_Store")


def plain_copy(path: str, work: str) -> Path:
    """Raises CORRUPT_MODEL for anything that Spark does not write."""
    name, target = os.path.basename(path), Path(tempfile.mkdtemp(prefix="pipeline-", dir=work))
    try:
        copy_model(name, Path(path), target)
    except (OSError, RecursionError) as error:
        raise corrupt(name, shown(error)) from error
    return target


def copy_model(name: str, source: Path, target: Path) -> None:
    for entry in entries(name, source):
        inside, copied = source / entry.name, target / entry.name
        if not entry.is_dir(follow_symlinks=False) or entry.name not in (*TABLES, STAGES):
            raise foreign(name, source, entry.name)
        copied.mkdir()
        if entry.name != STAGES:
            copy_table(name, inside, copied, TABLES[entry.name])
            continue
        for stage in entries(name, inside):
            if not stage.is_dir(follow_symlinks=False):
                raise foreign(name, inside, stage.name)
            (copied / stage.name).mkdir()
            copy_model(name, inside / stage.name, copied / stage.name)


def copy_table(name: str, source: Path, target: Path, part: re.Pattern[str]) -> None:
    for entry in entries(name, source):
        if not entry.is_file(follow_symlinks=False) or not part.fullmatch(entry.name):
            raise foreign(name, source, entry.name)
        # Spark holds the bytes against the sum that lies beside them.
        if part is TABLE:
            check_types(name, source / entry.name)
        for each in (entry.name, f".{entry.name}.crc"):
            if (source / each).is_file():
                shutil.copyfile(source / each, target / each, follow_symlinks=False)


def check_types(name: str, table: Path) -> None:
    """Spark takes the types of a table's columns from its last bytes, where a type may name a Python module to import."""
    with open(table, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 8))
        end = file.read(8)
        length = int.from_bytes(end[:4], "little")
        if end[4:] != b"PAR1" or length + 8 > size:
            raise corrupt(name, f"{shown(table.name)} is no whole table")
        file.seek(size - 8 - length)
        footer = file.read(length)
    # Escaped letters and what is pickled have no place there; each class is one of Spark ML's own.
    foreign_types = [found for found in CLASSES.findall(footer) if not OWN_TYPES.fullmatch(found)]
    if b"\\u" in footer or b"serializedClass" in footer or foreign_types:
        raise corrupt(name, f"{shown(table.name)} has a column of a type that is none of Spark ML's")


def entries(name: str, folder: Path) -> Iterator[os.DirEntry[str]]:
    """All but what lies aside."""
    seen: set[str] = set()
    for entry in sorted(os.scandir(folder), key=lambda each: each.name):
        if entry.is_symlink() or not PLAIN.fullmatch(entry.name) or entry.name.lower() in seen:
            raise foreign(name, folder, entry.name)
        seen.add(entry.name.lower())
        if not (ASIDE.fullmatch(entry.name) and entry.is_file()):
            yield entry


def foreign(name: str, folder: Path, entry: str) -> Exception:
    return corrupt(name, f"{shown(folder.name)} holds {shown(entry)}, which is nothing that Spark ML writes there")
