"""Files of PyTorch that each try another way past what is allowed: they would write `ran-NAME`, or read the secret.

    PYTHON-OF-THE-PYTORCH-ENVIRONMENT hostile_pytorch.py FOLDER
"""

from __future__ import annotations

import io
import json
import pickle
import sys
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).parents[1] / "converters"))
import pytorch_crafted
import torch
from pytorch_disguised import members, write

MODEL = "archive/models/model.json"
# In a program's JSON, where torch writes names into Python code; each a call that the name would carry.
NAMES: dict[str, Callable[[dict[str, Any], str], Any]] = {
    "placeholder": lambda document, code: renamed(document, "row", f"row={code}"),
    "value": lambda document, code: renamed(document, "linear", f"a={code};linear"),
    "parameter": lambda document, code: renamed(document, "p_last_weight", f"p_last_weight={code}"),
    "weight": lambda document, code: renamed(document, "last.weight", f'last")+{code}+("'),
    "forward": lambda document, code: signature(document).update(forward_arg_names=[f"row={code}"]),
    "forward-annotated": lambda document, code: signature(document).update(forward_arg_names=[f"row: {code}"]),
    "keyword": lambda document, code: signature(document).update(in_spec=structure([f"row={code}"]), forward_arg_names=None),
    "keyword-quoted": lambda document, code: signature(document).update(in_spec=structure([f"row':{code},'a"])),
    "structure": lambda document, code: signature(document).update(in_spec=json.dumps([1, {"type": "builtins.dict", "context": json.dumps([code]), "children_spec": []}])),
    "argument": lambda document, code: nodes(document)[0]["inputs"][0].update(name=f"input={code}"),
    "argument-kind": lambda document, code: nodes(document)[0]["inputs"][0].update(name=f"input={code}", kind=2),
    "node": lambda document, code: nodes(document)[0].update(name=f"linear={code}"),
    "layer": lambda document, code: document["graph_module"]["module_call_graph"][1].update(fqn=f'last")+{code}+("'),
    "size-name": lambda document, code: document["range_constraints"].update({code: {"min_val": 0, "max_val": None}}),
    "output": lambda document, code: document["graph_module"]["graph"]["outputs"][0]["as_tensor"].update(name=code),
    "tensor": lambda document, code: document["graph_module"]["graph"]["tensor_values"].update({code: next(iter(document["graph_module"]["graph"]["tensor_values"].values()))}),
    "device": lambda document, code: document["graph_module"]["graph"]["tensor_values"]["row"]["device"].update(type=code),
    "branch": lambda document, code: branch(document, f'true")+{code}+("'),
    "branch-input": lambda document, code: branch(document, "true_graph_0", f"x={code}"),
    "guard": lambda document, code: document.update(guards_code=[f"{code} is not None"]),
    "guard-attribute": lambda document, code: document.update(guards_code=["L['row'].__class__.__base__.__subclasses__()"]),
}  # fmt: skip
TARGETS = (
    "torch.ops.aten.save.default", "torch.ops.aten.from_file.default", "torch.ops.aten.from_file.out", "torch.ops.image.read_file.default",
    "torch.ops.image.write_file.default", "torch.ops.torchaudio.sox_io_load_audio_file.default", "torch.ops.load_library", "torch.ops.loaded_libraries.add",
    "torch.ops.c10d.send.default", "torch.ops._c10d_functional.broadcast.default", "torch.ops.rpc.rpc_sync.default", "torch.ops.prim.rpc_async.default",
    "torch.ops.prim.PythonOp.default", "torch.ops.aten._print.default", "torch.ops.profiler._record_function_enter_new.default", "torch.ops.inductor.resize_storage_bytes_.default",
    "torch.ops.higher_order.triton_kernel_wrapper_functional", "torch.ops.higher_order.with_effects", "torch.ops.higher_order.call_torchbind",
    "torch.ops.higher_order.out_dtype.__call__", "torch.ops.aten.add.Tensor.__class__", "torch.ops.aten.add.Tensor._schema", "torch.ops.aten.linear.default.py_kernels",
    "torch.load", "torch.hub.load", "torch.save", "torch.package.PackageImporter", "torch.utils.cpp_extension.load", "torch.classes.load_library", "torch.jit.load",
    "torch._C._jit_pass_inline", "torch.from_file", "torch.serialization.os.system", "torch.utils.model_zoo.load_url", "_operator.attrgetter", "_operator.call",
    "_operator.setitem", "math.__loader__.load_module", "torch.nn.Module.__subclasshook__", "#extension:op", "builtins.exec", "exec", "torch.ops.aten.Add.Tensor",
    "torch.OPS.aten.linear.default", "torch.ops.aten.linear.default ", " torch.ops.aten.linear.default", "torch.ops.aten.linear.default\n", "torch.ops.aten.lin\u0435ar.default",
    "torch.ops.aten._reshape_alias.default", "torch.ops.aten.max_pool2d_with_indices_backward.default", "torch.ops.aten.segment_reduce.default",
)  # fmt: skip
# Lines of TorchScript, beside those of pytorch_crafted.
LINES = {
    "hub": "torch.hub.load({path})",
    "concatenated": 'getattr(torch, "sa" "ve")(row, {path})',
    "triple": 'getattr(torch, """save""")(row, {path})',
    "raw": 'getattr(torch, r"save")(row, {path})',
    "unicode-prefix": 'getattr(torch, u"save")(row, {path})',
    "format": 'getattr(torch, f"save")(row, {path})',
    "joined": 'getattr(torch, "sa" + "ve")(row, {path})',
    "has": 'print(hasattr(torch, {path}))',
    "set": 'setattr(self, "x", torch.save(row, {path}))',
    "default": "y = [torch.save(row, {path})]",
    "comprehension": "y = [torch.save(row, p) for p in [{path}]]",
    "lambda": "y = (lambda p: torch.save(row, p))({path})",
    "chained": "ops.aten.save.default(row, {path})",
    "other-namespace": "ops.image.write_file({path}, row)",
    "load": "torch.load({path})",
    "mapped": "y = torch.from_file({path}, True, 16)",
    "method-of-text": "({path}).save(row)",
    "packed": "y = __torch__.torch.classes.dist_rpc.WorkerInfo",
    "packed-other": "y = __torch__.torch.classes._nnapi.Compilation()",
    "tensorrt": "y = __torch__.torch.classes.tensorrt.Engine({path})",
    "forked": "y = fork(torch.save, row, {path})",
    "awaited": "y = awaitable(torch.save, row, {path})",
    "caret": "y = ^print({path})",
    "python-call": "y = ops.prim.CallFunction({path})",
    "subscript": '{{"a": torch}}["a"].save(row, {path})',
    "tuple": "(torch, 1)[0].save(row, {path})",
    "conditional": "(torch if True else torch).save(row, {path})",
    "starred": "torch.save(*[row, {path}])",
    "named": "torch.save(row, f={path})",
    "assigned": "self.t = torch",
    "with": "with torch.save(row, {path}):\n      pass",
    "assert": "assert torch.save(row, {path}) is None",
    "deleted": "del torch",
    "global": "global torch",
    "import": "import os",
    "import-from": "from os import system",
    "import-as": "import __torch__ as t",
    "decorated": "@torch.save\n    def f(x):\n      pass",
    "walrus": "(s := torch.save)(row, {path})",
    "tab": "torch\t.save(row, {path})",
    "form-feed": "torch.\x0csave(row, {path})",
    "wide": "torch.\uff53ave(row, {path})",
    "semicolon": "y = 1; torch.save(row, {path})",
    "alias-beyond": "y = torch._reshape_alias(row, [100000], [1])",
    "gradient": "y = torch.max_pool2d_with_indices_backward(row, row, [2], [2], [0], [1], False, row)",
}


