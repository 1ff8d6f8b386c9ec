"""Distances to the centres of clusters, of a clusterer that is a step before the last one."""

from __future__ import annotations

from preparing.equivalents import Distances
from writing.formulas.distances import euclidean
from writing.nodes import Nodes
from writing.registration import add_values


def register() -> None:
    add_values(Distances, lambda model: len(model.centres), convert)


def convert(nodes: Nodes, model: Distances) -> None:
    nodes.deliver(euclidean(nodes, nodes.rows(), model.centres))
