import io
import struct
import zipfile

import pytest
from predictable_facts import reading, zips
from predictable_facts.zips import OTHER_NAME, RefusedZip, copy_member, extra_fields, folded, has_second_name, new_member, open_zip


def field(kind, content):
    return struct.pack("<HH", kind, len(content)) + content


@pytest.mark.parametrize(
    ("extra", "second"),
    [
        (b"", False),
        (field(1, b"12345678"), False),
        (field(OTHER_NAME, b"\1\0\0\0\0other"), True),
        (field(1, b"") + field(OTHER_NAME, b"\1"), True),
        (field(1, struct.pack("<H", OTHER_NAME)), False),
        (b"\x75", False),
        (struct.pack("<HH", OTHER_NAME, 500), True),
    ],
)
def test_a_second_name_in_the_extra_fields(extra, second):
    info = zipfile.ZipInfo("data.pkl")
    info.extra = extra
    assert has_second_name(info) is second


def test_extra_fields_one_by_one():
    assert list(extra_fields(field(1, b"ab") + field(2, b"") + b"\0\0\0")) == [(1, b"ab"), (2, b"")]


@pytest.mark.parametrize(
    ("one", "other"), [("Data.pkl", "data.PKL"), ("ﬁle", "file"), ("é", "e\u0301"), ("straße", "STRASSE"), ("\uff41", "a")]
)
def test_names_that_a_reader_may_take_for_one_another(one, other):
    assert folded(one) == folded(other)


def test_a_copy_has_what_was_checked_and_nothing_else():
    source = io.BytesIO()
    with zipfile.ZipFile(source, "w") as archive:
        info = zipfile.ZipInfo("a/x", (2020, 1, 1, 0, 0, 0))
        info.comment, info.external_attr, info.extra = b"comment", 0o120777 << 16, field(1, b"")
        archive.writestr(info, b"content")
        archive.comment = b"around"
    target = io.BytesIO()
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as copy:
        copy_member(archive, archive.infolist()[0], copy, "b/x")
        with new_member(copy, "y") as written:
            written.write(b"more")
    with zipfile.ZipFile(target) as copy:
        assert {info.filename: copy.read(info) for info in copy.infolist()} == {"b/x": b"content", "y": b"more"}
        assert copy.comment == b"" and copy.infolist()[0].comment == b"" and copy.infolist()[0].external_attr == 0o600 << 16


def test_of_two_members_of_one_name_the_one_that_was_looked_at_is_copied():
    source = io.BytesIO()
    with zipfile.ZipFile(source, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("x", b"first")
        archive.writestr("x", b"second")
    for at, content in enumerate((b"first", b"second")):
        target = io.BytesIO()
        with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as copy:
            copy_member(archive, archive.infolist()[at], copy, "x")
        with zipfile.ZipFile(target) as copy:
            assert copy.read("x") == content


def zip_of(*members, compress=zipfile.ZIP_STORED):
    """Members as (name or ZipInfo, bytes)."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compress) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return written


def linked(name):
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


def test_what_frameworks_write_is_opened():
    with open_zip(zip_of(("a/data.pkl", b"1"), ("a/data/0", b"\0" * 1000), compress=zipfile.ZIP_DEFLATED)) as archive:
        assert archive.namelist() == ["a/data.pkl", "a/data/0"]


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ([("../x", b"")], "leads out of the zip"),
        ([("a/../../x", b"")], "leads out of the zip"),
        ([("/etc/x", b"")], "leads out of the zip"),
        ([("c:/x", b"")], "leads out of the zip"),
        ([("a\\..\\x", b"")], "leads out of the zip"),
        ([(linked("a"), b"/etc/passwd")], "is a link"),
        ([("a", b"1"), ("A", b"2")], "twice"),
        ([("n" * 2000, b"")], "no name that a file could have"),
    ],
)
def test_members_that_no_framework_writes(members, why):
    with pytest.raises(RefusedZip, match=why):
        open_zip(zip_of(*members))


def test_more_members_than_any_model_has(monkeypatch):
    monkeypatch.setattr(zips, "MOST_MEMBERS", 2)
    with pytest.raises(RefusedZip, match="3 members"):
        open_zip(zip_of(("a", b""), ("b", b""), ("c", b"")))


def test_a_zip_unpacks_to_a_hundred_times_its_size_with_those_within_together(monkeypatch):
    monkeypatch.setattr(reading, "ALWAYS_ALLOWED", 10_000)
    inner = zip_of(("zeros", b"\0" * 9_000), compress=zipfile.ZIP_DEFLATED).getvalue()
    outer = zip_of(("one", inner), ("two", inner))
    allowance = reading.Allowance(1)
    with open_zip(outer, allowance) as archive:
        for name in archive.namelist()[:1]:
            open_zip(io.BytesIO(archive.read(name)), allowance).close()
    assert allowance.left < 10_000 - 9_000
    with pytest.raises(RefusedZip, match="unpack to more than"):
        open_zip(io.BytesIO(inner), allowance)


def test_an_encrypted_member():
    written = bytearray(zip_of(("a", b"1")).getvalue())
    written[written.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(RefusedZip, match="is encrypted"):
        open_zip(io.BytesIO(bytes(written)))
