import json
import marshal
import struct
import zipfile

import pytest
from predictable_bridge.errors import ConverterError
from predictable_keras.archive import WANTED, plain_copy
from predictable_keras.codes import allowed_codes
from predictable_keras.description import bare, check_shape, objects, parsed, shown
from predictable_keras.old_code import OldCode, read_old_code
from predictable_keras.old_source import source_of

DENSE = {"class_name": "Dense", "config": {"name": "dense", "units": 1}}
MODEL = {"class_name": "Sequential", "config": {"name": "net", "layers": [DENSE]}}


def test_a_description():
    check_shape("3.4.1", MODEL)
    check_shape("2.3.0-tf", {**MODEL, "config": [DENSE]})
    assert [layer for layer, _ in objects(MODEL)] == ["layer net", "layer dense"]


@pytest.mark.parametrize(
    ("version", "config", "why"),
    [
        (None, MODEL, "no version of Keras"),
        ("3\n.1", MODEL, "no version of Keras"),
        ("x" * 500, MODEL, "no version of Keras: x+…"),
        ("3.1", [], "says nothing of its layers"),
        ("3.1", {"config": "x"}, "says nothing of its layers"),
        ("3.1", {"class_name": 1, "config": {}}, "the class_name 1 of a layer is no name"),
        ("3.1", {"class_name": "Dense", "module": 5, "config": {}}, "the module 5 of a layer is no name"),
        ("3.1", {"class_name": "pkg>Functional", "config": {"layers": "x"}}, "are no list of layers"),
        ("3.1", {"config": {"deep": json.loads("[" * 300 + "]" * 300)}}, "nested too deep"),
    ],
)
def test_what_describes_no_model(version, config, why):
    with pytest.raises(ValueError, match=why):
        check_shape(version, config)


def test_objects_within_texts_are_found():
    inner = json.dumps(json.dumps({"class_name": "Lambda", "config": {"name": "hidden"}}))
    found = list(objects({"class_name": "Model", "config": {"name": "net", "x": [inner]}}))
    assert [layer for layer, _ in found] == ["layer net", "layer hidden"]


@pytest.mark.parametrize(("value", "expected"), [("1", "1"), ("[1]", [1]), (' {"a": 1}', {"a": 1}), ('"[2]"', [2]), ("[1", "[1"), (5, 5)])
def test_json_in_texts(value, expected):
    assert parsed(value) == expected


@pytest.mark.parametrize(("value", "expected"), [("a\nb\0", "a b "), ("x" * 200, "x" * 120 + "…"), (5, "5")])
def test_what_a_message_shows(value, expected):
    assert shown(value) == expected


@pytest.mark.parametrize(("value", "expected"), [("a.b.C", "C"), ("pkg>C", "C"), ("C", "C"), (None, "None")])
def test_names_without_their_package(value, expected):
    assert bare(value) == expected


def saved(tmp_path, *names, **changed):
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        for name in [*WANTED, *names]:
            info = zipfile.ZipInfo(name)
            for key, value in changed.items() if name in names else ():
                setattr(info, key, value)
            archive.writestr(info, name)
    return str(path)


def test_a_copy_of_what_keras_writes(tmp_path):
    """The weights come first, where HDF5 does not look for the beginning of a file."""
    copy = plain_copy(saved(tmp_path, "assets/layers/lookup/vocabulary.txt", "assets/"), str(tmp_path))
    with zipfile.ZipFile(copy) as archive:
        assert archive.namelist() == ["model.weights.h5", "metadata.json", "config.json", "assets/layers/lookup/vocabulary.txt"]


@pytest.mark.parametrize(
    ("name", "changed", "why"),
    [
        ("model.weights.npz", {}, "none that Keras writes"),
        ("assets/../x", {}, "leads out of the zip"),
        ("assets/.hidden", {}, "none that Keras writes"),
        ("Config.json", {}, "twice, or in two spellings"),
        ("assets/x", {"external_attr": 0o120777 << 16}, "is a link"),
        ("assets/x", {"extra": b"\x75\x70\6\0\1\0\0\0\0x"}, "has a second name"),
    ],
)
def test_other_members_are_refused(tmp_path, name, changed, why):
    with pytest.raises(ConverterError, match=why) as raised:
        plain_copy(saved(tmp_path, name, **changed), str(tmp_path))
    assert raised.value.code == "CORRUPT_MODEL"


def test_a_member_twice_or_none(tmp_path):
    with pytest.raises(ConverterError, match=r"'assets/A\.txt' twice"):
        plain_copy(saved(tmp_path, "assets/a.txt", "assets/A.txt"), str(tmp_path))
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
        archive.writestr("config.json", "{}")
    with pytest.raises(ConverterError, match=r"it holds no metadata\.json"):
        plain_copy(str(tmp_path / "model.keras"), str(tmp_path))


