"""libsvm's own predictions: labels, probabilities and decision values, row by row through its C interface."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.outputs import Output, label, probabilities, value

from machine import CLASSIFIERS, REGRESSORS, Machine


class Native:
    def __init__(self, path: str, machine: Machine) -> None:
        from libsvm.svm import libsvm, toPyModel

        self.machine, self.library, self.version = machine, libsvm, version("libsvm-official")
        loaded = libsvm.svm_load_model(os.fsencode(path))
        if not loaded:
            raise ConverterError("CORRUPT_MODEL", f"libsvm itself cannot load {os.path.basename(path)}.", "Save the model again.")
        self.model = toPyModel(loaded)

    def outputs(self, rows: np.ndarray) -> list[Output]:
        machine = self.machine
        decisions = self.rows(rows, self.library.svm_predict_values, len(machine.pairs) if machine.kind in CLASSIFIERS else 1)
        if machine.kind in REGRESSORS:
            return [value(decisions[:, 1])]
        outputs = [label(decisions[:, 0])]
        if machine.has_probabilities:
            shares = self.rows(rows, self.library.svm_predict_probability, machine.classes)[:, 1:]
            # Of a one-class model, libsvm calls the first the share of what is normal.
            return [*outputs, probabilities(shares, machine.labels or [1, -1])]
        if machine.kind not in CLASSIFIERS or machine.classes == 2:
            return [*outputs, value(decisions[:, 1], "score", "score")]
        names = [f"score_{machine.labels[i]}_{machine.labels[j]}" for i, j in machine.pairs]
        return [*outputs, Output(names, "score", decisions[:, 1:])]

    def rows(self, rows: np.ndarray, function: Callable[..., float], count: int) -> np.ndarray:
        """Each row's result, followed by the `count` numbers that libsvm writes beside it."""
        from libsvm.svm import svm_node

        nodes = (svm_node * (rows.shape[1] + 1))()
        nodes[rows.shape[1]].index = -1
        beside = (ctypes.c_double * count)()
        result = np.empty((len(rows), count + 1))
        for at, row in enumerate(rows.tolist()):
            for index, number in enumerate(row):
                nodes[index].index, nodes[index].value = index + 1, number
            result[at, 0] = function(self.model, nodes, beside)
            result[at, 1:] = beside
        return result
