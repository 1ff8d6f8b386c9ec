"""Rows that are made up where there is no sample: what the stages know of their columns, and values beside thresholds."""

from __future__ import annotations

from typing import Any

import numpy as np
from predictable_facts.columns import Column
from predictable_facts.knowledge import Knowledge
from predictable_facts.rows import Rows
from predictable_tabular.made_up import made_up

from build import names_of
from data import Data
from flow import Flow, bucket_splits
from folder import Stage


def synthetic_rows(flow: Flow, data: Data, count: int) -> Rows:
    known = {column.name: found for column, found in zip(flow.columns, known_values(flow, data))}

    def number(column: Column, random: Any) -> np.ndarray:
        values = known[column.name]
        if not values:
            return np.round(random.standard_normal(count) * 2) if column.type == "int64" else random.standard_normal(count)
        found = np.array(values)
        noise = random.standard_normal(count) * (found.std() or 0.1 * np.abs(found).max() or 1.0)
        # Half lie on the values themselves, half around them.
        return random.choice(found, count) + np.where(random.random(count) < 0.5, 0.0, noise)

    return made_up(flow.columns, count, number)


def knowledge(flow: Flow, data: Data) -> Knowledge:
    """What stages hold about their columns, edges of buckets and thresholds among it, and the numbers that imputers take for missing."""
    known = zip(flow.columns, known_values(flow, data))
    found = Knowledge({column.name: np.array(values) for column, values in known if not column.text})
    columns = dict(zip(names_of(flow), flow.columns))
    for stage in flow.needed:
        # Metadata writes NaN, which is the default, as a word.
        marker = float(stage.params.get("missingValue", "nan")) if stage.kind == "ImputerModel" else np.nan
        if not np.isnan(marker):
            for name in stage.inputs:
                if name in columns:
                    found.markers.setdefault(columns[name].name, []).append(marker)
    return found


def known_values(flow: Flow, data: Data) -> list[list[float]]:
    """Of each column, the numbers that some stage holds about it."""
    names = names_of(flow)
    found: dict[str, list[float]] = {name: [] for name in names}
    places: dict[str, list[str | None]] = {}
    for stage in flow.needed:
        if stage.kind == "VectorAssembler":
            places[stage.outputs[0]] = [name if name in found else None for name in stage.inputs]
        for name in stage.inputs:
            if name in found:
                found[name] += about(stage, name, data)
        if flow.vector is None and stage.inputs and stage.inputs[0] in places:
            for column, values in zip(places[stage.inputs[0]], about_vector(stage, data)):
                if column is not None:
                    found[column] += values
        elif flow.vector is not None and stage.inputs == [flow.vector]:
            return about_vector(stage, data) or [[] for _ in flow.columns]
    return [found[name] for name in names]


def about(stage: Stage, name: str, data: Data) -> list[float]:
    at = stage.inputs.index(name)
    if stage.kind == "Bucketizer":
        return [split for split in bucket_splits(stage)[at] if np.isfinite(split)]
    if stage.kind == "ImputerModel":
        return [float(data.row(stage)[name])]
    if stage.kind == "OneHotEncoderModel":
        return [float(code) for code in range(data.sizes(stage)[at])]
    return []


def about_vector(stage: Stage, data: Data) -> list[list[float]]:
    """Means, medians, bounds, centres and thresholds, by the vector's places."""
    if "numFeatures" in stage.more and stage.group != "feature":
        thresholds: list[list[float]] = [[] for _ in range(int(stage.more["numFeatures"]))]
        for row in data.rows(stage) if stage.kind not in ("LinearSVCModel", "LogisticRegressionModel") else []:
            node = row["nodeData"] if "nodeData" in row else row  # noqa: SIM401 - a Row of Spark has no get
            split = node["split"]
            if node["leftChild"] >= 0 and split["numCategories"] < 0:
                thresholds[split["featureIndex"]].append(float(split["leftCategoriesOrThreshold"][0]))
        return thresholds
    if stage.kind == "KMeansModel":
        return np.array([row["clusterCenter"].toArray() for row in data.rows(stage)]).T.tolist()
    for kind, names in KNOWN.items():
        if stage.kind == kind:
            row = data.row(stage)
            return np.array([row[name].toArray() for name in names]).T.tolist()
    return []


KNOWN = {
    "StandardScalerModel": ["mean"],
    "MinMaxScalerModel": ["originalMin", "originalMax"],
    "MaxAbsScalerModel": ["maxAbs"],
    "RobustScalerModel": ["median"],
}
