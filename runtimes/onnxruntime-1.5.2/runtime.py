"""Answers the bridge with ONNX Runtime 1.5.2: loads graphs from files, and runs them on frame files.

An interpreter may meet a graph for the first time in `run`, since calls go to whichever is free: it loads it then.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Any, Callable

import numpy as np
import onnxruntime
from predictable_bridge.errors import ConverterError
from predictable_facts.frames import read_columns, write_frame

# Two conversions side by side; a model may have 100 MB.
MOST_SESSIONS = 4
# Errors come back as exceptions; the log need not hold them again.
FATAL_ONLY = 4

TYPES = {
    "tensor(float)": "float",
    "tensor(double)": "double",
    "tensor(int32)": "int32",
    "tensor(int64)": "int64",
    "tensor(bool)": "bool",
    "tensor(string)": "string",
}

sessions: OrderedDict[str, onnxruntime.InferenceSession] = OrderedDict()


def load(request: dict[str, Any]) -> dict[str, list[str]]:
    """The graph's names. Raises INFERENCE_FAILED with the runtime's own words."""
    session = session_of(request)
    return {
        "inputNames": [value.name for value in session.get_inputs()],
        "outputNames": [value.name for value in session.get_outputs()],
    }


def run(request: dict[str, Any]) -> list[dict[str, Any]]:
    """Runs a graph once.

    `feeds`: frame files, each with the tensors of one length, as `{base, shapes: {name: shape}}`; `results`: the base of
    the frame files to write. Returns what was written, in the form of `feeds`.
    """
    session = session_of(request)
    feeds = {}
    for frame in request["feeds"]:
        columns = read_columns(frame["base"])
        for name, shape in frame["shapes"].items():
            feeds[name] = columns[name].reshape(shape)
    outputs = session.get_outputs()
    for output in outputs:
        if output.type not in TYPES:
            raise ConverterError("UNSUPPORTED_TYPE", "output %s is of type %s" % (output.name, output.type))
    values = in_its_own_words(lambda: session.run(None, feeds))
    return write_tensors(request["results"], {output.name: value for output, value in zip(outputs, values)})


def session_of(request: dict[str, Any]) -> onnxruntime.InferenceSession:
    """By the name of the `session`, since the file `graph` has another path in each call. `open`: those not closed yet."""
    for closed in set(sessions) - set(request["open"]):
        del sessions[closed]
    name = request["session"]
    if name not in sessions:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = FATAL_ONLY
        with open(request["graph"], "rb") as file:
            content = file.read()  # Given a path, the runtime would speak of a file that nobody knows.
        hint = "ONNX Runtime %s refuses this graph; --precision float or a newer target may do." % onnxruntime.__version__
        sessions[name] = in_its_own_words(lambda: onnxruntime.InferenceSession(content, options), hint)
        if len(sessions) > MOST_SESSIONS:
            sessions.popitem(last=False)
    sessions.move_to_end(name)
    return sessions[name]


def in_its_own_words(action: Callable[[], Any], hint: str | None = None) -> Any:
    try:
        return action()
    except MemoryError:
        raise
    except Exception as thrown:  # The runtime's exceptions have no common class.
        if re.search("bad_alloc|bad allocation|Failed to allocate memory", str(thrown)):
            raise MemoryError(str(thrown)) from thrown
        raise ConverterError("INFERENCE_FAILED", str(thrown), hint) from thrown


def write_tensors(base: str, tensors: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    groups: dict[int, dict[str, np.ndarray]] = {}
    for name, values in tensors.items():
        groups.setdefault(values.size, {})[name] = values
    written = []
    for size, group in groups.items():
        frame = "%s-%d" % (base, size)
        write_frame(frame, {name: values.reshape(-1) for name, values in group.items()})
        written.append({"base": frame, "shapes": {name: list(values.shape) for name, values in group.items()}})
    return written