def old(code, consts=(), names=(), varnames=("x",), argcount=1, flags=67):
    return OldCode(argcount, flags, bytes(code), consts, names, varnames, (), "<lambda>")


def value_of(code, **names):
    scope = dict(names)
    exec(source_of(code, "function"), scope)
    return scope["function"]


@pytest.mark.parametrize(
    ("code", "consts", "names", "given", "expected"),
    [
        ([124, 0, 83, 0], (), (), 5, 5),
        ([124, 0, 100, 1, 20, 0, 83, 0], (None, 2), (), 5, 10),
        ([124, 0, 11, 0, 83, 0], (), (), 5, -5),
        ([100, 0, 124, 0, 124, 0, 23, 0, 24, 0, 83, 0], (1,), (), 5, -9),
        ([124, 0, 106, 0, 83, 0], (), ("real",), 5, 5),
        ([124, 0, 100, 0, 107, 4, 83, 0], (3,), (), 5, True),
    ],
)
def test_formulas_of_older_pythons(code, consts, names, given, expected):
    assert value_of(old(code, consts, names))(given) == expected


def test_a_longer_argument():
    consts = tuple(range(300))
    assert value_of(old([144, 1, 100, 5, 83, 0], consts))(0) == 261


@pytest.mark.parametrize("code", [[124, 0], [114, 0, 83, 0], [83, 0], [124, 9, 83, 0]])
def test_what_is_no_plain_formula(code):
    assert source_of(old(code), "function") is None


def test_arguments_without_number_and_functions_within():
    assert source_of(old([124, 0, 83, 0], flags=67 | 4), "function") is None
    assert source_of(old([124, 0, 83, 0], consts=(old([83, 0]),)), "function") is None


def marshalled(flag=0):
    """`lambda x: x * 2` as Python 3.7 marshalled it."""

    def text(value):
        return b"\xda" + bytes([len(value)]) + value.encode()

    def several(*values):
        return b")" + bytes([len(values)]) + b"".join(values)

    numbers = struct.pack("<5i", 1, 0, 1, 2, 67)
    code = b"s" + struct.pack("<i", 8) + bytes([124, 0, 100, 1, 20, 0, 83, 0])
    parts = [code, several(b"N", b"\xe9" + struct.pack("<i", 2)), several(), several(text("x")), several(), several()]
    return (
        bytes([ord("c") | flag])
        + numbers
        + b"".join(parts)
        + text("file")
        + text("<lambda>")
        + struct.pack("<i", 1)
        + b"s"
        + struct.pack("<i", 0)
    )


@pytest.mark.parametrize("flag", [0, 0x80])
def test_a_function_as_python_3_7_wrote_it(flag):
    found = read_old_code(marshalled(flag))
    assert (found.argcount, found.consts, found.varnames, found.name) == (1, (None, 2), ("x",), "<lambda>")
    assert value_of(found)(21) == 42


@pytest.mark.parametrize(
    "content", [b"", b"N", b"c", b"?", marshalled()[:-9], marshal.dumps(marshalled.__code__), marshal.dumps((1, 2.5, "a"))]
)
def test_what_is_no_function_of_an_older_python(content):
    assert read_old_code(content) is None


def test_numbers_of_any_length():
    from predictable_keras.old_code import Reader

    def long(size, *digits):
        return b"l" + struct.pack("<i", size) + struct.pack(f"<{len(digits)}H", *digits)

    assert Reader(long(3, 1, 2, 3)).value() == 1 + (2 << 15) + (3 << 30)
    assert Reader(long(-1, 7)).value() == -7
    assert Reader(b"(" + struct.pack("<i", 2) + b"\xe7" + struct.pack("<d", 0.5) + b"r" + struct.pack("<i", 0)).value() == (0.5, 0.5)


class Layer:
    def __init__(self, name, inputs=(), **options):
        self.name = name
        self._inbound_nodes = [type("Node", (), {"keras_inputs": [Tensor(each) for each in inputs]})()]
        self.__dict__.update(options)


class Tensor:
    def __init__(self, layer):
        self._keras_history = type("History", (), {"operation": layer})()


def of(kind, *arguments, **options):
    return type(kind, (Layer,), {})(*arguments, **options)


def test_codes_that_a_layer_looks_up():
    one, other, third = (of("InputLayer", name) for name in ("one", "other", "third"))
    moved = of("Reshape", "moved", [one])
    joined = of("Concatenate", "joined", [moved, other])
    scaled = of("Rescaling", "scaled", [third])
    layers = [
        of("Embedding", "a", [joined], input_dim=10),
        of("CategoryEncoding", "b", [one], num_tokens=4),
        of("Embedding", "c", [scaled], input_dim=3),
    ]
    assert allowed_codes(type("Model", (), {"layers": layers})) == {"one": (0.0, 3.0), "other": (0.0, 9.0)}
