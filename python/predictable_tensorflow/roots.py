"""From where a graph of TensorFlow 1 is run, when a SavedModel is loaded and used."""

from __future__ import annotations

from typing import Any, List, Tuple

from predictable_tensorflow.messages import parsed

INITIALIZING = ("saved_model_main_op", "legacy_init_op", "table_initializer")
INITIALIZING_SIGNATURE = "__saved_model_init_op"


def roots(meta_graph: Any, path: str) -> Tuple[List[str], List[str]]:
    """Names of tensors and nodes: what loading runs to initialise the model, and what its variables begin with and its predictions need.

    Raises CORRUPT_MODEL.
    """
    from tensorflow.core.framework.variable_pb2 import VariableDef

    initializing: List[str] = []
    predicting: List[str] = []
    for key, collection in meta_graph.collection_def.items():
        initializing += list(collection.node_list.value) if key in INITIALIZING else []
        for content in collection.bytes_list.value if "variables" in key else []:
            variable = parsed(VariableDef, content, path, f"its saved_model.pb holds a variable, in {key}, that can't be read")
            predicting += [variable.initial_value_name, variable.initializer_name, variable.snapshot_name]
    for name, signature in meta_graph.signature_def.items():
        needed = initializing if name == INITIALIZING_SIGNATURE else predicting
        for info in [*signature.inputs.values(), *signature.outputs.values()]:
            sparse = info.coo_sparse
            needed += [info.name, sparse.values_tensor_name, sparse.indices_tensor_name, sparse.dense_shape_tensor_name]
            needed += [part.name for part in info.composite_tensor.components]
    return initializing, predicting
