"""Answers the bridge: one JSON request in, one JSON envelope out, whatever happens in between."""

import contextlib
import errno
import gc
import importlib.util
import json
import os
import sys
import traceback
from types import ModuleType
from typing import Any, Callable, ClassVar, Dict, Iterator, List, Optional

from predictable_bridge.errors import ConverterError

# Enough to find the place in the user's own code, short enough to be read in a terminal.
TRACEBACK_LINES = 12

# What the system calls a disk that takes no more.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

# Modules of the bridge that would stand in the way of a model's own modules of the same names.
BRIDGE_MODULES = ("Bridge", "proxy", "json_patch")


def call(request_json: str) -> str:
    """Runs the action that the request names in the converter that it names.

    Returns ``{"ok": true, "value": ...}`` or ``{"ok": false, "error": {code, message, hint?, next?, details?}}``; never raises.
    """
    request: Dict[str, Any] = {}
    try:
        request = json.loads(request_json)
        envelope = encode({"ok": True, "value": answer(request)})
    except BaseException as thrown:  # noqa: BLE001 - SystemExit and KeyboardInterrupt too: the interpreter lives on.
        envelope = encode_error(document(thrown, request))
    flush_output()
    return envelope


def answer(request: Dict[str, Any]) -> Any:
    action = request["action"]
    if action == "warm":
        with collecting_nothing():
            converter = load(request["converter"])
            with converter:
                # Loading has imported the converter; `warm()`, if it has one, imports what it otherwise imports late.
                getattr(converter.module, "warm", lambda: None)()
        return None
    converter = load(request["converter"])
    with converter:
        function = converter.action(action)
        return function(request)


