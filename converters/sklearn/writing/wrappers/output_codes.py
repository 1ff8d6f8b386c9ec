"""OutputCodeClassifier: the class whose code word is nearest to what its members say."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.formulas.distances import euclidean
from writing.members import decision, share
from writing.nodes import Nodes
from writing.registration import add_classifier


def register() -> None:
    from sklearn.multiclass import OutputCodeClassifier

    add_classifier(OutputCodeClassifier, convert_codes)


def convert_codes(nodes: Nodes, model: Any) -> None:
    """The class whose code word is nearest to the answers of the members."""
    answers = [decision(nodes, member) if hasattr(member, "decision_function") else share(nodes, member) for member in model.estimators_]
    distances = euclidean(nodes, nodes.emit("Concat", *answers, axis=1), np.asarray(model.code_book_, dtype=np.float64))
    nodes.label(nodes.nearest(distances), model.classes_)
    nodes.deliver(distances, 1)
