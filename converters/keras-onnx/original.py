"""A loaded model: its inputs and outputs in its own order, and what it predicts."""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
from predictable_facts.request import Request
from predictable_keras.files import KerasFile
from predictable_keras.signature import inputs_of, output_names, title_of

CHUNK = 512


class Original:
    """`tensors`: how the outputs are called in the raw graph; inputs are called by `Input.tensor`."""

    def __init__(self, model: Any, file: KerasFile, request: Request) -> None:
        self.model, self.file = model, file
        self.inputs = inputs_of(model, file, request)
        self.outputs = output_names(model)
        self.tensors = ["predicted_%04d" % at for at in range(len(self.outputs))]
        self.title = title_of(model)

    def predict(self, arrays: Dict[str, np.ndarray]) -> List[np.ndarray]:
        columns = [arrays[given.name] for given in self.inputs]
        rows = self.model.inputs[0].shape[0]
        count = len(columns[0])
        short = -count % int(rows) if rows else 0
        if short:
            columns = [np.concatenate([values, np.repeat(values[-1:], short, axis=0)]) for values in columns]
        found = self.model.predict(columns if len(columns) > 1 else columns[0], batch_size=int(rows or CHUNK), verbose=0)
        return [np.asarray(values)[:count] for values in flat(found)]


def flat(found: Any) -> List[Any]:
    import tensorflow as tf

    return tf.nest.flatten(found)
