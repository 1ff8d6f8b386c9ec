"""Some of the features that steps made, by place."""

from __future__ import annotations

import numpy as np

from preparing.trees import Picked
from writing.nodes import Nodes
from writing.registration import add_values


def register() -> None:
    add_values(Picked, lambda model: len(model.places), convert)


def convert(nodes: Nodes, model: Picked) -> None:
    nodes.deliver(nodes.emit("Gather", nodes.rows(), np.array(model.places), axis=1))
