import json
import sys

import numpy as np
import pytest
from predictable_facts.columns import Column
from predictable_facts.factory import factory_name, on_path
from predictable_facts.outputs import Output
from predictable_ray.parcel import pack_answer, pack_request, renamed, unpack_answer, unpack_request
from predictable_tabular.answer import Model, without_rows
from predictable_tabular.made_up import made_up

COLUMNS = [
    Column("x", 0, "number", "float", True, within=(-1, 1)),
    Column("n", 1, "number", "int64", False),
    Column("t", 2, "category", "int64", True, ["a", "b"], "zeros"),
    Column("u", 3, "category", "int64", False, ["a"], "error"),
]


def normal(_, random):
    return random.normal(0, 5, 200)


def test_made_up_rows():
    rows = made_up(COLUMNS, 200, normal)
    assert np.isnan(rows["x"]).any() and np.nanmin(rows["x"]) == -1 and np.nanmax(rows["x"]) == 1
    assert rows["n"].dtype == np.int64
    assert set(rows["t"]) == {"a", "b", "\u0001never seen", None} and set(rows["u"]) == {"a"}
    numbers = rows["x"][~np.isnan(rows["x"])]
    assert np.array_equal(numbers, numbers.astype(np.float32))


def test_made_up_rows_are_the_same_every_time():
    one, other = (made_up(COLUMNS, 200, normal) for _ in range(2))
    assert all(np.array_equal(one[name][one[name] == one[name]], other[name][other[name] == other[name]]) for name in one)


def model():
    return Model("A", [], lambda _: [], lambda *_: None, lambda _: {}, {}, ties_broken_by="it draws")


def test_rows_that_are_decided_by_a_draw_are_left_out():
    output, given = Output(["label"], "label", np.array([[0], [1], [1]])), model()
    rows, outputs = without_rows(given, {"x": np.arange(3)}, [output], np.array([False, True, False]))
    assert rows["x"].tolist() == [0, 2] and outputs[0].values.tolist() == [[0], [1]]
    assert given.warnings[0]["message"].startswith("1 of 3 rows are left out: two classes are equally likely there, between which it draws")


@pytest.mark.parametrize("tied", [[False, False], [True, True]])
def test_none_is_left_out_where_all_are(tied):
    given = model()
    rows, _ = without_rows(given, {"x": np.arange(2)}, [], np.array(tied))
    assert rows["x"].tolist() == [0, 1] and given.warnings == []


def test_a_factorys_module_is_imported_anew(tmp_path):
    folders = []
    for at in (1, 2):
        (tmp_path / str(at)).mkdir()
        (tmp_path / str(at) / "own_layers.py").write_text(f"NUMBER = {at}\n")
        folders.append(str(tmp_path / str(at)))
    for at, folder in enumerate(folders):
        with on_path([folder]):
            import own_layers

            assert at + 1 == own_layers.NUMBER
        assert "own_layers" not in sys.modules and folder not in sys.path
    assert factory_name({"module": "m", "function": "f", "folders": []}) == "m:f"


def test_a_request_and_its_answer_travel(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there, here / "work", here / "own" / "package"):
        folder.mkdir(parents=True)
    for name in ("model.bin", "model.json", "model", "modeller.bin", "sample.json", "sample.bin"):
        (here / name).write_text(name)
    (here / "own" / "layers.py").write_text("")
    factory = {"module": "layers", "function": "f", "folders": [str(here / "none"), str(here / "own")]}
    request = {"path": str(here / "model.bin"), "sample": str(here / "sample"), "factory": factory, "work": str(here / "work")}
    remote = unpack_request(request, pack_request(request), str(there))
    assert sorted(file.name for file in (there / "model").iterdir()) == ["model.bin", "model.json"]
    assert remote["path"] == str(there / "model" / "model.bin") and (there / "sample.bin").read_text() == "sample.bin"
    assert remote["factory"]["folders"] == [str(there / "factory")] and (there / "factory" / "layers.py").exists()
    (there / "work" / "raw.onnx").write_bytes(b"onnx")
    envelope = json.dumps({"value": {"onnx": str(there / "work" / "raw.onnx"), "message": f"{there}/model/model.bin at /far/x"}})
    answer = json.loads(unpack_answer(pack_answer(envelope, str(there), "/far"), request, "/near"))
    assert answer == {"value": {"onnx": str(here / "work" / "raw.onnx"), "message": f"{here}/model.bin at /near/x"}}
    assert (here / "work" / "raw.onnx").read_bytes() == b"onnx"


def test_paths_are_renamed_however_deep():
    assert renamed({"a": ["/x/1", 2, None], "b": {"c": "at /x"}}, [("/x", "/y")]) == {"a": ["/y/1", 2, None], "b": {"c": "at /y"}}
