"""Hostile files of the other formats: pickles under every name, skops, boosters, MOJO, CoreML, Spark, ONNX with tensors elsewhere.

    PYTHON-OF-THE-BOOSTERS-ENVIRONMENT hostile_others.py FOLDER
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickle
import shutil
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).parents[1] / "converters"))
import catboost
import lightgbm
import numpy as np
import onnx
import skops.io
import xgboost
from marker import Runs
from onnx import TensorProto, helper
from sklearn.linear_model import LinearRegression
from sklearn.svm import SVC

FIXTURES = Path(__file__).parents[1] / "converters" / "fixtures"
SECRET = "s3cret-words-of-another-file"
ENDINGS = "joblib pkl pickle sav skops txt model cbm json ubj mlmodel onnx bin pt pth ckpt h5 keras tflite pb meta zip".split()


def main(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "secret.txt").write_text(SECRET)
    pickles(folder)
    skops_files(folder)
    boosters(folder)
    mojos(folder)
    core_ml(folder)
    spark(folder)
    external(folder)


def pickles(folder: Path) -> None:
    for ending in ENDINGS:
        (folder / f"as-{ending}.{ending}").write_bytes(pickle.dumps(Runs(folder / f"ran-as-{ending}")))
    for protocol in range(6):
        (folder / f"protocol-{protocol}.pkl").write_bytes(pickle.dumps(Runs(folder / f"ran-protocol-{protocol}"), protocol))
    for name, pack in (("gzip", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress), ("zlib", zlib.compress), ("lzma", lambda data: lzma.compress(data, lzma.FORMAT_ALONE))):
        content = pickle.dumps(Runs(folder / f"ran-packed-{name}"))
        (folder / f"packed-{name}.joblib").write_bytes(pack(content))
        (folder / f"packed-twice-{name}.joblib").write_bytes(pack(pack(content)))
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("model.pkl", pickle.dumps(Runs(folder / "ran-zipped")))
    (folder / "zipped.joblib").write_bytes(whole.getvalue())
    estimator = LinearRegression().fit(np.eye(3), np.arange(3.0))
    (folder / "appended.joblib").write_bytes(pickle.dumps(estimator) + pickle.dumps(Runs(folder / "ran-appended")))
    estimator.note = Runs(folder / "ran-attribute")
    (folder / "attribute.joblib").write_bytes(pickle.dumps(estimator))


def skops_files(folder: Path) -> None:
    estimator = LinearRegression().fit(np.eye(3), np.arange(3.0))
    good = skops.io.dumps(estimator)
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    schema = json.loads(parts["schema.json"])

    def with_attribute(name: str, node: dict[str, Any], **members: bytes) -> None:
        changed = json.loads(json.dumps(schema))
        changed["content"]["content"]["positive"] = {"__id__": 4242, **node}
        wrote(name, {**parts, **members, "schema.json": json.dumps(changed).encode()})

    def wrote(name: str, contents: dict[str, bytes], *more: tuple[str, bytes]) -> None:
        with zipfile.ZipFile(folder / f"skops-{name}.skops", "w") as archive:
            for member, content in [*contents.items(), *more]:
                archive.writestr(member, content)

    def node(module: str, kind: str, loader: str, **more: Any) -> dict[str, Any]:
        return {"__class__": kind, "__module__": module, "__loader__": loader, **more}

    path = json.dumps(str(folder / "ran-skops"))
    text = node("builtins", "str", "JsonNode", content=path, is_json=True)
    arguments = node("builtins", "tuple", "TupleNode", content=[text])
    with_attribute("function", node("os", "system", "FunctionNode", content="system"))
    with_attribute("type", node("subprocess", "Popen", "TypeNode", content={}))
    with_attribute("reduce", node("builtins", "open", "ReduceNode", content=arguments))
    with_attribute("constructor", node("os", "mkdir", "ConstructorFromReduceNode", content=arguments))
    with_attribute("partial", node("functools", "partial", "PartialNode", content={"func": node("os", "mkdir", "FunctionNode"), "args": arguments}))
    with_attribute("method", node("builtins", "str", "MethodNode", content={"func": "format", "obj": text}))
    with_attribute("operator", node("operator", "methodcaller", "OperatorFuncNode", attrs=arguments))
    with_attribute("cached", node("builtins", "open", "CachedNode", content=4242))
    with_attribute("loader", node("numpy", "ndarray", "PickleNode", content="x.pkl"), **{"x.pkl": pickle.dumps(Runs(folder / "ran-skops-loader"))})
    with_attribute("array", node("numpy", "ndarray", "NdArrayNode", type="numpy", file="x.npy"), **{"x.npy": array(Runs(folder / "ran-skops-array"))})
    with_attribute("climbing", node("numpy", "ndarray", "NdArrayNode", type="numpy", file="../../secret.txt"))
    with_attribute("dotted", node("numpy.os", "system", "FunctionNode"))
    with_attribute("class-dotted", node("numpy", "os.system", "FunctionNode"))
    hostile = json.loads(json.dumps(schema))
    hostile["content"]["content"]["positive"] = {"__id__": 1, **node("os", "system", "FunctionNode")}
    wrote("second-schema", parts, ("schema.json", json.dumps(hostile).encode()))
    wrote("upper-schema", parts, ("SCHEMA.JSON", json.dumps(hostile).encode()))
    forged_machines(folder)
    wrote("huge", {name: larger(content) if content.startswith(b"\x93NUMPY") else content for name, content in parts.items()})
    wrote("defaults", {**parts, "schema.json": json.dumps({**schema, "protocol": 99}).encode()})


def forged_machines(folder: Path) -> None:
    """libsvm would go through more support vectors, coefficients or intercepts than there are."""
    rows, labels = np.random.default_rng(0).normal(size=(60, 3)), np.arange(60) % 3
    forged = {"_n_support": [9_000_000] * 3, "_intercept_": [0.0], "_dual_coef_": [[1.0]], "support_vectors_": [[1.0, 2.0]], "_probA": [0.0]}
    for name, values in forged.items():
        machine = SVC().fit(rows, labels)
        setattr(machine, name, np.array(values, dtype=getattr(machine, name).dtype))
        skops.io.dump(machine, folder / f"skops-machine-{name.strip('_').replace('_', '-')}.skops")


def larger(content: bytes) -> bytes:
    """An array whose head says that it has 2⁴⁰ numbers."""
    written = io.BytesIO()
    np.lib.format.write_array_header_1_0(written, {"descr": "<f8", "fortran_order": False, "shape": (2**40,)})
    return written.getvalue() + content[-24:]


def array(value: Any) -> bytes:
    held = np.empty((), dtype=object)
    held[()] = value
    written = io.BytesIO()
    np.save(written, held, allow_pickle=True)
    return written.getvalue()


def boosters(folder: Path) -> None:
    """Settings in a model's text that name files or machines; texts where names are expected."""
    rows, values = np.random.default_rng(0).normal(size=(200, 3)), np.arange(200.0)
    secret = str(folder / "secret.txt")
    text = lightgbm.train({"verbose": -1}, lightgbm.Dataset(rows, values), 3).model_to_string()
    settings = {
        "forced-splits": f"[forcedsplits_filename: {secret}]", "forced-bins": f"[forcedbins_filename: {secret}]", "parser": f"[parser_config_file: {secret}]",
        "machines": "[machines: 127.0.0.1:9]\n[num_machines: 2]", "machine-list": f"[machine_list_filename: {secret}]\n[num_machines: 2]",
        "output": f"[output_model: {folder / 'ran-lightgbm'}]\n[task: train]", "result": f"[output_result: {folder / 'ran-lightgbm'}]", "input": f"[input_model: {secret}]",
    }  # fmt: skip
    for name, setting in settings.items():
        (folder / f"lightgbm-{name}.txt").write_text(text.replace("parameters:\n", f"parameters:\n{setting}\n", 1))
    (folder / "lightgbm-names.txt").write_text(text.replace("feature_names=Column_0", "feature_names=$(touch${IFS}ran)", 1))
    (folder / "lightgbm-pandas.txt").write_text(text.replace("pandas_categorical:null", 'pandas_categorical:[["__import__(\'os\')"]]', 1))
    model = json.loads(bytes(xgboost.train({}, xgboost.DMatrix(rows, values), 3).save_raw("json")))
    changes: dict[str, Callable[[dict[str, Any]], Any]] = {
        "objective": lambda learner: learner["objective"].update(name=f"reg:{secret}"),
        "booster": lambda learner: learner["gradient_booster"].update(name="dart; import os"),
        "attributes": lambda learner: learner["attributes"].update(scikit_learn=json.dumps({"_estimator_type": "os.system"}), best_iteration="__import__('os')"),
        "names": lambda learner: learner.update(feature_names=["a'); DROP TABLE x --", "=cmd|' /C calc'!A0", "$(touch ran)"]),
        "types": lambda learner: learner.update(feature_types=["c", "os.system", "q"]),
    }  # fmt: skip
    for name, change in changes.items():
        changed = json.loads(json.dumps(model))
        change(changed["learner"])
        (folder / f"xgboost-{name}.json").write_text(json.dumps(changed))
    cat = catboost.CatBoostRegressor(iterations=3, verbose=0, allow_writing_files=False).fit(rows, values)
    cat.save_model(str(folder / "good-catboost.cbm"))
    content = (folder / "good-catboost.cbm").read_bytes()
    (folder / "catboost-train-dir.cbm").write_bytes(content.replace(b'"catboost_info"', b'"/tmp/ran-boost"', 1))
    (folder / "catboost-code.cbm").write_bytes(content.replace(b"RMSE", b"eval"))


