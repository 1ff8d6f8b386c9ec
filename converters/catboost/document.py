"""CatBoost's own JSON of a model, checked: every split, leaf and table of category statistics."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from predictable_bridge.errors import ConverterError
from predictable_facts.reading import reading

INTACT_HINT = "Check that the file was copied whole, or save the model again with model.save_model(path)."


@dataclass
class Document:
    """`floats` and `cats`: CatBoost's facts of its columns; `ctrs`: the statistics of categories that trees compare, in the order
    of their splits' numbers; `hashes`: CatBoost's number for each text among the categories of the sample."""

    floats: list[dict[str, Any]]
    cats: list[dict[str, Any]]
    ctrs: list[dict[str, Any]]
    tables: dict[str, dict[str, Any]]
    oblivious: list[dict[str, Any]]
    free: list[dict[str, Any]]
    scale: float
    bias: list[float]
    loss: str
    hashes: dict[str, int]

    @property
    def width(self) -> int:
        return len(self.floats) + len(self.cats)

    @property
    def first_ctr_split(self) -> int:
        """Splits are numbered: borders of numbers first, then single categories, then statistics."""
        return sum(len(entry["borders"]) for entry in self.floats) + sum(len(entry.get("values", [])) for entry in self.cats)


def export(model: Any, folder: str, pool: Any | None = None) -> Document:
    """`pool`: rows with the categories whose numbers are wanted. Raises UNSUPPORTED_MODEL or CORRUPT_MODEL."""
    if model._get_text_feature_indices() or model._get_embedding_feature_indices():
        raise reads_text()
    path = Path(folder) / "catboost.json"
    with reading("The file", corrupt):
        model.save_model(str(path), format="json", pool=pool)
        found = json.loads(path.read_text("utf-8"))
        path.unlink()
        return document_of(found)


def reads_text() -> ConverterError:
    message = "The model reads free text or embeddings: SQL columns are numbers and categories."
    return ConverterError("UNSUPPORTED_MODEL", message, "Train on columns that these were made into beforehand.")


def corrupt(title: str, reason: str) -> ConverterError:
    return ConverterError("CORRUPT_MODEL", f"{title} is not a whole CatBoost model: {reason}.", INTACT_HINT)


def document_of(found: dict[str, Any]) -> Document:
    features = found["features_info"]
    scale, bias = found["scale_and_bias"]
    return Document(
        features.get("float_features", []),
        features.get("categorical_features", []),
        features.get("ctrs", []),
        found.get("ctr_data", {}),
        found.get("oblivious_trees", []),
        found.get("trees", []),
        float(scale),
        [float(value) for value in bias],
        found["model_info"]["params"]["loss_function"]["type"],
        {entry["value"]: signed(int(entry["hash"])) for entry in features.get("cat_features_hash", [])},
    )


def signed(value: int) -> int:
    """CatBoost's number of a category as the splits have it: 32 bits with a sign."""
    return value - 2**32 if value >= 2**31 else value
