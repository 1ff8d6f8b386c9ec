import io
import json
import zipfile

import pytest
from predictable_bridge.errors import ConverterError
from running import of_converter

archive, members, programs, sizes = of_converter("pytorch", "archive", "members", "programs", "sizes")

KIND = "torchscript"


@pytest.mark.parametrize(
    "text",
    [
        "s0",
        "2*s0 + 1",
        "Mod(s0, 8)",
        "s0**2",
        "Max(1, s0 // 2)",
        "Eq(s0, 3)",
        "(s0 + 1)/2",
        "Integer(7)",
        "Float('1.5', 15)",
        "True",
        "L['a']['of the day'].size()[0] == 3",
    ],
)
def test_sizes_are_arithmetic(text):
    assert sizes.is_arithmetic(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "s0 +",
        "__import__('os').system('x')",
        "eval('1')",
        "s0.__class__",
        "[s0 for s0 in (1,)]",
        "lambda: 1",
        "(lambda: 1)()",
        "9**9**9",
        "2**s0",
        "Pow(10, 10**6)",
        "1 << 10**9",
        "'a' * 10",
        "[1] * 10**6",
        str(2**65),
        "Float('1', 10**9)",
        "Symbol('a b')",
        "x__y",
        "open('f')",
        "s0 := 1",
        "L['a\"b'].size()[0] == 3",
        "Symbol(L['a b'])['a(b)']",
    ],
)
def test_nothing_else_passes_for_a_size(text):
    assert not sizes.is_arithmetic(text)


def structure(*names, kind="builtins.dict"):
    positional = {"type": "builtins.tuple", "context": "null", "children_spec": []}
    by_name = {"type": kind, "context": json.dumps(names), "children_spec": []}
    return json.dumps([1, {"type": "builtins.tuple", "context": "null", "children_spec": [positional, by_name]}])


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("name", "p_last_weight"),
        ("name", ""),
        ("forward_arg_names", "größe"),
        ("parameter_name", "layers.0.conv-1.weight"),
        ("torch_version", "2.13.0+cpu"),
        ("as_string", "ij,j->i"),
        ("in_spec", structure("row", "more")),
        ("in_spec", structure()),
    ],
)
def test_what_may_stand_where_torch_writes_python_code(key, text):
    assert programs.is_name(key, text)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("name", "row=open('x')"),
        ("name", "last.weight"),
        ("forward_arg_names", "row: int"),
        ("parameter_name", 'last")+open("x")+("'),
        ("type", "cpu\n"),
        ("in_spec", structure("a'")),
        ("in_spec", structure("row", kind="collections.OrderedDict")),
        ("in_spec", json.dumps([1, {"type": "builtins.tuple", "children_spec": []}])),
        ("in_spec", "[]"),
    ],
)
def test_what_may_not(key, text):
    assert not programs.is_name(key, text)


def zipped(*names, comment=b"", before=b"", **changed):
    stream = io.BytesIO()
    stream.write(before)
    with zipfile.ZipFile(stream, "a" if before else "w") as file:
        for name in names:
            info = zipfile.ZipInfo(name)
            info.extra = changed.get("extra", b"")
            file.writestr(info, b"content")
        file.comment = comment
    return archive.Archive(stream, "model.pt")


GOOD = ("net/data.pkl", "net/code/__torch__/net.py", "net/data/0", "net/version", "net/constants.pkl", "net/extra/note.txt")


def test_members_that_torch_writes():
    with zipped(*GOOD) as found:
        members.check_members(found, KIND)
        assert found.names[:2] == ["data.pkl", "code/__torch__/net.py"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("net/odd.bin", "torch does not write"),
        ("net/DATA.PKL2", "torch does not write"),
        ("net/model.json", "before 1.1"),
        ("net/extra/lib.so", "compiled code"),
        ("net/data/aotinductor/x", "compiled code"),
        ("other/version", "members in 2 folders"),
        ("net/extra/" + "x" * 400, "torch does not write"),
    ],
)
def test_members_that_torch_does_not_write(name, why):
    with zipped("net/data.pkl", name) as found, pytest.raises(ConverterError) as raised:
        members.check_members(found, KIND)
    assert raised.value.code == "UNTRUSTED_ARTIFACT" and why in raised.value.message


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"comment": b"x"}, "a comment behind it"),
        ({"before": b"MZ"}, "something before"),
        ({"extra": b"\x75\x70\6\0\1\0\0\0\0x"}, "two names"),
    ],
)
def test_around_the_members_there_is_nothing(changed, why):
    with zipped("net/data.pkl", **changed) as found, pytest.raises(ConverterError, match=why):
        members.check_members(found, KIND)


def test_a_weights_file_has_no_code():
    with zipped("net/data.pkl", "net/code/a.py") as found, pytest.raises(ConverterError):
        members.check_members(found, "pytorch-state-dict")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("net/DATA.pkl", "it holds 'net/DATA.pkl' twice, or in two spellings"),
        ("net/code/../x.py", "leads out of the zip"),
        ("/data.pkl", "leads out of the zip"),
        ("../version", "leads out of the zip"),
    ],
)
def test_members_that_no_zip_of_a_model_has(name, why):
    with pytest.raises(ConverterError, match=why) as raised:
        zipped("net/data.pkl", name)
    assert raised.value.code == "CORRUPT_MODEL"


def test_what_is_no_zip():
    with pytest.raises(ConverterError, match="model.pt is no whole zip file"):
        archive.Archive(io.BytesIO(b"PK"), "model.pt")


def test_a_copy_has_the_checked_members_in_a_folder_of_our_own():
    target = io.BytesIO()
    with zipped(*GOOD) as found:
        found.rewritten(target)
    with zipfile.ZipFile(target) as copy:
        assert copy.namelist() == [name.replace("net/", "archive/", 1) for name in GOOD]
        assert copy.read("archive/version") == b"content"
