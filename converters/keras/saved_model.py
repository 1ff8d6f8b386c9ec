"""The road over TensorFlow's SavedModel: everything that a layer holds becomes a constant there, then tf2onnx."""

from __future__ import annotations

import shutil
import tempfile
from typing import Any

from predictable_facts.request import Request
from predictable_networks.exporting import quiet
from predictable_networks.leftovers import without_leftovers
from predictable_networks.tensorflow_setup import count_anew

from original import Original


def saved_model(original: Original, request: Request) -> Any:
    """Raises UNSUPPORTED_OPERATOR; tensors are called as the signature calls them."""
    from tf2onnx.convert import _convert_common
    from tf2onnx.tf_loader import from_saved_model

    folder = tempfile.mkdtemp(dir=request["work"])
    with quiet(f"{original.file.name} cannot be exported"):
        save(original, folder)
        # The CLI's own way; its functions with public names cannot rename.
        graph, inputs, outputs, tables, names = from_saved_model(
            folder, None, None, "serve", ["serving_default"], return_initialized_tables=True, return_tensors_to_rename=True
        )
        shutil.rmtree(folder)
        count_anew()
        onnx_model, _ = _convert_common(
            graph,
            name=original.file.name,
            opset=original.opset(request),
            input_names=inputs,
            output_names=outputs,
            tensors_to_rename=names,
            initialized_tables=tables,
        )
    return without_leftovers(onnx_model, original.title)


def save(original: Original, folder: str) -> None:
    """What `model.export(folder)` does, with tensors' names of ours, so that no two are alike and all keep their order."""
    import tensorflow as tf

    specs = [tf.TensorSpec([None, *given.shape], given.dtype, name=given.tensor) for given in original.inputs]

    @tf.function(input_signature=specs, autograph=False)
    def serve(*tensors: Any) -> dict[str, Any]:
        return dict(zip(original.tensors, map(tf.identity, original.call(list(tensors)))))

    concrete = inlined(serve)
    module = tf.Module()
    # Saving a model of Keras 2 as such traces each of its layers once more (2.5 s for a small LSTM).
    three = original.file.generation == 3
    module.held = [variable.value if three else variable for variable in original.model.variables]
    try:
        tf.saved_model.save(module, folder, signatures={"serving_default": concrete})
    except AssertionError:
        # A table of codes is held by the model alone.
        module.model = original.model
        tf.saved_model.save(module, folder, signatures={"serving_default": concrete})


def inlined(serve: Any) -> Any:
    """Functions that Keras has compiled by XLA (convolutions in groups) stay calls, which tf2onnx does not know."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    try:
        return serve.get_concrete_function()
    finally:
        tf.config.run_functions_eagerly(False)
