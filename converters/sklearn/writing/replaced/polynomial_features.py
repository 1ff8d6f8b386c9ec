"""PolynomialFeatures in double, multiplied in scikit-learn's order."""

from __future__ import annotations

from typing import Any

import numpy as np

from writing.nodes import Nodes
from writing.registration import add_values


def register() -> None:
    from sklearn.preprocessing import PolynomialFeatures

    add_values(PolynomialFeatures, lambda model: model.n_output_features_, convert)


def convert(nodes: Nodes, model: Any) -> None:
    """Degree by degree: a product's first column times the product of the others, which is one of the degree below."""
    rows = nodes.rows()
    wanted = [tuple(np.repeat(np.arange(len(powers)), powers).tolist()) for powers in model.powers_]
    made: dict[tuple[int, ...], int] = {(at,): at for at in range(model.n_features_in_)}
    blocks = [nodes.constant_rows(np.ones((1, 1)))] if () in wanted else []
    products = rows
    for degree in range(1, max(map(len, wanted), default=0) + 1):
        if degree > 1:
            terms = list(dict.fromkeys(term[at:] for term in wanted for at in range(len(term)) if len(term) - at == degree))
            first = nodes.emit("Gather", rows, np.array([term[0] for term in terms]), axis=1)
            rest = nodes.emit("Gather", products, np.array([made[term[1:]] for term in terms]), axis=1)
            products, made = nodes.emit("Mul", rest, first), {term: at for at, term in enumerate(terms)}
        places = [made[term] for term in wanted if len(term) == degree]
        if places:
            blocks.append(nodes.emit("Gather", products, np.array(places), axis=1))
    nodes.deliver(nodes.beside(blocks))
