"""A converter for the tests of the Ray executor: does what the request's `does` says."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

served = 0


def convert(request: dict[str, Any]) -> Any:
    global served
    served += 1
    return globals()["do_" + request["does"]](request)


def do_copy(request: dict[str, Any]) -> Any:
    """Writes what it was given, in a folder too, and says where."""
    model, work = Path(request["path"]), Path(request["work"])
    (work / "deep").mkdir()
    files = sorted(file for file in model.parent.rglob("*") if file.is_file())
    for file in files:
        (work / "deep" / file.name).write_bytes(file.read_bytes())
    (work / "sample").write_bytes(Path(request["sample"] + ".json").read_bytes() + Path(request["sample"] + ".bin").read_bytes())
    return {"copies": str(work / "deep"), "names": [str(file.relative_to(model.parent)) for file in files], "from": request["path"]}


def do_refuse(request: dict[str, Any]) -> Any:
    from predictable_bridge.errors import ConverterError

    raise ConverterError("UNSUPPORTED_MODEL", f"{request['path']} is refused", "by the test")


def do_where(request: dict[str, Any]) -> Any:
    time.sleep(request.get("seconds", 0))
    return {"pid": os.getpid(), "node": os.getpgid(os.getppid()), "served": served, "variables": dict(os.environ)}


def do_version(request: dict[str, Any]) -> Any:
    return __import__(request["module"]).VERSION


def do_crash(request: dict[str, Any]) -> Any:
    """The first `times` times."""
    marks = Path(request["marks"])
    with open(marks, "a") as file:
        file.write("x")
    if len(marks.read_text()) <= request["times"]:
        os._exit(7)
    return len(marks.read_text())


def do_sleep(request: dict[str, Any]) -> Any:
    Path(request["marks"]).write_text(str(os.getpid()))
    time.sleep(request["seconds"])


def do_hoard(request: dict[str, Any]) -> Any:
    return len(bytearray(request["bytes"])) + sys.getsizeof("")
