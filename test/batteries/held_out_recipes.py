"""Which pipelines the battery of held-out rows has: diagonals of preprocessors × models × wrappers × kinds of columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator

from sklearn.base import clone
from sklearn.pipeline import make_pipeline

from held_out_models import MODELS, Model
from held_out_steps import PREPROCESSORS, WRAPPERS, Preprocessor, Wrapper

# How often each preprocessor meets another model, and each wrapper another pipeline.
ROUNDS, WRAPPED = 3, 3
DOUBLE_MODELS = ["hist", "hist-regressor", "lightgbm", "lightgbm-regressor"]
DOUBLE_STEPS = ["none", "standard", "power", "quantile-uniform", "bins-ordinal", "nested-columns"]
PARALLEL_MODELS = ["forest", "forest-regressor", "extra-trees", "bagging", "isolation"]
FLOAT_MODELS = ["forest", "hist", "boosting", "neighbors", "logistic", "lightgbm"]
MISSING_MODELS = ["hist", "forest", "lightgbm", "xgboost", "boosting"]


@dataclass
class Recipe:
    """`task`: which of the table's targets is learnt. `workers`: n_jobs, as the pickle keeps it."""

    name: str
    preprocessor: str
    model: str
    wrapper: str
    kind: str
    task: str
    workers: int | None = None

    def build(self) -> Any:
        last = MODELS[self.model].make()
        if self.workers is not None:
            last.set_params(n_jobs=self.workers)
        pipeline = make_pipeline(*PREPROCESSORS[self.preprocessor].steps(), last)
        return WRAPPERS[self.wrapper].around(pipeline) if self.wrapper else clone(pipeline)


def recipes() -> list[Recipe]:
    """Each once, in the same order every time."""
    every = [*plain(), *doubles(), *parallel(), *singles(), *with_gaps(), *wrapped()]
    return list({recipe.name: recipe for recipe in every}.values())


def plain() -> Iterator[Recipe]:
    models = list(MODELS)
    for turn in range(ROUNDS):
        for at, (name, preprocessor) in enumerate(PREPROCESSORS.items()):
            model = next_that(models, at * 7 + turn * 13, lambda each: goes(preprocessor, MODELS[each], None))
            yield recipe(name, model, "", preprocessor.kinds[(at + 3 * turn) % len(preprocessor.kinds)])


def doubles() -> Iterator[Recipe]:
    return (recipe(step, model, "", "doubles") for step in DOUBLE_STEPS for model in DOUBLE_MODELS)


def parallel() -> Iterator[Recipe]:
    return (recipe(step, model, "", kind, -1) for step, kind in [("none", "ties"), ("standard", "prices")] for model in PARALLEL_MODELS)


def singles() -> Iterator[Recipe]:
    return (recipe(step, model, "", "float32") for step in ["none", "standard"] for model in FLOAT_MODELS)


def with_gaps() -> Iterator[Recipe]:
    for step in ["none", "imputer-standard"]:
        for model in MISSING_MODELS:
            if step != "none" or MODELS[model].missing:
                yield recipe(step, model, "", "gaps")


def wrapped() -> Iterator[Recipe]:
    models, steps = list(MODELS), list(PREPROCESSORS)
    for turn in range(WRAPPED):
        for at, (name, wrapper) in enumerate(WRAPPERS.items()):
            step = next_that(steps, at * 5 + turn * 8 + 1, lambda each: wrapper.names or not PREPROCESSORS[each].names)
            preprocessor = PREPROCESSORS[step]
            model = next_that(models, at * 3 + turn * 11, lambda each: goes(preprocessor, MODELS[each], wrapper))
            yield recipe(step, model, name, preprocessor.kinds[(at + turn) % len(preprocessor.kinds)])


def next_that(names: list[str], start: int, fits: Any) -> str:
    return next(name for offset in range(len(names)) if fits(name := names[(start + offset) % len(names)]))


def goes(preprocessor: Preprocessor, model: Model, wrapper: Wrapper | None) -> bool:
    if preprocessor.needs_target and model.task == "nothing":
        return False
    if wrapper is None:
        return True
    return model.task in wrapper.tasks and not (wrapper.shares and not hasattr(model.make(), "predict_proba"))


def recipe(preprocessor: str, model: str, wrapper: str, kind: str, workers: int | None = None) -> Recipe:
    task = MODELS[model].task
    parts = [preprocessor, model, wrapper, kind, "" if workers is None else "parallel"]
    name = "_".join(part for part in parts if part)
    return Recipe(name, preprocessor, model, wrapper, kind, WRAPPERS[wrapper].tasks[task] if wrapper else task, workers)