@contextlib.contextmanager
def collecting_nothing() -> Iterator[None]:
    """While modules are imported, there is nothing to collect, and looking for it is a sixth of the time.

    What they consist of stays, so later collections need not look at it either.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


class Converter:
    """A converter's Python file, and the modules beside it: on the import path, and known, only while it works.

    So two converters, or a converter and a model's own code, may have modules of the same name; one that works for another
    sees none of the other's.
    """

    working: ClassVar[List["Converter"]] = []

    def __init__(self, path: str) -> None:
        self.path = path
        self.folder = os.path.dirname(path)
        self.own: Dict[str, ModuleType] = {}
        with self:
            self.module = import_file(path)

    def __enter__(self) -> None:
        self.hidden = {name: module for name, module in list(sys.modules.items()) if name in self.own or self.is_of_another(module)}
        for name in self.hidden:
            del sys.modules[name]
        sys.modules.update(self.own)
        self.working.append(self)
        self.before = set(sys.modules)
        sys.path.insert(0, self.folder)

    def __exit__(self, *_: object) -> None:
        self.working.remove(self)
        if self.folder in sys.path:
            sys.path.remove(self.folder)
        for name in set(sys.modules) - self.before:
            if self.has(sys.modules[name]):
                self.own[name] = sys.modules[name]
        for name in self.own:
            sys.modules.pop(name, None)
        sys.modules.update(self.hidden)

    def has(self, module: ModuleType) -> bool:
        return (getattr(module, "__file__", None) or "").startswith(self.folder + os.sep)

    def is_of_another(self, module: ModuleType) -> bool:
        """Whether it is of a converter that waits for this one."""
        return any(other is not self and other.has(module) for other in self.working)

    def action(self, name: str) -> Callable[[Dict[str, Any]], Any]:
        function: Optional[Callable[[Dict[str, Any]], Any]] = getattr(self.module, name, None)
        if name.startswith("_") or not callable(function):
            raise ConverterError("INTERNAL", "%s has no action named %s" % (self.path, name))
        return function


converters: Dict[str, Converter] = {}


def load(path: str) -> Converter:
    path = os.path.abspath(path)
    if path not in converters:
        converters[path] = Converter(path)
    return converters[path]


def import_file(path: str) -> ModuleType:
    name = "predictable_converter_%d" % len(converters)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ConverterError("INTERNAL", "%s is not a Python file" % path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def document(thrown: BaseException, request: Dict[str, Any]) -> Dict[str, Any]:
    """The error document of anything that can be thrown."""
    what = os.path.basename(str(request.get("path") or request.get("converter") or "the request"))
    full = full_disk(thrown)
    if full is not None:
        return {
            "code": "DISK_FULL",
            "message": "%s: %s: %s" % (what, full.filename or request.get("work") or "temporary files", full.strerror),
            "hint": "Free some space there, or name another folder with TMPDIR, and run it again.",
        }
    if isinstance(thrown, ConverterError):
        return thrown.document()
    details = {"type": type(thrown).__name__, "traceback": traceback_tail(thrown)}
    if isinstance(thrown, MemoryError):
        return {
            "code": "OUT_OF_MEMORY",
            "message": "Python ran out of memory at %s." % what,
            "hint": "Allow more with --memory, like --memory 16GB, convert fewer models at once, or use a smaller sample.",
            "details": details,
        }
    if isinstance(thrown, ModuleNotFoundError) and thrown.name:
        return {
            "code": "MISSING_MODULE",
            "message": "%s needs the Python module %s, which is not installed in its environment." % (what, thrown.name),
            "hint": "Give the package that has it with --wheel FILE or --requirements FILE.",
            "details": {"module": thrown.name, **details},
        }
    reason = str(thrown) or "no further message"
    return {
        "code": "CONVERTER_FAILED",
        "message": "%s: %s: %s" % (what, type(thrown).__name__, reason),
        "hint": "The traceback in the error's details shows where; the model may be damaged or of another version.",
        "details": details,
    }


def full_disk(thrown: Optional[BaseException]) -> Optional[OSError]:
    """Wherever in the chain of causes: a loader takes it for a file that is damaged."""
    seen: List[BaseException] = []
    while thrown is not None and thrown not in seen:
        if isinstance(thrown, OSError) and thrown.errno in FULL:
            return thrown
        seen.append(thrown)
        thrown = thrown.__cause__ or thrown.__context__
    return None


def traceback_tail(thrown: BaseException) -> List[str]:
    lines = "".join(traceback.format_exception(type(thrown), thrown, thrown.__traceback__)).splitlines()
    return lines[-TRACEBACK_LINES:]


def encode(envelope: Dict[str, Any]) -> str:
    """Strict JSON: NaN and infinity, which JSON does not have, are an error of the converter."""
    return json.dumps(envelope, allow_nan=False)


def encode_error(error: Dict[str, Any]) -> str:
    """Never fails: details that are not JSON are given as text."""
    try:
        return encode({"ok": False, "error": error})
    except (TypeError, ValueError, RecursionError):
        error = {**error, "details": {"text": repr(error.get("details"))}}
        return encode({"ok": False, "error": error})


def flush_output() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            continue  # A converter closed or replaced it, or the disk is full: the answer matters more than the log.


def prepare() -> None:
    """What every interpreter of the bridge needs once: a log that is up to date, and no bridge modules in the way."""
    streams: List[Any] = [sys.stdout, sys.stderr]
    for stream in streams:
        stream.reconfigure(line_buffering=True, errors="backslashreplace")
    bridge = sys.modules.get("Bridge")
    if bridge is None:
        return
    folder = os.path.dirname(os.path.abspath(bridge.__file__ or ""))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != folder]
    for name in BRIDGE_MODULES:
        sys.modules.pop(name, None)


def identify() -> str:
    """Called once by the bridge when it starts: our process id, and which walls the guard found standing around us."""
    prepare()
    return encode({"pid": os.getpid(), "sandbox": json.loads(os.environ.pop("PREDICTABLE_SANDBOX_IN_FORCE", "null"))})


if __name__ == "__main__":
    # A new environment's last step: imports its converter once, which compiles the modules that conversions need.
    answer({"converter": sys.argv[1], "action": "warm"})
