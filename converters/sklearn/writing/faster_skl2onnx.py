"""Work that skl2onnx repeats for every model, done once: a warm conversion takes half the time."""

from __future__ import annotations

from typing import Any


def register() -> None:
    import skl2onnx.convert
    from skl2onnx import _parse
    from skl2onnx.common._container import ModelComponentContainer

    if hasattr(ModelComponentContainer, "_op_versions"):
        return
    # The versions of all operators of ONNX: 20 ms.
    container = ModelComponentContainer.__new__(ModelComponentContainer)
    container._build_op_version()
    ModelComponentContainer._op_versions = container._op_versions
    # Options by name are looked for in every estimator inside, each tree of a forest; ours are by identity already.
    skl2onnx.convert._process_options = as_given
    _parse._process_options = as_given


def as_given(_: Any, options: Any) -> Any:
    return options
