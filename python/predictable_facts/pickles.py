"""Says what a pickle needs (classes, versions) without running any of it: for error messages and checks."""

from __future__ import annotations

import bz2
import gzip
import lzma
import pickle
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any, Callable, ClassVar, Dict, List, Tuple

MAGIC: List[Tuple[bytes, Callable[..., Any]]] = [
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ", lzma.open),
    (b"]\x00\x00", lzma.open),
]
MOST_MEMORIES = 2**24
STEP_LIMIT = 200_000_000  # bytes; what comes after is not looked into


@dataclass
class PickleFacts:
    """`globals`: each `module.name` in order of appearance. `complete`: whether the stream was understood to its end."""

    globals: List[str] = field(default_factory=list)
    versions: Dict[str, str] = field(default_factory=dict)
    complete: bool = False


def inspect_pickle(path: str) -> PickleFacts:
    """Walks a plain or joblib pickle, compressed or not, with inert stand-ins for every class. Raises OSError only."""
    facts = PickleFacts()
    with open(path, "rb") as file:
        content = file.read(STEP_LIMIT)
    try:
        InertUnpickler(BytesIO(decompressed(content)), facts).load()
        facts.complete = True
    except Exception:  # noqa: BLE001 - a damaged stream fails in any way; what was seen so far is the answer
        facts.complete = False
    return facts


def decompressed(content: bytes) -> bytes:
    """The pickle beneath joblib's compression; never more than the limit, however small the file."""
    for magic, opener in MAGIC:
        if content.startswith(magic):
            with opener(BytesIO(content)) as stream:
                return bytes(stream.read(STEP_LIMIT))
    if content.startswith(b"x"):
        return zlib.decompressobj().decompress(content, STEP_LIMIT)
    return content


class Inert:
    """Stands for an instance or a class of the pickle: takes every call and every state, and does nothing."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.arguments: Any = ()
        self.state: Any = None

    def __call__(self, *arguments: Any, **_: Any) -> "Inert":
        instance = Inert(self.name)
        instance.arguments = arguments
        return instance

    def __hash__(self) -> int:
        return id(self)

    def append(self, _: Any) -> None: ...

    def extend(self, _: Any) -> None: ...

    def add(self, _: Any) -> None: ...

    def __setitem__(self, _: Any, __: Any) -> None: ...


class InertUnpickler(pickle._Unpickler):  # the pure Python one, whose steps can be replaced
    dispatch: ClassVar[Dict[int, Callable[[Any], None]]] = dict(pickle._Unpickler.dispatch)
    stack: List[Any]
    memo: Dict[int, Any]
    read: Callable[[int], bytes]
    append: Callable[[Any], None]

    def __init__(self, file: IO[bytes], facts: PickleFacts) -> None:
        super().__init__(file)
        self.source, self.facts = file, facts

    def find_class(self, module: str, name: str) -> Any:
        path = f"{module}.{name}"
        if path not in self.facts.globals:
            self.facts.globals.append(path)
        return Inert(path)

    def persistent_load(self, _: Any) -> Any:
        return Inert()

    def load_reduce(self) -> None:
        arguments, function = self.stack.pop(), self.stack[-1]
        self.stack[-1] = function(*arguments) if isinstance(function, Inert) else Inert()

    def load_newobj(self) -> None:
        self.load_reduce()

    def load_newobj_ex(self) -> None:
        self.stack.pop()
        self.load_reduce()

    def _instantiate(self, cls: Any, arguments: Any) -> None:
        self.append(cls(*arguments) if isinstance(cls, Inert) else Inert())

    def load_build(self) -> None:
        state, instance = self.stack.pop(), self.stack[-1]
        if not isinstance(instance, Inert):
            return
        instance.state = state
        if isinstance(state, dict):
            version = state.get("_sklearn_version")
            if isinstance(version, str):
                self.facts.versions["scikit-learn"] = version
            if instance.name.endswith(("NumpyArrayWrapper", "NDArrayWrapper")):
                self.skip_array(state)

    def skip_array(self, state: Dict[str, Any]) -> None:
        """joblib writes an array's bytes into the stream, after the object that describes it."""
        kind = state["dtype"].arguments[0]
        if kind.startswith("O"):
            InertUnpickler(self.source, self.facts).load()
            return
        if state.get("numpy_array_alignment_bytes") is not None:
            self.source.read(self.source.read(1)[0])
        size = int(kind[1:]) * (4 if kind[0] == "U" else 1)
        if kind[0] == "V" and state["dtype"].state:
            size = state["dtype"].state[5]
        count = 1
        for length in state["shape"]:
            count *= length
        self.source.seek(size * count, 1)

    def load_long_binput(self) -> None:
        """Loaders in C++ make their memo as long as the largest number in it."""
        number = int.from_bytes(self.read(4), "little")
        if number > MOST_MEMORIES:
            raise pickle.UnpicklingError("the memo has an entry %d" % number)
        self.memo[number] = self.stack[-1]

    dispatch[pickle.LONG_BINPUT[0]] = load_long_binput
    dispatch[pickle.REDUCE[0]] = load_reduce
    dispatch[pickle.NEWOBJ[0]] = load_newobj
    dispatch[pickle.NEWOBJ_EX[0]] = load_newobj_ex
    dispatch[pickle.BUILD[0]] = load_build
