"""Files whose zip says one thing to Python and another to torch, made of a good program and a good TorchScript file.

Each would write `ran-NAME` into its folder, but for those that only keep a processor busy.
"""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import torch

MODEL = "models/model.json"
SYMBOL = b"positive=True, integer=True)"


class Named(torch.nn.Module):
    """Its number is named like an operator that it does not call."""

    def __init__(self) -> None:
        super().__init__()
        self.save = 3

    def forward(self, row: torch.Tensor) -> torch.Tensor:
        return row + float(self.save)


def disguise(folder: Path) -> None:
    program, script = members(folder / "good.pt2"), members(folder / "good.pt")
    programs(folder, program)
    scripts(folder, script)
    saved = io.BytesIO()
    torch.save({"weights": torch.zeros(2)}, saved)
    # Torch's own reader begins at the beginning, where there is no zip; Python's at the end.
    (folder / "prefixed.pt").write_bytes(pickle.dumps(Run(folder / "ran-prefixed"), 2) + saved.getvalue())


def programs(folder: Path, good: dict[str, bytes]) -> None:
    def sized(name: str) -> bytes:
        return hostile(good[f"archive/{MODEL}"], f"__import__('os').system('touch {folder / f'ran-{name}'}') or ")

    def wrote(name: str, changed: dict[str, bytes], **more: Any) -> None:
        write(folder / f"{name}.pt2", [*{**good, **changed}.items()], **more)

    others = {"case": "archive/Models/model.JSON", "case-folder": "archive/MODELS/model.json", "case-root": "ARCHIVE/models/model.json"}
    for name, other in others.items():
        # Blanks in front, so that its beginning is not taken for JSON.
        hidden = {other: b" " * 5000 + sized(f"program-{name}")}
        write(folder / f"program-{name}.pt2", [*hidden.items(), *good.items()])
        write(folder / f"program-{name}-last.pt2", [*good.items(), *hidden.items()])
    only = {name: content for name, content in good.items() if name != f"archive/{MODEL}"}
    write(folder / "program-only-case.pt2", [*only.items(), ("archive/models/Model.JSON", b" " * 5000 + sized("program-only-case"))])
    write(folder / "program-legacy.pt2", legacy(folder))
    wrote("program-second-root", {"other/models/model.json": sized("program-second-root")})
    paths = {"climbs": "archive/models/../x.json", "absolute": "/models/model.json", "backslash": "archive/models\\model.json", "empty": "archive//x"}
    for name, path in paths.items():
        wrote(f"program-{name}", {path: b"{}"})
    wrote("program-long", {f"archive/extra/{'x' * 600}": b""})
    wrote("program-comment", {}, comment=b"a note")
    note = "archive/extra/note.txt"
    wrote("program-renamed", {note: b"{}"}, fields={note: renaming(f"archive/{MODEL}", note)})
    wrote("program-bomb", {f"archive/{MODEL}": hostile(good[f"archive/{MODEL}"], "9**9**9**9 or ")})
    wrote("program-bomb-nested", {f"archive/{MODEL}": hostile(good[f"archive/{MODEL}"], "Pow(Pow(Pow(9,64),64),64) or ")})
    wrote("program-bomb-exact", {f"archive/{MODEL}": hostile(good[f"archive/{MODEL}"], "Float('0.1', precision=9999999999) or ")})
    for depth in (600, 900, 960, 975):
        enumeration = json.dumps({"__enum__": True, "fqn": "harmful_module:Kind", "name": "A"})
        wrote(f"program-deep-{depth}", {f"archive/{MODEL}": with_context(good[f"archive/{MODEL}"], "[" * depth + enumeration + "]" * depth)})
    wrote("program-deep-texts", {f"archive/{MODEL}": with_context(good[f"archive/{MODEL}"], "[" * 5000 + "]" * 5000)})
    twins = io.BytesIO()
    write(twins, [("a/data.pkl", b"\x80\x02}."), ("a/DATA.pkl", b"\x80\x02}."), ("a/version", b"3\n")])
    wrote("program-object-twins", {"archive/data/constants/custom_obj_0": twins.getvalue()})
    wrote("program-object-other", {"archive/data/constants/Custom_obj_0": b""})


