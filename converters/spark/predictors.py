"""Models as nodes: the label and the probabilities, or one number; Spark's own rules decide between classes."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto
from predictable_graph.graph import Graph

from context import Context
from folder import Stage
from trees import tree_votes

Results = list[tuple[str, int]]


def linear_regression(context: Context, stage: Stage) -> Results:
    row = context.data.row(stage)
    return [(affine(context, stage, row["coefficients"].toArray().reshape(-1, 1), [row["intercept"]]), TensorProto.DOUBLE)]


def linear_svc(context: Context, stage: Stage) -> Results:
    """The second class above the threshold, which is one of the margin."""
    row = context.data.row(stage)
    margin = affine(context, stage, row["coefficients"].toArray().reshape(-1, 1), [row["intercept"]])
    return [(above(context.graph, margin, float(stage.params["threshold"])), TensorProto.INT64), (margin, TensorProto.DOUBLE)]


def logistic(context: Context, stage: Stage) -> Results:
    row, graph = context.data.row(stage), context.graph
    margins = affine(context, stage, row["coefficientMatrix"].toArray().T, row["interceptVector"].toArray())
    if row["isMultinomial"]:
        most = graph.most(margins, int(row["numClasses"]))
        return decided(graph, stage, share_of_total(graph, graph.emit("Exp", [graph.emit("Sub", [margins, most])])))
    threshold = binary_threshold(stage)
    # The threshold is asked of the margin, as LogisticRegressionModel.raw2prediction does.
    with np.errstate(divide="ignore"):
        at = float(np.log(threshold / (1 - threshold))) if threshold < 1 else np.inf
    shares = two_shares(graph, graph.sigmoid(margins))
    return [(above(graph, margins, at), TensorProto.INT64), (shares, TensorProto.DOUBLE)]


def binary_threshold(stage: Stage) -> float:
    """Two thresholds are the same as one: 1 / (1 + t₀/t₁)."""
    both = stage.params.get("thresholds")
    if not both:
        return float(stage.params["threshold"])
    return 1 / (1 + both[0] / both[1])


def affine(context: Context, stage: Stage, weights: np.ndarray, offset: np.ndarray | list[float]) -> str:
    graph = context.graph
    products = graph.emit("MatMul", [context.values[stage.inputs[0]], graph.constant(weights)])
    return graph.emit("Add", [products, graph.constant(np.asarray(offset, dtype=np.float64).reshape(1, -1))])


def tree_number(context: Context, stage: Stage) -> Results:
    """Of one tree its leaf; of a forest their mean; of boosted trees their weighted sum."""
    votes, weights = tree_votes(context, stage)
    if stage.kind == "RandomForestRegressionModel":
        weights = np.full(len(weights), 1 / len(weights))
    return [(weighted(context.graph, votes, weights), TensorProto.DOUBLE)]


def tree_classes(context: Context, stage: Stage) -> Results:
    votes, _ = tree_votes(context, stage)
    graph = context.graph
    sums = graph.total(votes, axis=1)
    flat = graph.emit("Reshape", [sums, graph.whole(-1, int(stage.more["numClasses"]))])
    return decided(graph, stage, share_of_total(graph, flat))


def boosted_classes(context: Context, stage: Stage) -> Results:
    """The second class above 0; its probability is 1 / (1 + exp(−2·margin)) (LogLoss.computeProbability)."""
    votes, weights = tree_votes(context, stage)
    graph = context.graph
    margin = weighted(graph, votes, weights)
    shares = two_shares(graph, graph.sigmoid(graph.emit("Mul", [margin, graph.constant([2.0])])))
    if stage.params.get("thresholds"):
        return decided(graph, stage, shares)
    return [(above(graph, margin, 0.0), TensorProto.INT64), (shares, TensorProto.DOUBLE)]


def weighted(graph: Graph, votes: str, weights: np.ndarray) -> str:
    """[N, 1] of [N, trees, 1]."""
    return graph.emit("MatMul", [graph.emit("Reshape", [votes, graph.whole(-1, len(weights))]), graph.constant(weights.reshape(-1, 1))])


def nearest(context: Context, stage: Stage) -> Results:
    """The first of the nearest centres."""
    graph, rows = context.graph, context.values[stage.inputs[0]]
    found = sorted(context.data.rows(stage), key=lambda row: row["clusterIdx"])
    centres = np.array([row["clusterCenter"].toArray() for row in found])
    if stage.params["distanceMeasure"] == "cosine":
        # A row's own length makes all its similarities longer alike.
        centres = centres / np.linalg.norm(centres, axis=1, keepdims=True)
        nearness = graph.emit("MatMul", [rows, graph.constant(centres.T)])
    else:
        # −‖x − c‖² without ‖x‖², which is the same for all centres.
        products = graph.emit("MatMul", [rows, graph.constant(2 * centres.T)])
        nearness = graph.emit("Sub", [products, graph.constant((centres**2).sum(axis=1).reshape(1, -1))])
    return [(graph.emit("ArgMax", [nearness], axis=1, keepdims=0), TensorProto.INT64)]


def decided(graph: Graph, stage: Stage, shares: str) -> Results:
    """The likeliest class, each held against its threshold where there are some."""
    scores, thresholds = shares, stage.params.get("thresholds")
    if thresholds:
        with np.errstate(divide="ignore"):
            scores = graph.emit("Mul", [shares, graph.constant(1 / np.array(thresholds, dtype=np.float64).reshape(1, -1))])
    return [(graph.emit("ArgMax", [scores], axis=1, keepdims=0), TensorProto.INT64), (shares, TensorProto.DOUBLE)]


def above(graph: Graph, margin: str, threshold: float) -> str:
    yes = graph.cast(graph.emit("Greater", [margin, graph.constant([threshold])]), "int64")
    return graph.emit("Reshape", [yes, graph.whole(-1)])


def two_shares(graph: Graph, second: str) -> str:
    return graph.join([graph.emit("Sub", [graph.constant([1.0]), second]), second])


def share_of_total(graph: Graph, values: str) -> str:
    return graph.emit("Div", [values, graph.total(values)])


PREDICTORS = {
    "DecisionTreeClassificationModel": tree_classes,
    "DecisionTreeRegressionModel": tree_number,
    "GBTClassificationModel": boosted_classes,
    "GBTRegressionModel": tree_number,
    "KMeansModel": nearest,
    "LinearRegressionModel": linear_regression,
    "LinearSVCModel": linear_svc,
    "LogisticRegressionModel": logistic,
    "RandomForestClassificationModel": tree_classes,
    "RandomForestRegressionModel": tree_number,
}
