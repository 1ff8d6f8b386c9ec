import json
from pathlib import Path

import numpy as np
import pytest
from predictable_facts.frames import padding, plain_text, read_columns, storable, text_array, write_frame


def written(tmp_path, columns):
    base = str(tmp_path / "frame")
    write_frame(base, columns)
    return base


@pytest.mark.parametrize("dtype", ["<f4", "<f8", "<i4", "<i8", "bool"])
@pytest.mark.parametrize("rows", [0, 1, 3, 8])
def test_numbers_come_back_as_they_were(tmp_path, dtype, rows):
    values = (np.random.default_rng(rows).uniform(-100, 100, rows) > 0 if dtype == "bool" else np.arange(rows) - 1).astype(dtype)
    found = read_columns(written(tmp_path, {"a": values, "b": values[::-1]}))
    assert list(found) == ["a", "b"]
    assert found["a"].dtype == values.dtype and np.array_equal(found["a"], values)
    assert np.array_equal(found["b"], values[::-1])


def test_missing_numbers_and_infinities(tmp_path):
    values = np.array([np.nan, np.inf, -np.inf, -0.0])
    (found,) = read_columns(written(tmp_path, {"x": values})).values()
    assert found.tobytes() == values.tobytes()


def test_text_with_what_is_missing(tmp_path):
    found = read_columns(written(tmp_path, {"t": text_array(["ä", None, np.nan, "", "日"]), "n": np.arange(5)}))
    assert found["t"].tolist() == ["ä", None, None, "", "日"]
    assert found["n"].tolist() == [0, 1, 2, 3, 4]


def test_each_column_begins_at_eight_bytes(tmp_path):
    base = written(tmp_path, {"a": np.zeros(3, dtype=np.float32), "b": np.ones(1)})
    content = Path(f"{base}.bin").read_bytes()
    assert len(content) == 16 + 8
    assert np.frombuffer(content, "<f8", 1, 16)[0] == 1


def test_the_head_is_strict_json(tmp_path):
    base = written(tmp_path, {"x": np.array([np.nan]), "t": text_array([None])})
    head = json.loads(Path(f"{base}.json").read_text("utf-8"), parse_constant=pytest.fail)
    assert head == {"rows": 1, "columns": [{"name": "x", "type": "double"}, {"name": "t", "type": "string", "values": [None]}]}


@pytest.mark.parametrize(
    ("dtype", "kind"),
    [
        ("f2", "float"),
        ("i1", "int32"),
        ("u1", "int32"),
        ("u2", "int32"),
        ("u4", "int64"),
        ("i8", "int64"),
        ("u8", "int64"),
        (">f8", "double"),
    ],
)
def test_types_that_a_frame_has_not_take_the_next_that_holds_them(dtype, kind):
    name, values = storable(np.array([1, 2], dtype=dtype))
    assert name == kind and values.tolist() == [1, 2]


def test_other_types_are_refused():
    with pytest.raises(TypeError, match="cannot hold values of type complex128"):
        storable(np.array([1j]))


@pytest.mark.parametrize(("size", "more"), [(0, 0), (1, 7), (7, 1), (8, 0), (12, 4)])
def test_padding(size, more):
    assert padding(size) == more


@pytest.mark.parametrize(("value", "text"), [(None, None), (float("nan"), None), (np.float64("nan"), None), (1, "1"), (np.str_("a"), "a")])
def test_plain_text(value, text):
    assert plain_text(value) == text
