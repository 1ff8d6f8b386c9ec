import os
import signal

import pytest
from predictable_facts import trying


def raises():
    raise RuntimeError("said when it is done in earnest")


@pytest.mark.parametrize("step", [lambda: None, raises])
def test_what_ends_by_itself_survives(step):
    trying.must_survive(step)


def test_what_ends_the_process_does_not():
    with pytest.raises(ValueError, match="the library that reads it ends with SIGKILL"):
        trying.must_survive(lambda: os.kill(os.getpid(), signal.SIGKILL))


def test_what_never_ends_is_ended(monkeypatch):
    monkeypatch.setattr(trying, "PATIENCE", 1)
    with pytest.raises(ValueError, match="ends with SIGALRM"):
        trying.must_survive(signal.pause)