def mojos(folder: Path) -> None:
    with zipfile.ZipFile(FIXTURES / "gbm_bin.zip") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    def wrote(name: str, contents: dict[str, bytes], *more: tuple[str, bytes]) -> None:
        with zipfile.ZipFile(folder / f"mojo-{name}.zip", "w") as archive:
            for member, content in [*contents.items(), *more]:
                archive.writestr(member, content)

    ini = parts["model.ini"].decode()
    wrote("climbing", parts, ("../ran-mojo", b"x"))
    wrote("absolute", parts, (str(folder / "ran-mojo"), b"x"))
    wrote("domain", {**parts, "model.ini": ini.replace("[domains]\n", f"[domains]\n0: 2 ../{folder / 'secret.txt'}\n").encode()})
    wrote("algorithm", {**parts, "model.ini": ini.replace("algo = gbm", "algo = word2vec").encode()})
    wrote("algorithm-class", {**parts, "model.ini": ini.replace("algo = gbm", "algo = hex.genmodel.algos.Other").encode()})
    wrote("second-ini", parts, ("model.ini", ini.replace("algo = gbm", "algo = pipeline").encode()))
    wrote("pipeline", {**parts, "model.ini": ini.replace("algo = gbm", "algo = pipeline\nsubmodel_count = 1\nsubmodel_key_0 = x\nsubmodel_dir_0 = ../../").encode()})
    wrote("encoding", {**parts, "feature_engineering/target_encoding/x": b"x", "model.ini": ini.replace("[info]\n", "[info]\ntarget_encoding = true\n").encode()})


