"""Nothing in a file runs before this has looked at all of it: pickles, TorchScript's code, programs of torch.export.

A loader of torch unpickles without limits where a restricted unpickler fails, so the pickles are walked here first, with
inert stand-ins for whatever they name, wherever in the zip and under whatever name they lie.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO

from predictable_bridge.errors import ConverterError
from predictable_facts.pickles import InertUnpickler, PickleFacts
from predictable_facts.reading import Allowance
from predictable_facts.zips import RefusedZip, open_zip

import script_code
from archive import INTACT_HINT, OBJECT, Archive
from members import check_members, untrusted

# What C++ rebuilds for TorchScript; its classes' code is read as TorchScript, never as Python.
SCRIPT_GLOBALS = re.compile(
    r"__torch__\.(?!torch\.classes\.).+|__torch__\.torch\.classes\.(?:quantized|rnn)\..+"
    r"|torch\.jit\._pickle\.(?:build_(?:int|bool|double|tensor)list|build_tensor_from_id|restore_type_tag)"
)
# Bytes that are no pickle may begin like one; what cannot be a name in Python cannot be imported either.
NAME = re.compile(r"[\w.]+")
# A file of torch.save before 1.6 is five pickles, then the numbers.
MOST_PICKLES = 64
# A zip in a zip in a zip: no writer of models goes deeper.
DEEPEST = 3


def check_archive(archive: Archive, weights: bool = False) -> list[str]:
    """Raises UNTRUSTED_ARTIFACT for a member that could run code, CORRUPT_MODEL for a .pkl that is no pickle.

    Of a file of `weights`, which names are no tensors' is the answer: with trust it may hold a whole network.
    """
    named: list[str] = []
    for path, member in files(archive.zip, archive.allowance):
        facts = walk(member)
        found = foreign(facts)
        if found and weights:
            named += found
        elif found:
            raise untrusted(archive.title, f"names {listed(found)} in its member {path}, which torch itself does not need")
        if path.endswith(".pkl") and not facts.complete:
            raise ConverterError("CORRUPT_MODEL", f"{archive.title}: {path} is no whole pickle.", INTACT_HINT)
        if path.endswith(".py"):
            member.seek(0)
            complaint = script_code.complaint(member.read())
            if complaint:
                raise untrusted(archive.title, f"{complaint} in {path}, which is not known to only compute")
    return named


def check_objects(archive: Archive) -> None:
    """Those of C++ in a program: torch's own reader opens them, and what they may hold is what torch.save writes."""
    for name in filter(OBJECT.fullmatch, archive.names):
        with archive.inner(name) as inner:
            check_members(inner, "pytorch-state-dict")


def check_pickles(path: str) -> list[str]:
    """What a bare file of torch.save names beyond what torch itself needs."""
    with open(path, "rb") as file:
        return foreign(walk(file))


def files(whole: zipfile.ZipFile, allowance: Allowance, before: str = "", depth: int = 1) -> Iterator[tuple[str, IO[bytes]]]:
    """Every member, and those of the zips among them."""
    for name in whole.namelist():
        with whole.open(name) as member:
            yield before + name, member
            if depth == DEEPEST or not zipfile.is_zipfile(member):
                continue
            member.seek(0)
            try:
                with open_zip(io.BytesIO(member.read()), allowance) as within:
                    yield from files(within, allowance, f"{before}{name}/", depth + 1)
            except RefusedZip as error:
                raise RefusedZip(f"in its member {before}{name}, {error}") from error
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError):
                continue  # numbers that look like a zip: nobody opens it


def walk(file: IO[bytes]) -> PickleFacts:
    """All pickles that lie one behind the other; `complete` says whether there is one at all."""
    facts = PickleFacts()
    file.seek(0)
    try:
        for _ in range(MOST_PICKLES):
            InertUnpickler(file, facts).load()
            facts.complete = True
    except Exception:  # noqa: BLE001 - what is no pickle fails in any way; what was named until then is what counts
        return facts
    return facts


def foreign(facts: PickleFacts) -> list[str]:
    from torch._weights_only_unpickler import _get_allowed_globals

    known = _get_allowed_globals()
    names = [name.replace("__builtin__.", "builtins.", 1) for name in facts.globals]
    return [name for name in names if NAME.fullmatch(name) and name not in known and not SCRIPT_GLOBALS.fullmatch(name)]


def listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
