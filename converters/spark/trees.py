"""Spark's trees: each different question is asked once, in double, and the trees get the answers.

Spark compares doubles, ai.onnx.ml's trees float32. It has few questions, though (maxBins − 1 a column), so they are
compared outside: 0 where a row goes left, 1 where it goes right. Leaves are rows of a table in double.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from predictable_graph.forest import Tree, leaf_rows

from context import Context
from folder import Stage, corrupt

CLASSIFIERS = ("DecisionTreeClassificationModel", "RandomForestClassificationModel")
ALONE = ("DecisionTreeClassificationModel", "DecisionTreeRegressionModel")


@dataclass
class Questions:
    """By feature and threshold, and by feature and the categories that go left, of so many: their places."""

    thresholds: dict[tuple[int, float], int] = field(default_factory=dict)
    sets: dict[tuple[int, tuple[int, ...], int], int] = field(default_factory=dict)

    def place(self, split: Any) -> tuple[str, int]:
        feature, values = int(split["featureIndex"]), split["leftCategoriesOrThreshold"]
        categories = int(split["numCategories"])
        if categories < 0:
            return "threshold", self.thresholds.setdefault((feature, float(values[0])), len(self.thresholds))
        left = tuple(sorted(int(value) for value in values))
        return "set", self.sets.setdefault((feature, left, categories), len(self.sets))


def tree_votes(context: Context, stage: Stage) -> tuple[str, np.ndarray]:
    """[N, trees, K]: shares of the classes, or one number; and the weight of each tree."""
    nodes = nodes_of(context, stage)
    questions = Questions()
    # Thresholds come first in the answers, so the trees are made when all are known.
    for tree in nodes:
        for node in tree.values():
            if node["leftChild"] >= 0:
                questions.place(node["split"])
    shares = stage.kind in CLASSIFIERS
    made = [make_tree(context, stage, tree, questions, shares) for tree in nodes]
    votes = leaf_rows(context.graph, answers(context, stage, questions), [tree for tree, _ in made], [rows for _, rows in made])
    return votes, weights_of(context, stage, len(nodes))


def nodes_of(context: Context, stage: Stage) -> list[dict[int, Any]]:
    """The nodes of each tree by their number."""
    found = context.data.rows(stage)
    if stage.kind in ALONE:
        return [{row["id"]: row for row in found}]
    trees: dict[int, dict[int, Any]] = {}
    for row in found:
        trees.setdefault(row["treeID"], {})[row["nodeData"]["id"]] = row["nodeData"]
    return [trees[number] for number in sorted(trees)]


def weights_of(context: Context, stage: Stage, count: int) -> np.ndarray:
    if stage.kind in ALONE:
        return np.ones(1)
    # Number, metadata and weight; Spark 4.3 gives the columns no names of their own.
    found = sorted(context.data.rows(stage, "treesMetadata"), key=lambda row: row[0])
    if len(found) != count:
        raise corrupt(context.data.name, f"it has {len(found)} weights for {count} trees")
    return np.array([row[2] for row in found], dtype=np.float64)


def make_tree(context: Context, stage: Stage, nodes: dict[int, Any], questions: Questions, shares: bool) -> tuple[Tree, np.ndarray]:
    """Without recursion, and each node once: a damaged table may lead in circles."""
    tree = Tree()
    rows: list[np.ndarray] = []
    todo: list[tuple[int, int, str]] = [(0, -1, "left")]
    while todo:
        number, parent, side = todo.pop()
        node = nodes.get(number)
        if node is None or len(tree.left) >= len(nodes):
            raise corrupt(context.data.name, f"a tree of {stage.kind} has no node {number}")
        if node["leftChild"] < 0:
            made = tree.add_leaf(float(len(rows)))
            stats = np.array(node["impurityStats"], dtype=np.float64)
            rows.append(stats / stats.sum() if shares and stats.sum() > 0 else stats if shares else np.array([node["prediction"]]))
        else:
            kind, place = questions.place(node["split"])
            made = tree.add_split(place + (len(questions.thresholds) if kind == "set" else 0), 0.5, "BRANCH_LT", False)
            todo += [(node["rightChild"], made, "right"), (node["leftChild"], made, "left")]
        if parent >= 0:
            (tree.left if side == "left" else tree.right)[parent] = made
    return tree, np.array(rows)


def answers(context: Context, stage: Stage, questions: Questions) -> str:
    """[N, questions] in float; one column of zeros where no tree asks anything."""
    graph, rows, blocks = context.graph, context.values[stage.inputs[0]], []
    if questions.thresholds:
        asked = graph.emit("Gather", [rows, graph.whole(*(feature for feature, _ in questions.thresholds))], axis=1)
        limits = graph.constant([[threshold for _, threshold in questions.thresholds]])
        # What is missing is not at or below anything, so it goes right.
        blocks.append(graph.cast(graph.emit("Not", [graph.emit("LessOrEqual", [asked, limits])]), "float"))
    for feature, left, categories in questions.sets:
        # Spark keeps the smaller side of a split: what is in neither goes with the larger.
        other = 1.0 if len(left) <= categories / 2 else 0.0
        table = np.array([[0.0 if code in left else 1.0] for code in range(categories)] + [[other]], dtype=np.float32)
        code = graph.cast(graph.emit("Min", [graph.column(rows, feature), graph.constant([float(categories)])]), "int64")
        flat = graph.emit("Reshape", [code, graph.whole(-1)])
        blocks.append(graph.emit("Gather", [graph.constant(table, np.float32), flat], axis=0))
    if not blocks:
        nothing = graph.emit("Mul", [graph.column(rows, 0), graph.constant([0.0])])
        return graph.cast(nothing, "float")
    return graph.join(blocks)
