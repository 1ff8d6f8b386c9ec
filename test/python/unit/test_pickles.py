import bz2
import gzip
import io
import lzma
import pickle
import zlib
from collections import OrderedDict
from decimal import Decimal

import numpy as np
import pytest
from predictable_bridge.errors import ConverterError
from predictable_facts import pickles
from predictable_facts.pickles import Inert, InertUnpickler, PickleFacts, inspect_pickle
from predictable_facts.unpickle import Library, first_line, is_of_another_version, load_pickle, unreadable

NUMPY = Library("NumPy", "numpy", {"_old": "numpy"}, ("math",))


class Harmful:
    """Loaded for real, it would end the interpreter."""

    def __reduce__(self):
        return eval, ("__import__('os')._exit(9)",)


class Estimator:
    def __init__(self):
        self.__dict__ = {"_sklearn_version": "1.5.2", "inner": Decimal("1.5")}


def facts_of(tmp_path, content):
    path = tmp_path / "model.pkl"
    path.write_bytes(content)
    return inspect_pickle(str(path))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_classes_and_versions_by_every_protocol(tmp_path, protocol):
    facts = facts_of(tmp_path, pickle.dumps([Estimator(), OrderedDict(a=1), {1, 2}, b"x", 2**70, "ä"], protocol))
    assert facts.complete
    assert facts.versions == {"scikit-learn": "1.5.2"}
    assert f"{__name__}.Estimator" in facts.globals and "decimal.Decimal" in facts.globals
    assert len(facts.globals) == len(set(facts.globals))


@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_nothing_is_run(tmp_path, protocol):
    facts = facts_of(tmp_path, pickle.dumps([Harmful(), Estimator()], protocol))
    assert facts.complete
    assert any(name.endswith(".eval") for name in facts.globals)
    assert facts.versions == {"scikit-learn": "1.5.2"}


@pytest.mark.parametrize(
    "compress", [bytes, gzip.compress, bz2.compress, lzma.compress, lambda data: lzma.compress(data, lzma.FORMAT_ALONE), zlib.compress]
)
def test_beneath_compression(tmp_path, compress):
    assert facts_of(tmp_path, compress(pickle.dumps(Estimator()))).versions == {"scikit-learn": "1.5.2"}


@pytest.mark.parametrize("content", [b"", b"\x80", b"no pickle", b"\x1f\x8bno gzip", b"x\x9cno zlib", b"\x80\x05."])
def test_what_is_no_pickle(tmp_path, content):
    assert facts_of(tmp_path, content) == PickleFacts()


def test_a_pickle_that_was_cut_off_says_what_it_had(tmp_path):
    whole = pickle.dumps([Estimator(), "behind"])
    facts = facts_of(tmp_path, whole[:-4])
    assert not facts.complete and facts.versions == {"scikit-learn": "1.5.2"}


def test_every_damage_ends_in_an_answer(tmp_path):
    whole = pickle.dumps([Estimator(), OrderedDict(a=[1.5, None])], 4)
    random = np.random.default_rng(5)
    for _ in range(300):
        damaged = bytearray(whole)
        damaged[random.integers(len(whole))] = random.integers(256)
        facts_of(tmp_path, bytes(damaged))


def test_what_is_unpacked_has_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(pickles, "STEP_LIMIT", 1000)
    assert len(pickles.decompressed(gzip.compress(b"\0" * 5000))) == 1000
    assert len(pickles.decompressed(zlib.compress(b"\0" * 5000))) == 1000


@pytest.mark.parametrize(("alignment", "between"), [(None, b""), (16, b"\x03\xff\xff\xff")])
def test_bytes_of_an_array_that_joblib_writes_behind_its_description(alignment, between):
    content, facts = wrapper_stream(alignment)[:-1] + between + np.zeros(6).tobytes() + b".", PickleFacts()
    InertUnpickler(io.BytesIO(content), facts).load()
    assert facts.globals[0] == "joblib.numpy_pickle.NumpyArrayWrapper"


def wrapper_stream(alignment):
    """`NumpyArrayWrapper` with a state, as joblib pickles it, and the end of the stream."""
    head = b"\x80\x04cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81"
    state = pickle.dumps({"shape": (2, 3), "dtype": np.dtype("<f8"), "numpy_array_alignment_bytes": alignment}, 2)[2:-1]
    return head + state + b"b."


def test_a_stand_in_takes_everything():
    inert = Inert("a.B")
    inert(1, 2).append(3)
    inert.extend([1])
    inert.add(1)
    inert["x"] = 1
    assert inert(1, 2).arguments == (1, 2) and inert(1).name == "a.B" and {inert: 1}[inert] == 1


def request(path, saved=None, trusted=False):
    return {"path": str(path), "savedBy": saved, "trusted": trusted}


def test_a_pickle_is_not_loaded_unasked(tmp_path):
    with pytest.raises(ConverterError) as raised:
        load_pickle(request(tmp_path / "model.pkl"), NUMPY)
    assert raised.value.code == "UNTRUSTED_ARTIFACT"


def minor(more):
    major, second = np.__version__.split(".")[:2]
    return f"{major}.{int(second) + more}.99"


def test_patch_versions_read_each_others_files(tmp_path):
    assert not is_of_another_version(request(tmp_path, minor(0)), NUMPY)
    assert is_of_another_version(request(tmp_path, minor(1)), NUMPY)
    assert not is_of_another_version(request(tmp_path), NUMPY)


@pytest.mark.parametrize(
    ("content", "saved", "code", "next_step"),
    [
        (pickle.dumps(1), minor(1), "UNSUPPORTED_MODEL", "other-environment"),
        (pickle.dumps(1), minor(0), "UNSUPPORTED_MODEL", None),
        (b"\x80\x04", None, "CORRUPT_MODEL", None),
    ],
)
def test_a_whole_pickle_that_cannot_be_loaded_is_of_another_version(tmp_path, content, saved, code, next_step):
    (tmp_path / "model.pkl").write_bytes(content)
    error = unreadable(request(tmp_path / "model.pkl", saved), ValueError("bad\nmore"), NUMPY)
    assert (error.code, error.next) == (code, next_step)


def test_which_modules_are_a_librarys():
    assert [NUMPY.has(name) for name in ("numpy.linalg", "_old", "math", "pandas")] == [True, True, True, False]


def test_the_first_line_of_an_error():
    assert first_line(ValueError("one\ntwo")) == "ValueError: one"
    assert first_line(KeyError()) == "KeyError: "


def test_a_memo_longer_than_any_file(tmp_path):
    for number, complete in ((1000, True), (2**31, False)):
        path = tmp_path / str(number)
        path.write_bytes(b"\x80\x02K\x01r" + number.to_bytes(4, "little") + b".")
        assert inspect_pickle(str(path)).complete is complete
