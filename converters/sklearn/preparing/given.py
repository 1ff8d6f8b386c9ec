"""What a model is prepared for: the arithmetic of the graph, and the columns, where the model sees them as the user gives them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from folding.features import Table


@dataclass(frozen=True)
class Given:
    """`double`: whether the graph computes in double precision, as the original does. `table`: None behind a step that makes other
    features of the columns. `matrix`: whether what comes in is one matrix for certain. `computed`: features, by the pipeline that makes
    them, that turned out not to be foldable.
    """

    double: bool
    table: Table | None = None
    matrix: bool = False
    computed: frozenset[tuple[int, int]] = frozenset()

    @property
    def behind(self) -> Given:
        return replace(self, table=None)

    @property
    def after_a_step(self) -> Given:
        return replace(self, table=None, matrix=True)
