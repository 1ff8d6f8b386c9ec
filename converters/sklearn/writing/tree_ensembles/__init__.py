"""Our converters of estimators that are made of trees: they compare and decide as the original does."""

from writing.tree_ensembles import ada_boost, boosting, embedding, forests, isolation_forest


def register() -> None:
    for module in (forests, boosting, ada_boost, isolation_forest, embedding):
        module.register()
