"""One conversion on a node: files in, `predictable_bridge.host.call`, files out."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from typing import Any, Dict, Iterator

from predictable_bridge import host
from predictable_ray.parcel import pack_answer, unpack_request

# pip's settings, which may hold the secrets of an index, are for building the environment only.
FOR_PIP = "PIP_"


def convert(number: int, request: Dict[str, Any], parcel: bytes, memory: "int | None", clock: Any) -> bytes:
    """Returns the packed answer.

    `request`: its `converter` is relative to the folder that Ray put on the import path. `memory`: bytes more than an
    idle interpreter has. `clock`: is told that it begins, since a deadline does not count the time in a queue.
    """
    clock.begin.remote(number)
    for name in [name for name in os.environ if name.startswith(FOR_PIP)]:
        del os.environ[name]
    converters = folder_of(request["converter"])
    with tempfile.TemporaryDirectory(prefix="predictable-task-") as folder:
        here = unpack_request(request, parcel, folder)
        here["converter"] = os.path.join(converters, request["converter"])
        with limited(memory):
            envelope = host.call(json.dumps(here))
        return pack_answer(envelope, folder, converters)


def folder_of(relative: str) -> str:
    for entry in sys.path:
        if os.path.isfile(os.path.join(entry, relative)):
            return entry
    raise FileNotFoundError("%s is not among the modules of this job" % relative)


@contextlib.contextmanager
def limited(memory: "int | None") -> Iterator[None]:
    """Allocations beyond it fail, which ends this conversion and no other (Linux)."""
    if memory is None or not sys.platform.startswith("linux"):
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes() + memory, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def data_bytes() -> int:
    """What counts towards the limit already, the stacks of idle threads for instance."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmData"))


class Clock:
    """Knows which tasks have begun: an actor, since only a task itself sees that moment."""

    def __init__(self) -> None:
        self.begun: list[int] = []

    def begin(self, number: int) -> None:
        self.begun.append(number)

    def since(self) -> "list[int]":
        """Those that have begun since the last call."""
        begun, self.begun = self.begun, []
        return begun