def scripts(folder: Path, good: dict[str, bytes]) -> None:
    named = folder / "good-named.pt"
    torch.jit.script(Named().eval()).save(str(named))
    plain = {name: content for name, content in members(named).items() if not name.endswith(".debug_pkl")}
    code = next(name for name in plain if name.endswith(".py"))
    rest = {name: content for name, content in plain.items() if name != code}
    own = b"    save = self.save\n"

    def harmful(name: str, line: str) -> bytes:
        attack = line.format(path=json.dumps(str(folder / f"ran-script-{name}")))
        return plain[code].replace(own, own + f"    {attack}\n".encode())

    for name, path in {"case": code.replace(".py", ".PY"), "case-folder": code.replace("code/", "CODE/")}.items():
        write(folder / f"script-{name}.pt", [*rest.items(), (path, harmful(name, "torch.save(row, {path})"))])
        write(folder / f"script-{name}-twin.pt", [(path, harmful(f"{name}-twin", "torch.save(row, {path})")), *plain.items()])
    # A name that the class has is its own only of the class.
    lines = {"own-name": "row.save({path})", "own-name-alias": "f = row.save\n    f({path})", "own-name-other": "self = row\n    self.save({path})"}
    for name, line in lines.items():
        write(folder / f"script-{name}.pt", [*rest.items(), (code, harmful(name, line))])
    for name, root, model in (("old", "models", "model.json"), ("old-case", "archive", "Model.json")):
        path = json.dumps(str(folder / f"ran-script-{name}"))
        old = f"op_version_set = 1\ndef forward(self,\n    x: Tensor) -> Tensor:\n  torch.save(x, {path})\n  return torch.mul(x, 2)\n"
        arena = {"torchscriptArena": {"key": "code/x.bin"}, "name": "M", "optimize": True}
        described = {"protoVersion": "2", "mainModule": arena, "producerName": "pytorch", "producerVersion": "1.0", "tensors": []}
        parts = {"version": b"1", model: json.dumps(described).encode(), "code/x.bin": old.encode()}
        parts.update({"attributes.pkl": b"\x80\x02].", "constants.pkl": b"\x80\x02)."})
        write(folder / f"script-{name}.pt", [(f"{root}/{part}", content) for part, content in parts.items()])
    write(folder / "script-second-root.pt", [*good.items(), ("other/code/__torch__.py", harmful("second-root", "torch.save(row, {path})"))])
    write(folder / "script-elsewhere.pt", [*good.items(), ("archive/extra/more.py", harmful("elsewhere", "torch.save(row, {path})"))])


def legacy(folder: Path) -> list[tuple[str, bytes]]:
    """As torch before 2.8 wrote programs, at the root; Python finds a newer one beside it."""
    from torch._export.serde.schema import SCHEMA_VERSION
    from torch._export.serde.serialize import serialize

    rows = {0: torch.export.Dim("rows")}
    artifact = serialize(torch.export.export(torch.nn.Linear(4, 2), (torch.zeros(2, 4),), dynamic_shapes=(rows,)))
    program = hostile(artifact.exported_program, f"__import__('os').system('touch {folder / 'ran-program-legacy'}') or ")
    return [
        ("version", ".".join(map(str, SCHEMA_VERSION)).encode()),
        ("serialized_exported_program.json", program),
        ("serialized_state_dict.pt", artifact.state_dict),
        ("serialized_constants.pt", artifact.constants),
        ("serialized_example_inputs.pt", artifact.example_inputs),
        ("other/serialized_exported_program.json", artifact.exported_program),
        ("other/archive_format", b"pt2"),
    ]


class Run:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return open, (str(self.path), "w")


def hostile(program: bytes, before: str) -> bytes:
    at = program.index(SYMBOL)
    start = program.rindex(b"Symbol(", 0, at)
    return program[:start] + before.encode() + program[start:]


def with_context(program: bytes, context: str) -> bytes:
    document = json.loads(program)
    structure = {"type": "builtins.dict", "context": context, "children_spec": []}
    document["graph_module"]["module_call_graph"][0]["signature"]["in_spec"] = json.dumps([1, structure])
    return json.dumps(document).encode()


def renaming(path: str, before: str) -> bytes:
    body = b"\x01" + struct.pack("<I", zlib.crc32(before.encode())) + path.encode()
    return struct.pack("<HH", 0x7075, len(body)) + body


def members(source: Any) -> dict[str, bytes]:
    with zipfile.ZipFile(source) as whole:
        return {f"archive/{name.partition('/')[2]}": whole.read(name) for name in whole.namelist()}


def write(target: Any, parts: list[tuple[str, bytes]], comment: bytes = b"", fields: dict[str, bytes] | None = None) -> None:
    with zipfile.ZipFile(target, "w") as whole:
        for name, content in parts:
            info = zipfile.ZipInfo(name)
            info.extra = (fields or {}).get(name, b"")
            whole.writestr(info, content)
        whole.comment = comment