def main(folder: Path) -> None:
    pytorch_crafted.make(folder)
    (folder / "secret.txt").write_text("s3cret-words-of-another-file")
    good = members(folder / "good.pt2")
    for name, change in NAMES.items():
        document = json.loads(good[MODEL])
        changed = change(document, f"open({str(folder / f'ran-name-{name}')!r},'w')")
        program(folder, good, f"name-{name}", document if changed is None else changed)
    for at, target in enumerate(TARGETS):
        document = json.loads(good[MODEL])
        nodes(document)[0]["target"] = target
        program(folder, good, f"target-{at:02d}", document)
    archives(folder, good)
    scripts(folder)
    pickles(folder)
    for marker in folder.glob("ran-*"):
        marker.unlink()


def program(folder: Path, good: dict[str, bytes], name: str, document: Any) -> None:
    write(folder / f"{name}.pt2", [*{**good, MODEL: json.dumps(document).encode()}.items()])


def renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {renamed(key, old, new): renamed(inner, old, new) for key, inner in value.items()}
    return [renamed(inner, old, new) for inner in value] if isinstance(value, list) else new if value == old else value


def nodes(document: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document["graph_module"]["graph"]["nodes"]
    return found


def signature(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["graph_module"]["module_call_graph"][0]["signature"]
    return found


def structure(names: list[str]) -> str:
    leaf = {"type": None, "context": None, "children_spec": []}
    positional = {"type": "builtins.tuple", "context": "null", "children_spec": []}
    by_name = {"type": "builtins.dict", "context": json.dumps(names), "children_spec": [leaf for _ in names]}
    return json.dumps([1, {"type": "builtins.tuple", "context": "null", "children_spec": [positional, by_name]}])


def branch(document: dict[str, Any], name: str, given: str = "x") -> None:
    """A graph within the graph, as that of a condition."""
    graph = document["graph_module"]["graph"]
    inner = {**graph, "inputs": [{"as_tensor": {"name": given}}], "outputs": [{"as_tensor": {"name": given}}], "nodes": [], "tensor_values": {given: graph["tensor_values"]["row"]}}
    arguments = [("", {"as_bool": True}), ("", {"as_graph": {"name": name, "graph": inner}}), ("", {"as_graph": {"name": name, "graph": inner}}), ("", {"as_tensors": [{"name": "row"}]})]
    inputs = [{"name": key, "arg": value, "kind": 1} for key, value in arguments]
    graph["nodes"].insert(0, {**graph["nodes"][0], "target": "torch.ops.higher_order.cond", "inputs": inputs, "name": "taken", "outputs": [{"as_tensor": {"name": "taken"}}]})
    graph["tensor_values"]["taken"] = graph["tensor_values"]["row"]


def archives(folder: Path, good: dict[str, bytes]) -> None:
    payload = pickle.dumps(pytorch_crafted.Payload(folder / "ran-archive"), 2)
    entry = {"path_name": "weight_0", "is_param": True, "use_pickle": True, "tensor_meta": None}
    config = json.dumps({"config": {"last.weight": entry, "last.bias": {**entry, "path_name": "weight_1"}}}).encode()
    weights = "archive/data/weights/"
    zipped = pytorch_crafted.saved(pytorch_crafted.Payload(folder / "ran-archive-zip"))
    opaque = json.dumps({"config": {"x": {"path_name": "opaque_obj_0", "is_param": False, "use_pickle": True, "tensor_meta": None}}}).encode()
    constants = "archive/data/constants/"
    climbing = json.dumps({"config": {"x": {**entry, "path_name": "../../extra/x"}}}).encode()
    tries: dict[str, dict[str, bytes]] = {
        "weights-pickle": {f"{weights}model_weights_config.json": config, f"{weights}weight_0": payload},
        "weights-zip": {f"{weights}model_weights_config.json": config, f"{weights}weight_0": zipped},
        "weights-zip-within": {f"{weights}model_weights_config.json": config, f"{weights}weight_0": within(within(zipped))},
        "opaque": {f"{constants}model_constants_config.json": opaque, f"{constants}opaque_obj_0": payload},
        "climbing-path": {f"{weights}model_weights_config.json": climbing, "archive/extra/x": payload},
        "library": {"archive/data/aotinductor/model/model.so": b"\x7fELF"},
        "library-beside": {"archive/extra/model.SO": b"\x7fELF"},
        "second-model": {"archive/models/other.json": good[MODEL].replace(b"torch.ops.aten.linear.default", b"torch.os.system")},
        "no-json": {MODEL: b"\xff\xfe" + good[MODEL]},
        "utf-16": {MODEL: good[MODEL].decode().replace("torch.ops.aten.linear.default", "torch.os.system").encode("utf-16")},
        "twice": {MODEL: good[MODEL].replace(b'"target": "torch.ops.aten.linear.default"', b'"target": "torch.ops.aten.linear.default", "target": "torch.os.system"')},
    }
    for name, changes in tries.items():
        write(folder / f"archive-{name}.pt2", [*{**good, **changes}.items()])


def within(content: bytes) -> bytes:
    written = io.BytesIO()
    write(written, [("a/data.pkl", content)])
    return written.getvalue()


def scripts(folder: Path) -> None:
    source = folder / "good-script.pt"
    torch.jit.script(pytorch_crafted.Small().eval()).save(str(source))
    parts = members(source)
    code = next(name for name in parts if name.endswith(".py") and "Small" in parts[name].decode())
    first = next(line for line in parts[code].decode().splitlines() if line.startswith("    ") and "=" in line)
    for name, line in LINES.items():
        attack = line.format(path=json.dumps(str(folder / f"ran-script-line-{name}")))
        text = parts[code].decode().replace(first, f"    {attack}\n{first}", 1)
        plain = {key: content for key, content in parts.items() if not key.endswith(".debug_pkl")}
        write(folder / f"script-line-{name}.pt", [*{**plain, code: text.encode()}.items()])
    outside = {f"archive/{place}": b"import os\n" for place in ("code/../x.py", "code/__torch__/x.pyc", "x.py", "code/__torch__.py.bak")}
    for at, (place, content) in enumerate(outside.items()):
        write(folder / f"member-{at}.pt", [*parts.items(), (place, content)])
    for name in ("constants.pkl", "data.pkl"):
        write(folder / f"pickle-{name[:-4]}.pt", [*{**parts, f"archive/{name}": pickle.dumps(pytorch_crafted.Payload(folder / f"ran-{name}"), 2)}.items()])


def pickles(folder: Path) -> None:
    """Files of weights alone: the pickle names what only looks harmless."""
    for name, globals_ in (("builtins", "builtins\ngetattr"), ("numpy", "numpy\nload"), ("torch", "torch\nload"), ("hub", "torch.hub\nload"), ("jit", "torch.jit\nload"), ("storage", "torch.storage\n_load_from_bytes"), ("serialization", "torch.serialization\nload"), ("dunder", "torch._utils\n__builtins__.eval"), ("nested", "torch\nserialization.os.system"), ("operator", "operator\nmethodcaller"), ("importlib", "importlib\nimport_module"), ("types", "types\nFunctionType"), ("copyreg", "copyreg\n_reconstructor")):
        argument = str(folder / "secret.txt")
        stream = b"c" + globals_.encode() + b"\n(V" + argument.encode() + b"\ntR."
        for kind in ("zip", "old"):
            if kind == "zip":
                parts = {"data.pkl": b"\x80\x02" + stream, "version": b"3\n", "byteorder": b"little", ".data/serialization_id": b"1"}
                write(folder / f"weights-{name}.pt", [(f"archive/{part}", content) for part, content in parts.items()])
            else:
                magic = pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2) + pickle.dumps({"little_endian": True}, 2)
                (folder / f"weights-{name}-old.pth").write_bytes(magic + b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n0" + stream)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
