"""Files as bytes and back: a request's files on their way to a node, and what the converter wrote on its way home."""

from __future__ import annotations

import io
import json
import os
import tarfile
from typing import Any, Dict, Iterable, List, Tuple

HEAD, MODEL, FACTORY, SAMPLE, WORK = "head.json", "model", "factory", "sample", "work"

# Both parts of a frame file: see predictable_facts.frames.
FRAME_ENDINGS = (".json", ".bin")

Pair = Tuple[str, str]


def pack_request(request: Dict[str, Any]) -> bytes:
    """The model with its companions, the sample and the user's own factory."""
    members: List[Pair] = []
    if "path" in request:
        members += [(file, f"{MODEL}/{os.path.basename(file)}") for file in model_files(request["path"])]
    if request.get("sample"):
        members += [(request["sample"] + ending, SAMPLE + ending) for ending in FRAME_ENDINGS]
    if request.get("factory"):
        members += factory_files(request["factory"])
    return pack(members)


def unpack_request(request: Dict[str, Any], parcel: bytes, folder: str) -> Dict[str, Any]:
    """The request with paths of this node."""
    os.mkdir(os.path.join(folder, WORK))
    unpack(parcel, folder)
    here = {**request, "work": os.path.join(folder, WORK)}
    if "path" in request:
        here["path"] = os.path.join(folder, MODEL, os.path.basename(request["path"]))
    if request.get("sample"):
        here["sample"] = os.path.join(folder, SAMPLE)
    if request.get("factory"):
        here["factory"] = {**request["factory"], "folders": [os.path.join(folder, FACTORY)]}
    return here


def pack_answer(envelope: str, folder: str, converters: str) -> bytes:
    """The envelope with what names here mean, then all that lies in the work folder."""
    work = os.path.join(folder, WORK)
    members = [(os.path.join(work, name), f"{WORK}/{name}") for name in sorted(os.listdir(work))]
    return pack(members, {"envelope": envelope, "folder": folder, "converters": converters})


def unpack_answer(answer: bytes, request: Dict[str, Any], converters: str) -> str:
    """Writes what the converter wrote into the request's work folder; returns the envelope with paths of this machine."""
    with tarfile.open(fileobj=io.BytesIO(answer)) as tar:
        file = tar.extractfile(HEAD)
        assert file is not None
        head = json.load(file)
        for member in tar:
            if member.name.startswith(WORK + "/"):
                member.name = member.name[len(WORK) + 1 :]
                tar.extract(member, request["work"], filter="data")
    there = [(head["converters"], converters)]
    if "work" in request:
        there += [(os.path.join(head["folder"], WORK), request["work"])]
    if "path" in request:
        there += [(os.path.join(head["folder"], MODEL), os.path.dirname(request["path"]))]
    return json.dumps(renamed(json.loads(head["envelope"]), there))


def model_files(path: str) -> List[str]:
    """The model itself and the files beside it of the same stem, which may belong to it."""
    folder, name = os.path.split(path)
    stem = os.path.splitext(name)[0] + "."
    return [os.path.join(folder, file) for file in sorted(os.listdir(folder)) if file == name or file.startswith(stem)]


def factory_files(factory: Dict[str, Any]) -> List[Pair]:
    """The first of the folders that has the module: its Python files, and the module's own package."""
    top = factory["module"].split(".")[0]
    for folder in factory["folders"]:
        if os.path.isfile(os.path.join(folder, f"{top}.py")) or os.path.isdir(os.path.join(folder, top)):
            names = [name for name in sorted(os.listdir(folder)) if name.endswith(".py") or name == top]
            return [(os.path.join(folder, name), f"{FACTORY}/{name}") for name in names]
    return []


def pack(members: Iterable[Pair], head: "Dict[str, str] | None" = None) -> bytes:
    """Not compressed: the network of a cluster is faster than a compressor, and weights hardly shrink."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        if head is not None:
            content = json.dumps(head).encode()
            member = tarfile.TarInfo(HEAD)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for file, name in members:
            tar.add(file, name)
    return buffer.getvalue()


def unpack(parcel: bytes, folder: str) -> None:
    with tarfile.open(fileobj=io.BytesIO(parcel)) as tar:
        tar.extractall(folder, filter="data")


def renamed(value: Any, there: List[Pair]) -> Any:
    """Every text in `value` with the paths of the node as they are called here."""
    if isinstance(value, str):
        for remote, local in there:
            value = value.replace(remote, local)
        return value
    if isinstance(value, list):
        return [renamed(each, there) for each in value]
    if isinstance(value, dict):
        return {key: renamed(each, there) for key, each in value.items()}
    return value
