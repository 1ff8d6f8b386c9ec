"""Functions of Lambda layers: compiled by the Python that saved the model, which is seldom the one that loads it."""

from __future__ import annotations

import base64
import contextlib
import marshal
import math
import opcode
import sys
from types import CellType, CodeType, FunctionType
from typing import Any, Callable, Dict, Iterator

from predictable_bridge.errors import ConverterError
from predictable_keras.old_code import HEADER, read_old_code
from predictable_keras.old_source import source_of

# What is compiled has another shape from then on.
MODERN = sys.version_info >= (3, 11)
HINT = "Load the model in the Python that saved it, replace the Lambda by layers, and save it again; or export it: model.export('folder')."


@contextlib.contextmanager
def lambdas_of_any_python(keras: Any, module: Any) -> Iterator[None]:
    """While a model is loaded; `module`: of Keras, with the function `func_load`. Only for files that are trusted."""
    original = module.func_load
    module.func_load = loader(keras)
    try:
        yield
    finally:
        module.func_load = original


def loader(keras: Any) -> Callable[..., Any]:
    import numpy
    import tensorflow

    # What such functions usually name; they do not carry the imports of their module.
    known = {"tf": tensorflow, "tensorflow": tensorflow, "keras": keras, "K": keras.backend, "backend": keras.backend}
    known.update({"np": numpy, "numpy": numpy, "math": math, "ops": getattr(keras, "ops", None), "layers": keras.layers})

    def func_load(code: Any, defaults: Any = None, closure: Any = None, globs: Any = None) -> Any:
        if isinstance(code, (tuple, list)):
            code, defaults, closure = code
        names = {**known, **(globs or {})}
        return function(base64.b64decode(code), tuple(defaults or ()) or None, list(closure or ()), names)

    return func_load


def function(data: bytes, defaults: Any, closure: list[Any], names: Dict[str, Any]) -> Any:
    """Raises UNSUPPORTED_MODEL."""
    old = read_old_code(data)
    source = None if old is None else source_of(old, "function")
    if old is not None and source is not None:
        scope = {**names, **dict(zip(old.freevars, closure))}
        exec(compile(source, "<Lambda>", "exec"), scope)
        formula = scope["function"]
        formula.__defaults__ = defaults
        return formula
    code = None if old is not None and MODERN else own_code(data)
    if code is None:
        message = "A Lambda layer holds a function that another Python compiled (this is %d.%d), and that is no plain formula."
        raise ConverterError("UNSUPPORTED_MODEL", message % sys.version_info[:2], HINT)
    return FunctionType(code, names, code.co_name, defaults, tuple(map(CellType, closure)) or None)


def own_code(data: bytes) -> CodeType | None:
    """What this Python itself would have written; None otherwise."""
    try:
        code = marshal.loads(data)
    except (EOFError, SystemError, ValueError, TypeError):
        return None
    return code if isinstance(code, CodeType) and is_own(data, code) else None


def is_own(data: bytes, code: CodeType) -> bool:
    """Operations of another version would do something else, or end the interpreter.

    From Python 3.11 on each operation is followed by as many zeros as its cache needs, and those differ by version. They are
    counted in the marshalled bytes: in `co_code` this Python has put its own number of zeros, over whatever was there.
    """
    entries = getattr(opcode, "_inline_cache_entries", None)
    if entries is None:
        return True
    units, at = units_of(data), 0
    if opcode.opmap["RESUME"] not in units[:4]:
        return False
    while at < len(units):
        after = at + 1 + entries[units[at]]
        if any(units[at + 1 : after]) or units[after : after + 1] == b"\0":
            return False
        at = after
    # A function within is called here, and calls have other caches in every version.
    inner = any(isinstance(each, CodeType) for each in code.co_consts)
    precall = opcode.opmap.get("PRECALL")
    return not inner or (precall is not None and precall in units)


def units_of(data: bytes) -> bytes:
    """The operations without their arguments: behind five numbers, the type `s` and a length."""
    start = 1 + HEADER.size + 5
    size = int.from_bytes(data[start - 4 : start], "little")
    return data[start : start + size : 2]
