"""KBinsDiscretizer, compared in double: an edge belongs to the bin above it."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.formulas.piecewise import piece_places
from writing.nodes import Nodes
from writing.registration import add_values


def register() -> None:
    from sklearn.preprocessing import KBinsDiscretizer

    add_values(KBinsDiscretizer, lambda model: len(model.n_bins_) if model.encode == "ordinal" else int(np.sum(model.n_bins_)), convert)


def convert(nodes: Nodes, model: Any) -> None:
    places = piece_places(nodes, nodes.rows(), [np.asarray(edges, dtype=np.float64)[1:-1] for edges in model.bin_edges_])
    if model.encode == "ordinal":
        nodes.deliver(nodes.double(places))
        return
    column = np.repeat(np.arange(len(model.n_bins_)), model.n_bins_)
    code = np.concatenate([np.arange(count) for count in model.n_bins_])[np.newaxis]
    nodes.deliver(nodes.number(nodes.emit("Equal", nodes.emit("Gather", places, column, axis=1), code)))
