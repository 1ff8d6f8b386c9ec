"""From columns to what H2O predicts: sums of leaves or coefficients, the link, the threshold or the likeliest class."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from onnx import TensorProto
from predictable_facts.columns import MISSING_TEXT, Column
from predictable_graph.forest import leaves
from predictable_graph.graph import ML, Graph, column_inputs

from forest import Forest
from linear import Linear
from mojo import Mojo

# The link's inverse ends there: hex.genmodel.utils.LogExpUtil.
LARGEST = 1e19
SMALLEST_INVERSE = 1e-5
# H2O takes its threshold from the prediction of a training row, which must stay on its side whatever the last digit is.
THRESHOLD_SLACK = 1e-12


def build(graph: Graph, mojo: Mojo, inside: Forest | Linear, columns: list[Column]) -> tuple[list[dict[str, Any]], list[tuple[str, int]]]:
    """The facts about inputs, and the tensor and type of each output: the label and the probabilities, or one number."""
    tensors, facts = column_inputs(graph, columns)
    inputs = [tensors[column.name] for column in columns]
    if isinstance(inside, Forest):
        sums = forest_sums(graph, mojo, inside, columns, inputs)
    else:
        sums = linear_sums(graph, inside, columns, inputs)
    if mojo.classes == 1:
        return facts, [(one_number(graph, inside, sums), TensorProto.DOUBLE)]
    shares = probabilities(graph, mojo, inside, sums)
    return facts, [(label(graph, mojo, shares), TensorProto.INT64), (shares, TensorProto.DOUBLE)]


def one_number(graph: Graph, inside: Forest | Linear, sums: str) -> str:
    if isinstance(inside, Forest) and inside.kind == "drf":
        return graph.emit("Div", [sums, graph.constant([float(inside.groups)])])
    return linked(graph, inside.link, started(graph, inside, sums))


def forest_sums(graph: Graph, mojo: Mojo, forest: Forest, columns: list[Column], inputs: list[str]) -> str:
    """[N, classes] or [N, 1]: of each class, its leaves added up in double."""
    blocks = [name for name, column in zip(inputs, columns) if not column.text]
    places = {at: place for place, at in enumerate(at for at, column in enumerate(columns) if not column.text)}
    for at, column in enumerate(columns):
        asked = [(answers, place) for (owner, answers), place in forest.questions.places.items() if owner == at]
        if asked:
            table = np.array([answers for answers, _ in asked], dtype=np.float32).T
            codes = level_codes(graph, column, inputs[at], missing=len(column.categories or []))
            flat = graph.emit("Reshape", [codes, graph.whole(-1)])
            blocks.append(graph.emit("Gather", [graph.constant(table, np.float32), flat], axis=0))
            start = len(places)
            places |= {place: start + number for number, (_, place) in enumerate(asked)}
    found = leaves(graph, graph.join(blocks), forest.trees, places)
    return graph.join([class_sum(graph, found, forest, output) for output in range(forest.each)])


def class_sum(graph: Graph, found: str, forest: Forest, output: int) -> str:
    mine = [at for at, owner in enumerate(forest.outputs) if owner == output]
    if len(mine) == len(forest.outputs):
        return graph.total(found)
    own = graph.constant(np.array([[float(owner == output)] for owner in forest.outputs]))
    return graph.emit("MatMul", [found, own])


def linear_sums(graph: Graph, linear: Linear, columns: list[Column], inputs: list[str]) -> str:
    total = graph.constant(linear.intercept.reshape(1, -1))
    for at, effects in enumerate(linear.levels):
        codes = level_codes(graph, columns[at], inputs[at], missing=linear.modes[at] if linear.accepts_missing else 0)
        flat = graph.emit("Reshape", [codes, graph.whole(-1)])
        total = graph.emit("Add", [total, graph.emit("Gather", [graph.constant(effects), flat], axis=0)])
    if len(linear.slopes) == 0:
        return total
    given = graph.join(inputs[len(linear.levels) :])
    numbers = graph.cast(given, "double")
    if linear.accepts_missing:
        # ONNX Runtime has IsNaN for float alone.
        numbers = graph.either(graph.emit("IsNaN", [given]), graph.constant([linear.means]), numbers, len(linear.means))
    return graph.emit("Add", [graph.emit("MatMul", [numbers, graph.constant(linear.slopes)]), total])


def level_codes(graph: Graph, column: Column, name: str, missing: int) -> str:
    """A level's place in the domain; `missing` stands for text that is missing or not in it."""
    levels = column.categories or []
    return graph.emit(
        "LabelEncoder",
        [name],
        ML,
        keys_strings=[*levels, MISSING_TEXT],
        values_int64s=[*range(len(levels)), missing],
        default_int64=missing,
    )


