"""Which members a file of torch may have: those that torch writes, by their exact names.

Torch's loaders look for some names without regard to case and for others by their beginnings, and go on to older formats where
they find none. What is on no list is therefore refused, not passed over.
"""

from __future__ import annotations

import re
import zipfile

from predictable_bridge.errors import ConverterError
from predictable_facts.zips import has_second_name

from archive import Archive

# Longer ones torch cuts off (its buffer has 512 bytes).
LONGEST = 400
NAME = r"(?!\.+(?:/|$))[\w.-]+"
PATH = rf"{NAME}(?:/{NAME})*"
SAVED = r"version|byteorder|data\.pkl|data/\d+(?:\.storage)?|\.data/(?:serialization_id|version)|\.format_version|\.storage_alignment"
LISTS = {
    "pytorch-state-dict": SAVED,
    # With what is kept for phones, and of a trace.
    "torchscript": rf"{SAVED}|code/{PATH}\.(?:py|py\.debug_pkl)|extra/{PATH}"
    r"|(?:constants|traced_inputs|bytecode)(?:\.pkl|/\d+(?:\.storage)?)"
    r"|mobile_debug_handles\.pkl|callstack_debug_map\.pkl|delegated_backends\.debug_pkl",
    "pytorch-pt2": r"archive_format|archive_version|version|byteorder|\.data/(?:serialization_id|version)|\.format_version|\.storage_alignment"
    rf"|models/{NAME}\.json|data/sample_inputs/{NAME}\.pt|extra/{PATH}"
    rf"|data/weights/(?:weight_\d+|{NAME}_weights_config\.json|{NAME}\.pt)"
    rf"|data/constants/(?:tensor_\d+|custom_obj_\d+|{NAME}_constants_config\.json|(?!custom_obj_|opaque_obj){NAME}\.pt)",
}
NATIVE = re.compile(r"(^|/)data/aotinductor/|\.(?:so|dll|dylib|cubin|pyd)$", re.IGNORECASE)


def check_members(archive: Archive, kind: str) -> None:
    """Raises UNTRUSTED_ARTIFACT for a member that torch does not write into a file of this kind."""
    for info in archive.zip.infolist():
        what = complaint(info, kind)
        if what:
            raise untrusted(archive.title, what)
    infos = archive.zip.infolist()
    folders = {info.filename.partition("/")[0] for info in infos}
    if len(folders) > 1:
        raise untrusted(archive.title, f"has members in {len(folders)} folders, where torch writes one")
    if archive.zip.comment or min((info.header_offset for info in infos), default=0) > 0:
        raise untrusted(archive.title, "has something before its zip or a comment behind it, which torch does not write")


def complaint(info: zipfile.ZipInfo, kind: str) -> str | None:
    root, _, name = info.filename.partition("/")
    if NATIVE.search(info.filename):
        return f"holds compiled code, {info.filename}"
    if name == "model.json":
        return f"is of a torch before 1.1, whose code may be anywhere ({info.filename})"
    if root in ("", ".", "..") or "\\" in root or len(info.filename) > LONGEST or re.fullmatch(LISTS[kind], name, re.ASCII) is None:
        return f"holds {info.filename[:80]!r}, which torch does not write into a file of this kind"
    if info.filename != info.orig_filename or has_second_name(info):
        return f"has two names for its member {info.filename[:80]!r}"
    return None


def untrusted(title: str, what: str) -> ConverterError:
    message = f"{title} {what}: loading it could run code, so nothing of it was loaded."
    hint = "If you know where the file comes from: --trust, or `predictable trust` to write its checksum to trust.lock."
    return ConverterError("UNTRUSTED_ARTIFACT", message, hint)