def core_ml(folder: Path) -> None:
    """Models that are elsewhere, or code of an application."""

    def field(number: int, content: bytes | int) -> bytes:
        if isinstance(content, int):
            return varint(number << 3) + varint(content)
        return varint(number << 3 | 2) + varint(len(content)) + content

    def varint(value: int) -> bytes:
        return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varint(value >> 7)

    described = field(1, field(1, b"row")) + field(10, field(1, b"y"))
    place = field(1, field(1, str(folder / "secret.txt").encode())) + field(2, field(1, b".."))
    for name, number, content in (("linked", 556, field(1, place)), ("custom", 555, field(10, b"os.system")), ("serialized", 3000, field(1, b"x")), ("program", 502, field(1, 1))):
        (folder / f"coreml-{name}.mlmodel").write_bytes(field(1, 4) + field(2, described) + field(number, content))


def spark(folder: Path) -> None:
    stage = "1_VectorAssembler_20ba5078b227"

    def changed(name: str, change: Callable[[dict[str, Any]], Any], inside: str = f"stages/{stage}/metadata") -> None:
        shutil.copytree(FIXTURES / "spark-tree", folder / f"spark-{name}")
        (part,) = [path for path in (folder / f"spark-{name}" / inside).iterdir() if path.name.startswith("part-")]
        document = json.loads(part.read_text())
        change(document)
        part.write_text(json.dumps(document))

    statement = "SELECT java_method('java.lang.Runtime', 'exec', 'touch ran') AS x FROM __THIS__"
    changed("sql", lambda stage: stage.update({"class": "org.apache.spark.ml.feature.SQLTransformer", "paramMap": {"statement": statement}}))
    changed("class", lambda stage: stage.update({"class": "java.lang.Runtime"}))
    changed("python", lambda stage: stage.update({"class": "os.path", "pyClass": "subprocess.Popen"}))
    changed("uid", lambda model: model["paramMap"].update(stageUids=["../../x"]), "metadata")
    changed("uid-pattern", lambda model: model["paramMap"].update(stageUids=["{a,b}*"]), "metadata")
    shutil.copytree(FIXTURES / "spark-tree", folder / "spark-link")
    (part,) = [path for path in (folder / "spark-link" / "stages" / stage / "metadata").iterdir() if path.name.startswith("part-")]
    part.unlink()
    part.symlink_to(folder / "secret.txt")


def external(folder: Path) -> None:
    """ONNX whose numbers are in another file: for `normalize`, `inspect` and `verify`."""
    for name, location in (("absolute", str(folder / "secret.txt")), ("climbing", "../secret.txt"), ("beside", "secret.txt"), ("link", "link.bin"), ("device", "/dev/zero")):
        weights = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[7], data_location=TensorProto.EXTERNAL)
        for key, value in (("location", location), ("offset", "0"), ("length", "28")):
            weights.external_data.add(key=key, value=value)
        rows = [helper.make_tensor_value_info(each, TensorProto.FLOAT, ["N", 7]) for each in ("x", "y")]
        graph = helper.make_graph([helper.make_node("Add", ["x", "w"], ["y"])], "g", rows[:1], rows[1:], [weights])
        (folder / f"external-{name}.onnx").write_bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString())
        inner = helper.make_node("Constant", [], ["w"], value=weights)
        graph = helper.make_graph([inner, helper.make_node("Add", ["x", "w"], ["y"])], "g", rows[:1], rows[1:])
        (folder / f"external-constant-{name}.onnx").write_bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString())
    (folder / "link.bin").symlink_to(folder / "secret.txt")
    assert onnx.__version__


if __name__ == "__main__":
    main(Path(sys.argv[1]))