def linked(graph: Graph, link: str, sums: str) -> str:
    if link == "logit":
        return graph.sigmoid(sums)
    if link == "log":
        return graph.emit("Min", [graph.emit("Exp", [sums]), graph.constant([LARGEST])])
    if link == "inverse":
        negative = graph.emit("Less", [sums, graph.constant([0.0])])
        low = graph.emit("Min", [sums, graph.constant([-SMALLEST_INVERSE])])
        high = graph.emit("Max", [sums, graph.constant([SMALLEST_INVERSE])])
        return graph.emit("Div", [graph.constant([1.0]), graph.either(negative, low, high, 1)])
    return sums


def probabilities(graph: Graph, mojo: Mojo, inside: Forest | Linear, sums: str) -> str:
    shares = raw_probabilities(graph, mojo, inside, sums)
    if not mojo.flag("balance_classes") or inside.kind == "glm":
        return shares
    factors = np.array(mojo.numbers("prior_class_distrib")) / np.array(mojo.numbers("model_class_distrib"))
    return share_of_total(graph, graph.emit("Mul", [shares, graph.constant(factors.reshape(1, -1))]))


def raw_probabilities(graph: Graph, mojo: Mojo, inside: Forest | Linear, sums: str) -> str:
    if isinstance(inside, Forest) and inside.kind == "drf":
        if inside.each == 1:
            first = graph.emit("Div", [sums, graph.constant([float(inside.groups)])])
            return graph.join([first, graph.emit("Sub", [graph.constant([1.0]), first])])
        return share_of_total(graph, sums)
    if inside.link == "logit":
        second = linked(graph, "logit", started(graph, inside, sums))
        return graph.join([graph.emit("Sub", [graph.constant([1.0]), second]), second])
    if isinstance(inside, Forest) and inside.each == 1:
        first = started(graph, inside, sums)
        sums = graph.join([first, graph.emit("Neg", [first])])
    return softmax(graph, sums, mojo.classes)


def started(graph: Graph, inside: Forest | Linear, sums: str) -> str:
    return graph.emit("Add", [sums, graph.constant([inside.start])]) if isinstance(inside, Forest) else sums


def softmax(graph: Graph, sums: str, classes: int) -> str:
    """By hand: Softmax has no double kernel in every runtime."""
    most = graph.most(sums, classes)
    return share_of_total(graph, graph.emit("Exp", [graph.emit("Sub", [sums, most])]))


def share_of_total(graph: Graph, values: str) -> str:
    """A row of zeros stays."""
    total = graph.total(values)
    nothing = graph.cast(graph.emit("Equal", [total, graph.constant([0.0])]), "double")
    return graph.emit("Div", [values, graph.emit("Add", [total, nothing])])


def label(graph: Graph, mojo: Mojo, shares: str) -> str:
    """Of two classes the second from the MOJO's own threshold on; of more the likeliest."""
    if mojo.classes > 2:
        return graph.emit("ArgMax", [shares], axis=1, keepdims=0)
    threshold = mojo.number("default_threshold", "0.5")
    slack = THRESHOLD_SLACK * max(1.0, math.fabs(threshold))
    below = graph.emit("Less", [graph.column(shares, 1), graph.constant([threshold - slack])])
    return graph.emit("Cast", [graph.emit("Not", [below])], to=TensorProto.INT64)
