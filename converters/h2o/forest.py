"""GBM and DRF: their trees, and how sums of leaves become predictions."""

from __future__ import annotations

from dataclasses import dataclass

from predictable_bridge.errors import ConverterError
from predictable_graph.forest import Tree

from mojo import Mojo
from trees import Questions, read_trees

LINKS = ("identity", "logit", "log")
# The link of each distribution where model.ini is too old to say it (hex.genmodel.utils.DistributionFamily).
LINK_OF = {"bernoulli": "logit", "modified_huber": "logit", "poisson": "log", "gamma": "log", "tweedie": "log"}


@dataclass
class Forest:
    """`outputs`: of each tree, the class that it adds to. `halves`: two classes from one row of trees (multinomial GBM of two)."""

    kind: str
    family: str
    link: str
    start: float
    groups: int
    each: int
    trees: list[Tree]
    outputs: list[int]
    questions: Questions
    accepts_missing: bool = True


def read_forest(mojo: Mojo) -> Forest:
    groups, each = mojo.whole("n_trees"), mojo.whole("n_trees_per_class")
    kind = mojo.text("algo")
    if kind == "drf":
        family, link = ("regression" if mojo.classes == 1 else "classification"), "identity"
    else:
        family = mojo.text("distribution")
        link = mojo.text("link_function", LINK_OF.get(family, "identity"))
        if link not in LINKS:
            message = f"{mojo.name} has the link {link}, which is not converted."
            raise ConverterError("UNSUPPORTED_MODEL", message, "Train with another distribution.")
    # DRF of two classes has one row of trees, unless it was told to have two; GBM of several has one for each.
    trees, outputs, questions = read_trees(mojo, groups, each)
    return Forest(kind, family, link, mojo.number("init_f", "0.0"), groups, each, trees, outputs, questions)
