"""RandomTreesEmbedding: which leaf of each tree a row reaches, one-hot."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_trees.sums import leaf_numbers

from writing.nodes import Nodes
from writing.registration import add_values
from writing.tree_ensembles.arrays import tree_of
from writing.tree_ensembles.reading import tree_graph


def register() -> None:
    from skl2onnx._parse import _parse_sklearn_simple_model, sklearn_parsers_map
    from sklearn.ensemble import RandomTreesEmbedding

    add_values(RandomTreesEmbedding, width, convert)
    sklearn_parsers_map[RandomTreesEmbedding] = _parse_sklearn_simple_model


def width(model: Any) -> int:
    return sum(len(categories) for categories in model.one_hot_encoder_.categories_)


def convert(nodes: Nodes, model: Any) -> None:
    graph = tree_graph(nodes, model, int(model.n_features_in_), rounds=True)
    trees = [tree_of(member.tree_, np.zeros(member.tree_.node_count), [0]) for member in model.estimators_]
    (numbers,) = nodes.joined(graph, [leaf_numbers(graph, trees, strict=False)])
    numbers = nodes.double(numbers)
    columns = []
    for at, (tree, categories) in enumerate(zip(trees, model.one_hot_encoder_.categories_)):
        # The encoder knows leaves by their nodes; those that no training row reached are none of its columns.
        leaves = np.flatnonzero(tree.feature < 0)
        known = np.searchsorted(leaves, categories.astype(np.int64)).astype(np.float64)
        columns.append(nodes.number(nodes.emit("Equal", nodes.column(numbers, at), known[np.newaxis])))
    nodes.deliver(nodes.beside(columns))
