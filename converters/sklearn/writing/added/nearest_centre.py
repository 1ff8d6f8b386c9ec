"""Estimators that look for the nearest of some centres: NearestCentroid, MeanShift, AffinityPropagation, Birch, BisectingKMeans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from writing.formulas.distances import by_metric, euclidean, squared
from writing.nodes import Nodes
from writing.registration import add_classifier, add_labelled


def register() -> None:
    from sklearn.cluster import AffinityPropagation, Birch, BisectingKMeans, MeanShift
    from sklearn.neighbors import NearestCentroid

    add_classifier(NearestCentroid, convert_centroids, options=("raw_scores",))
    for cls in (AffinityPropagation, MeanShift):
        add_labelled(cls, lambda model: len(model.cluster_centers_), convert_clusters)
    add_labelled(Birch, lambda model: len(model.subcluster_centers_), convert_birch)
    add_labelled(BisectingKMeans, lambda model: len(model.cluster_centers_), convert_bisecting)


def convert_centroids(nodes: Nodes, model: Any) -> None:
    """The nearest centroid's class, if all classes are as likely before; else, and for probabilities, distances in deviations."""
    rows = nodes.rows()
    scores = discriminants(nodes, rows, model)
    if np.isclose(model.class_prior_, 1 / len(model.classes_)).all():
        nodes.label(nodes.nearest(by_metric(nodes, rows, model.centroids_, model.metric, {})), model.classes_)
    else:
        nodes.label(nodes.emit("ArgMax", scores, axis=1, keepdims=0), model.classes_)
    options = nodes.scope.get_options(model, {"raw_scores": False})
    nodes.deliver(scores if options["raw_scores"] else nodes.emit("Softmax", scores, axis=1), 1)


def discriminants(nodes: Nodes, rows: str, model: Any) -> str:
    width = np.where(model.within_class_std_dev_ != 0, model.within_class_std_dev_, 1.0)
    scaled = nodes.emit("Div", rows, width[np.newaxis])
    distances = by_metric(nodes, scaled, model.centroids_ / width, model.metric, {})
    with np.errstate(divide="ignore"):
        shares = 2.0 * np.log(model.class_prior_)[np.newaxis]
    return nodes.emit("Sub", shares, nodes.emit("Mul", distances, distances))


def convert_clusters(nodes: Nodes, model: Any) -> None:
    distances = euclidean(nodes, nodes.rows(), model.cluster_centers_)
    nodes.label(nodes.nearest(distances), np.arange(len(model.cluster_centers_)))
    nodes.deliver(distances, 1)


def convert_birch(nodes: Nodes, model: Any) -> None:
    distances = euclidean(nodes, nodes.rows(), model.subcluster_centers_)
    nodes.label(nodes.nearest(distances), model.subcluster_labels_)
    nodes.deliver(distances, 1)


def convert_bisecting(nodes: Nodes, model: Any) -> None:
    """A row goes to the nearer of two centres at each fork of a tree, whose leaves are the clusters."""
    rows = nodes.rows()
    mean = getattr(model, "_X_mean", np.zeros(model.cluster_centers_.shape[1]))
    leaves = dict(leaf_flags(nodes, nodes.emit("Sub", rows, mean[np.newaxis]), model._bisecting_tree, None))
    flags = nodes.emit("Concat", *(leaves[at] for at in sorted(leaves)), axis=1)
    nodes.label(nodes.emit("ArgMax", flags, axis=1, keepdims=0), np.array(sorted(leaves)))
    nodes.deliver(euclidean(nodes, rows, model.cluster_centers_), 1)


def leaf_flags(nodes: Nodes, rows: str, tree: Any, reached: str | None) -> Iterator[tuple[int, str]]:
    """(label, flag [N,1]) of each leaf below a fork: 1.0 for the rows that come there. `reached`: the fork's own flag, None at the root."""
    if tree.left is None:
        if reached is None:
            raise NotImplementedError("it has one cluster")
        yield int(tree.label), reached
        return
    distances = squared(nodes, rows, np.vstack([tree.left.center, tree.right.center]))
    right = nodes.number(nodes.emit("Less", nodes.column(distances, 1), nodes.column(distances, 0)))
    left = nodes.emit("Sub", 1.0, right)
    for branch, flag in ((tree.left, left), (tree.right, right)):
        yield from leaf_flags(nodes, rows, branch, flag if reached is None else nodes.emit("Mul", reached, flag))
