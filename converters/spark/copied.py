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
        for each in (entry.name, f".{entry.name}.crc"):
            if (source / each).is_file():
                shutil.copyfile(source / each, target / each, follow_symlinks=False)


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
