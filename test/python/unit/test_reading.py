import errno

import pytest
from predictable_bridge.errors import ConverterError
from predictable_facts.reading import Allowance, reading, reason_of


def corrupt(title, reason):
    return ConverterError("CORRUPT_MODEL", f"{title} is no model: {reason}.")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("it ends too early."), "it ends too early"),
        (KeyError("learner"), "'learner' is missing"),
        (RecursionError("maximum recursion depth exceeded"), "it is nested too deeply"),
        (TypeError(), "TypeError"),
        (RuntimeError("\n[15:00:48] /workspace/src/tree/tree_model.cc:1049: Check failed: a == b :\nStack trace"), "Check failed: a == b"),
        (OSError(errno.EINVAL, "Invalid argument"), "[Errno 22] Invalid argument"),
    ],
)
def test_what_a_parser_raises_is_the_files_fault(error, reason):
    with pytest.raises(ConverterError) as raised, reading("m.json", corrupt):
        raise error
    assert (raised.value.code, raised.value.message) == ("CORRUPT_MODEL", f"m.json is no model: {reason}.")
    assert raised.value.__cause__ is error


@pytest.mark.parametrize(
    "error",
    [ConverterError("UNSUPPORTED_MODEL", "a"), MemoryError(), OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()],
)
def test_what_says_more_itself_or_is_nothing_of_the_file(error):
    with pytest.raises(type(error)) as raised, reading("m.json", corrupt):
        raise error
    assert raised.value is error


def test_a_small_file_may_unpack_to_something_and_a_large_one_to_a_hundred_times_its_size():
    small, large = Allowance(10), Allowance(2**20)
    small.take(64 * 2**20)
    large.take(100 * 2**20)
    for each in (small, large):
        with pytest.raises(ValueError, match="unpack to more than"):
            each.take(1)


def test_reasons_are_one_line():
    assert reason_of(ValueError("one\ntwo")) == "one"
