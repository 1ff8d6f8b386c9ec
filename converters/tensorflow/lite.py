"""TensorFlow Lite: what goes in and out stands in the file; the reference is the interpreter itself, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_facts.trying import must_survive
from predictable_networks.exporting import first_line

from exporting import to_onnx
from frameworks import import_tensorflow
from original import Original, Tensor


def open_lite(request: Request) -> Original:
    """Raises CORRUPT_MODEL, UNSUPPORTED_OPERATOR or UNSUPPORTED_TYPE."""
    path = request["path"]
    interpreter = load(path)
    names = names_of(interpreter)
    inputs = [tensor_of(each, names, path) for each in interpreter.get_input_details()]
    outputs = [tensor_of(each, names, path) for each in interpreter.get_output_details()]
    places = {names.get(each["index"], each["name"]): each["index"] for each in interpreter.get_input_details()}
    found = [each["index"] for each in interpreter.get_output_details()]
    batch = {int(each["shape"][0]) for each in interpreter.get_input_details()}
    if len(batch) > 1:
        raise ConverterError("UNSUPPORTED_MODEL", f"{Path(path).name} takes different numbers of rows by input.")

    def call(rows: dict[str, np.ndarray]) -> list[np.ndarray]:
        for name, values in rows.items():
            interpreter.set_tensor(places[name], np.ascontiguousarray(values))
        interpreter.invoke()
        return [interpreter.get_tensor(index) for index in found]

    def export(request: Request) -> Any:
        return to_onnx(original, request, tflite_path=path)

    original = Original("TensorFlow Lite model", inputs, outputs, call, export, batch.pop())
    return original


def load(path: str) -> Any:
    """Raises CORRUPT_MODEL or UNSUPPORTED_OPERATOR."""
    tf, content = import_tensorflow(), Path(path).read_bytes()
    try:
        # Verifies the whole file, and runs nothing of it.
        resolver = tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        tf.lite.Interpreter(model_content=content, experimental_op_resolver_type=resolver, num_threads=1)
        check_operators(content, path)
        # An operator with numbers that it does not know ends the process.
        must_survive(lambda: prepared(content))
        interpreter = prepared(content)
    except ConverterError:
        raise
    except Exception as error:
        if "custom op" in str(error).lower():
            raise foreign(path, first_line(error)) from error
        hint = "Check that the file was copied whole."
        raise ConverterError("CORRUPT_MODEL", f"{Path(path).name} can't be loaded by TensorFlow Lite: {first_line(error)}", hint) from error
    return interpreter


def prepared(content: bytes) -> Any:
    interpreter = import_tensorflow().lite.Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    return interpreter


def check_operators(content: bytes, path: str) -> None:
    """Operators of TensorFlow itself inside may be any, such as those that write files."""
    from tf2onnx.tflite.Model import Model

    model = Model.GetRootAsModel(content, 0)
    custom = [model.OperatorCodes(at).CustomCode() for at in range(model.OperatorCodesLength())]
    flex = sorted(code.decode() for code in custom if code and code.startswith(b"Flex"))
    if flex:
        raise foreign(path, ", ".join(flex))


def foreign(path: str, which: str) -> ConverterError:
    message = f"{Path(path).name} needs operators that are not TensorFlow Lite's own: {which}"
    return ConverterError("UNSUPPORTED_OPERATOR", message, "Convert it with TensorFlow Lite's builtin operators only.")


def names_of(interpreter: Any) -> dict[int, str]:
    """By tensor: what its only signature calls it; old files have none."""
    signatures = interpreter._get_full_signature_list()
    if len(signatures) != 1:
        return {}
    ((_, only),) = signatures.items()
    return {index: name for kind in ("inputs", "outputs") for name, index in only[kind].items()}


def tensor_of(details: dict[str, Any], names: dict[int, str], path: str) -> Tensor:
    name, dtype = names.get(details["index"], details["name"]), np.dtype(details["dtype"])
    if dtype.kind not in "fiub":
        message = f"{name} of {Path(path).name} is {'text' if dtype.kind in 'OSU' else dtype.name}; tables give numbers."
        raise ConverterError("UNSUPPORTED_TYPE", message, "Convert the model without what reads text.")
    shape = tuple(int(size) for size in details["shape"])
    if not shape:
        raise ConverterError("UNSUPPORTED_MODEL", f"{name} of {Path(path).name} has no dimension for rows.")
    return Tensor(name, details["name"], dtype.name, shape[1:])
