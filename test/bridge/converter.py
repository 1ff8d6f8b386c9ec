"""A converter for the bridge's tests: does what the request's `does` says."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import subprocess
import sys
import time
from typing import Any

from predictable_bridge.errors import ConverterError

started = 0


def warm() -> None:
    global started
    started += 1


def convert(request: dict[str, Any]) -> Any:
    return globals()["do_" + request["does"]](request)


def do_echo(request: dict[str, Any]) -> Any:
    return request["text"]


def do_pid(request: dict[str, Any]) -> Any:
    return {"pid": os.getpid(), "started": started}


def do_environment(request: dict[str, Any]) -> Any:
    return dict(os.environ)


def do_paths(request: dict[str, Any]) -> Any:
    import neighbour

    return {"path": sys.path, "bridge": "proxy" in sys.modules, "neighbour": neighbour.__file__}


def do_flood(request: dict[str, Any]) -> Any:
    print("flood of stdout\n" * request["lines"])
    os.write(1, b"raw stdout\n")
    os.write(2, b"raw stderr\n")
    subprocess.run(["sh", "-c", "echo from a child; echo from a child >&2"], check=True)
    return sys.stdin.read()


def do_exit(request: dict[str, Any]) -> Any:
    print("the last words")
    os._exit(7)


def do_full_disk(request: dict[str, Any]) -> Any:
    """As a loader says it that takes whatever goes wrong for a damaged file."""
    try:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "work/weights")
    except OSError as error:
        raise ConverterError("CORRUPT_MODEL", "it is no whole model") from error


def do_system_exit(request: dict[str, Any]) -> Any:
    sys.exit("enough")


def do_kill(request: dict[str, Any]) -> Any:
    os.kill(os.getpid(), getattr(signal, request["signal"]))
    time.sleep(60)


def do_segfault(request: dict[str, Any]) -> Any:
    ctypes.string_at(0)


def do_sleep(request: dict[str, Any]) -> Any:
    leave_family(request)
    time.sleep(600)


def leave_family(request: dict[str, Any]) -> None:
    """Starts one process in our group and one that leaves it, and writes all three process ids to a file."""
    near = subprocess.Popen(["sleep", "600"])
    far = subprocess.Popen(["sleep", "600"], start_new_session=True)
    with open(request["pids"] + ".part", "w") as file:
        file.write("%d %d %d" % (os.getpid(), near.pid, far.pid))
    os.replace(request["pids"] + ".part", request["pids"])


def do_memory(request: dict[str, Any]) -> Any:
    return len(bytearray(1 << 62))


def do_import(request: dict[str, Any]) -> Any:
    import acme_features  # noqa: F401


def do_nan(request: dict[str, Any]) -> Any:
    return float("nan")


def do_fail(request: dict[str, Any]) -> Any:
    from predictable_bridge.errors import ConverterError

    raise ConverterError("MISSING_COLUMNS", "no names", "give --columns", columns=3)


def do_fail_next(request: dict[str, Any]) -> Any:
    from predictable_bridge.errors import ConverterError

    raise ConverterError("UNSUPPORTED_MODEL", "of another version", None, next=request["next"], saved="1.0")


def do_fail_unchecked(request: dict[str, Any]) -> Any:
    from predictable_bridge.errors import ConverterError

    error = ConverterError("UNSUPPORTED_MODEL", "of another version")
    error.next = request["next"]
    raise error


def do_close_channel(request: dict[str, Any]) -> Any:
    os.closerange(3, 64)
    time.sleep(600)


def do_ask_another(request: dict[str, Any]) -> Any:
    """The files of `neighbour` as another converter sees it, and as this one does before and after."""
    import neighbour
    from predictable_bridge import host

    other = host.load(os.path.join(os.path.dirname(__file__), "other", "converter.py"))
    with other:
        theirs = other.module.convert({})
    return {"before": neighbour.__file__, "theirs": theirs, "after": sys.modules["neighbour"].__file__}
