"""Makes files that run code when they are loaded without care: each would write `ran-NAME` into its folder.

    PYTHON-OF-THE-PYTORCH-ENVIRONMENT pytorch_crafted.py FOLDER          makes them
    PYTHON-OF-THE-PYTORCH-ENVIRONMENT pytorch_crafted.py FOLDER NAME     opens one as torch's own examples do
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import pickle
import sys
import zipfile
from pathlib import Path
from typing import Any, Callable

import torch


class Payload:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.system, (f"touch '{self.path}'",)


class Small(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.last = torch.nn.Linear(4, 2)

    def forward(self, row: torch.Tensor) -> torch.Tensor:
        return self.last(row)


class Writes(torch.nn.Module):
    """TorchScript that writes a file when it predicts."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def forward(self, row: torch.Tensor) -> torch.Tensor:
        torch.save(row, self.path)
        return row


def make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)

    def payload(name: str) -> Payload:
        return Payload(folder / f"ran-{name}")

    program, script = folder / "good.pt2", folder / "good.pt"
    rows = {"row": {0: torch.export.Dim("rows")}}
    torch.export.save(torch.export.export(Small().eval(), (torch.zeros(2, 4),), dynamic_shapes=rows), program)
    torch.jit.trace(Small().eval(), torch.zeros(2, 4)).save(str(script))

    def changed(source: Path, name: str, member: str, change: Callable[[bytes], bytes], **added: bytes) -> None:
        with zipfile.ZipFile(source) as whole, zipfile.ZipFile(folder / f"{name}{source.suffix}", "w") as copy:
            top = whole.namelist()[0].partition("/")[0]
            for each in whole.namelist():
                content = whole.read(each)
                copy.writestr(each, change(content) if each == f"{top}/{member}" else content)
            for path, content in added.items():
                copy.writestr(f"{top}/{path}", content)

    sample = "data/sample_inputs/model.pt"
    changed(program, "sample-inputs", sample, lambda _: saved((payload("sample-inputs"),)))
    changed(program, "bare-pickle", sample, lambda _: pickle.dumps(payload("bare-pickle"), 0))
    changed(program, "second-pickle", sample, lambda _: saved((payload("second-pickle"),), _use_new_zipfile_serialization=False))
    changed(program, "old-weights", "", bytes, **{"data/weights/model.pt": saved({"last.weight": payload("old-weights")})})
    opaque = {"config": {"x": {"path_name": "opaque_obj_0", "is_param": False, "use_pickle": True, "tensor_meta": None}}}
    constants = {"data/constants/opaque_obj_0": pickle.dumps(payload("opaque"), 0)}
    changed(program, "opaque", "data/constants/model_constants_config.json", lambda _: json.dumps(opaque).encode(), **constants)
    size = f"__import__('os').system('touch {folder / 'ran-size'}') or Symbol('s1', positive=True, integer=True)"
    changed(program, "size", "models/model.json", lambda text: with_size(text, size))
    changed(program, "function", "models/model.json", lambda text: text.replace(b"torch.ops.aten.linear.default", b"torch.os.system"))
    changed(program, "compiled", "", bytes, **{"data/aotinductor/model/model.so": b"\x7fELF"})
    changed(script, "script-pickle", "data.pkl", lambda _: pickle.dumps(payload("script-pickle"), 2))
    torch.jit.script(Writes(str(folder / "ran-script-writes"))).save(str(folder / "script-writes.pt"))
    torch.save({"weights": torch.zeros(2), "epoch": payload("weights")}, folder / "weights.pt")
    torch.save(payload("old-file"), folder / "old-file.pt", _use_new_zipfile_serialization=False)


def saved(value: Any, **options: Any) -> bytes:
    written = io.BytesIO()
    torch.save(value, written, **options)
    return written.getvalue()


def with_size(text: bytes, size: str) -> bytes:
    document = json.loads(text)

    def walk(value: Any) -> None:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if key == "expr_str":
                value[key] = size
            elif isinstance(inner, (dict, list)):
                walk(inner)

    walk(document)
    return json.dumps(document).encode()


def open_plainly(path: Path) -> None:
    with contextlib.suppress(Exception):
        if path.suffix == ".pt2":
            torch.export.load(path)
        elif path.name.startswith("script-"):
            torch.jit.load(path)(torch.zeros(2, 4))
        else:
            torch.load(path, weights_only=False)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        open_plainly(Path(sys.argv[1]) / sys.argv[2])
    else:
        make(Path(sys.argv[1]))
