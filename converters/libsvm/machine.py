"""What a .model file says, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

CLASSIFIERS = ("c_svc", "nu_svc")
REGRESSORS = ("epsilon_svr", "nu_svr")
ONE_CLASS = "one_class"
TITLES = {
    "c_svc": "C-SVC",
    "nu_svc": "nu-SVC",
    "epsilon_svr": "epsilon-SVR",
    "nu_svr": "nu-SVR",
    "one_class": "one-class SVM",
}


@dataclass
class Machine:
    """`vectors`: [L,F]; `coefficients`: [L, classes − 1]; `labels` in the file's order; `marks` of a one-class density."""

    kind: str
    kernel: str
    degree: int
    gamma: float
    coef0: float
    classes: int
    rho: np.ndarray
    labels: list[int]
    counts: list[int]
    prob_a: np.ndarray | None
    prob_b: np.ndarray | None
    marks: np.ndarray | None
    vectors: np.ndarray
    coefficients: np.ndarray

    @property
    def title(self) -> str:
        return f"{TITLES[self.kind]}({self.kernel})"

    @property
    def width(self) -> int:
        return self.vectors.shape[1]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Of classes, in the order of rho, probA and the decision values."""
        return list(combinations(range(self.classes), 2))

    @property
    def has_probabilities(self) -> bool:
        if self.kind in CLASSIFIERS:
            return self.prob_a is not None and self.prob_b is not None
        return self.kind == ONE_CLASS and self.marks is not None

    def widened(self, width: int) -> Machine:
        """With columns behind the last one that the file mentions: absent means 0."""
        more = np.zeros((len(self.vectors), width - self.width))
        return replace(self, vectors=np.hstack([self.vectors, more]))

    def pair_weights(self) -> np.ndarray:
        """[L, pairs]: a vector of class i has its coefficient against class j in row j − 1, or in row j where j < i."""
        if self.kind not in CLASSIFIERS:
            return self.coefficients
        starts = np.concatenate([[0], np.cumsum(self.counts)])
        weights = np.zeros((len(self.vectors), len(self.pairs)))
        for at, (first, second) in enumerate(self.pairs):
            own, other = slice(*starts[first : first + 2]), slice(*starts[second : second + 2])
            weights[own, at] = self.coefficients[own, second - 1]
            weights[other, at] = self.coefficients[other, first]
        return weights
