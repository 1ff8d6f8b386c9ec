"""TensorFlow Lite: what goes in and out stands in the file; the reference is the interpreter itself, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError

from exporting import first_line, to_onnx
from frameworks import import_tensorflow
from original import Original, Tensor


def open_lite(request: dict[str, Any]) -> Original:
    """Raises CORRUPT_MODEL, UNSUPPORTED_OPERATOR or UNSUPPORTED_TYPE."""
    path = request["path"]
    interpreter = load(path)
    names = names_of(interpreter)
    inputs = [tensor_of(each, names, path) for each in interpreter.get_input_details()]
    outputs = [tensor_of(each, names, path) for each in interpreter.get_output_details()]
    places = {names.get(each["index"], bare(each["name"])): each["index"] for each in interpreter.get_input_details()}
    found = [each["index"] for each in interpreter.get_output_details()]
    batch = {int(each["shape"][0]) for each in interpreter.get_input_details()}
    if len(batch) > 1:
        raise ConverterError("UNSUPPORTED_MODEL", f"{Path(path).name} takes different numbers of rows by input.")

    def call(rows: dict[str, np.ndarray]) -> list[np.ndarray]:
        for name, values in rows.items():
            interpreter.set_tensor(places[name], np.ascontiguousarray(values))
        interpreter.invoke()
        return [interpreter.get_tensor(index) for index in found]

    def export(request: dict[str, Any]) -> Any:
        return to_onnx(original, request, tflite_path=path)

    original = Original("TensorFlow Lite model", inputs, outputs, call, export, batch.pop())
    return original


def load(path: str) -> Any:
    tf = import_tensorflow()
    try:
        interpreter = tf.lite.Interpreter(model_content=Path(path).read_bytes(), num_threads=1)
        interpreter.allocate_tensors()
    except Exception as error:
        said = first_line(error)
        if "custom op" in said or "Flex" in said or "unresolved" in said.lower():
            message = f"{Path(path).name} needs operators that are not TensorFlow Lite's own: {said}"
            raise ConverterError("UNSUPPORTED_OPERATOR", message, "Convert it with TensorFlow Lite's builtin operators only.") from error
        hint = "Check that the file was copied whole."
        raise ConverterError("CORRUPT_MODEL", f"{Path(path).name} can't be loaded by TensorFlow Lite: {said}", hint) from error
    return interpreter


def names_of(interpreter: Any) -> dict[int, str]:
    """By tensor: what its only signature calls it; old files have none."""
    signatures = interpreter._get_full_signature_list()
    if len(signatures) != 1:
        return {}
    ((_, only),) = signatures.items()
    return {index: name for kind in ("inputs", "outputs") for name, index in only[kind].items()}


def tensor_of(details: dict[str, Any], names: dict[int, str], path: str) -> Tensor:
    name, dtype = names.get(details["index"], bare(details["name"])), np.dtype(details["dtype"])
    if dtype.kind not in "fiub":
        message = f"{name} of {Path(path).name} is {'text' if dtype.kind in 'OSU' else dtype.name}; tables give numbers."
        raise ConverterError("UNSUPPORTED_TYPE", message, "Convert the model without what reads text.")
    shape = tuple(int(size) for size in details["shape"])
    if not shape:
        raise ConverterError("UNSUPPORTED_MODEL", f"{name} of {Path(path).name} has no dimension for rows.")
    return Tensor(name, details["name"], dtype.name, shape[1:])


def bare(name: str) -> str:
    """As its users know it: `serving_default_age:0` is age; the rest is kept."""
    return name
