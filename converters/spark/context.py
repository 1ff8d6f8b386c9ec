"""What the stages of a pipeline share while they become nodes: the graph, and the tensor of each column so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from predictable_facts.columns import Column
from predictable_graph.graph import Graph

from data import Data


@dataclass
class Context:
    """`values`: the tensor of each column, [N, K] in double, or text as it came in. `widths`: K, where it is known.

    `stopped`: masks [N, 1] of rows on which Spark would have ended with an error.
    """

    graph: Graph
    data: Data
    values: dict[str, str]
    texts: dict[str, Column]
    stopped: list[str] = field(default_factory=list)

    def number(self, name: str) -> str:
        return self.values[name]
