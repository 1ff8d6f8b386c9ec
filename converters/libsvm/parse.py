"""Reads a .model file strictly: libsvm's own reader trusts its counts, and crashes on a file that was cut off."""

from __future__ import annotations

import os

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.reading import MOST_COLUMNS, reading

from machine import CLASSIFIERS, ONE_CLASS, REGRESSORS, Machine

KERNELS = {"linear": (), "polynomial": ("degree", "gamma", "coef0"), "rbf": ("gamma",), "sigmoid": ("gamma", "coef0")}
# libsvm writes exactly this many, see svm_one_class_probability in its svm.cpp.
MARKS = 10
# A dense matrix of support vectors beyond this is no model of a table's columns.
MOST_NUMBERS = 50_000_000
INTACT_HINT = "Check that the file was copied whole, or save the model again with svm_save_model."


def parse(path: str) -> Machine:
    """Raises CORRUPT_MODEL, UNSUPPORTED_MODEL, TOO_MANY_COLUMNS or MODEL_TOO_LARGE."""
    with reading(path, corrupt):
        return parsed(path)


def parsed(path: str) -> Machine:
    with open(path, encoding="latin-1") as file:
        lines = file.read().split("\n")
    lines = [line.rstrip("\r") for line in lines]
    try:
        start = lines.index("SV")
    except ValueError:
        raise corrupt(path, "its header has no end (no line SV)") from None
    header = read_header(path, lines[:start])
    kind, kernel = header["svm_type"][0], header["kernel_type"][0]
    if kernel == "precomputed":
        message = f"{os.path.basename(path)} has a precomputed kernel: it holds no support vectors, only their numbers."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Train with one of libsvm's own kernels (-t 0 to 3).")
    if kernel not in KERNELS or kind not in (*CLASSIFIERS, *REGRESSORS, ONE_CLASS):
        raise corrupt(path, f"no libsvm has {kind} with the kernel {kernel}")
    classes = whole(path, header, "nr_class")
    total = whole(path, header, "total_sv")
    if classes < 2:
        message = f"{os.path.basename(path)} knows one class only: it predicts {' '.join(header.get('label', ['it']))} for every row."
        raise ConverterError("UNSUPPORTED_MODEL", message, "Train it on rows of at least two classes.")
    rows = [line for line in lines[start + 1 :] if line.strip()]
    if total < 1 or len(rows) != total:
        raise corrupt(path, f"it says {total} support vectors and holds {len(rows)}")
    if not lines[-1] == "":
        raise corrupt(path, "its last line has no end")
    coefficients, vectors = read_vectors(path, rows, classes - 1)
    pairs = classes * (classes - 1) // 2 if kind in CLASSIFIERS else 1
    parameters = {name: number(path, header, name) for name in KERNELS[kernel]}
    machine = Machine(
        kind=kind,
        kernel=kernel,
        degree=int(parameters.get("degree", 0)),
        gamma=parameters.get("gamma", 0.0),
        coef0=parameters.get("coef0", 0.0),
        classes=classes,
        rho=numbers(path, header, "rho", pairs),
        labels=wholes(path, header, "label", classes) if kind in CLASSIFIERS else [],
        counts=wholes(path, header, "nr_sv", classes) if kind in CLASSIFIERS else [],
        prob_a=numbers(path, header, "probA", pairs) if "probA" in header else None,
        prob_b=numbers(path, header, "probB", pairs) if "probB" in header else None,
        marks=numbers(path, header, "prob_density_marks", MARKS) if "prob_density_marks" in header else None,
        vectors=vectors,
        coefficients=coefficients,
    )
    if machine.degree < 0:
        raise corrupt(path, f"its polynomial has the degree {machine.degree}")
    if kind in CLASSIFIERS and (sum(machine.counts) != total or min(machine.counts) < 0):
        raise corrupt(path, f"the support vectors of its classes ({machine.counts}) are not {total} together")
    return machine


def read_header(path: str, lines: list[str]) -> dict[str, list[str]]:
    header = {}
    for line in lines:
        name, *values = line.split() or [""]
        if not values or name in header:
            raise corrupt(path, f"its header has the line {line[:60]!r}")
        header[name] = values
    for name in ("svm_type", "kernel_type", "nr_class", "total_sv", "rho"):
        if name not in header:
            raise corrupt(path, f"its header has no {name}")
    return header


def read_vectors(path: str, rows: list[str], width: int) -> tuple[np.ndarray, np.ndarray]:
    """The coefficients [L, width] and the vectors [L, F], absent values 0."""
    coefficients, entries, last = [], [], 0
    for at, row in enumerate(rows):
        parts = row.split()
        try:
            coefficients.append([float(part) for part in parts[:width]])
            found = [(int(index), float(value)) for index, value in (part.split(":") for part in parts[width:])]
        except ValueError:
            raise corrupt(path, f"support vector {at + 1} is no list of index:value") from None
        indices = [index for index, _ in found]
        if len(parts) < width or indices != sorted(set(indices)) or indices and indices[0] < 1:
            raise corrupt(path, f"support vector {at + 1} is not in libsvm's form (indices from 1, ascending)")
        last = max([last, *indices])
        entries.append(found)
    if last == 0:
        raise corrupt(path, "its support vectors are empty")
    if last > MOST_COLUMNS:
        message = f"{os.path.basename(path)} has support vectors with column {last:,}."
        raise ConverterError("TOO_MANY_COLUMNS", message, f"At most {MOST_COLUMNS:,} columns can be taken.", columns=last)
    if last * len(rows) > MOST_NUMBERS:
        message = f"{os.path.basename(path)} has {len(rows):,} support vectors of {last:,} columns."
        raise ConverterError("MODEL_TOO_LARGE", message, "Train with fewer rows, or a larger C or nu.")
    vectors = np.zeros((len(rows), last))
    for at, found in enumerate(entries):
        for index, value in found:
            vectors[at, index - 1] = value
    table = np.array(coefficients)
    if not (np.isfinite(table).all() and np.isfinite(vectors).all()):
        raise corrupt(path, "a support vector holds a number that is not finite")
    return table, vectors


def numbers(path: str, header: dict[str, list[str]], name: str, count: int) -> np.ndarray:
    try:
        values = np.array([float(value) for value in header.get(name, [])])
    except ValueError:
        raise corrupt(path, f"{name} is {' '.join(header[name])[:60]}, which are no numbers") from None
    if len(values) != count or not np.isfinite(values).all():
        raise corrupt(path, f"{name} has {len(values)} numbers, not {count}")
    return values


def wholes(path: str, header: dict[str, list[str]], name: str, count: int) -> list[int]:
    values = numbers(path, header, name, count)
    if not np.array_equal(values, np.floor(values)):
        raise corrupt(path, f"{name} is {' '.join(header[name])[:60]}, which are no whole numbers")
    return [int(value) for value in values]


def number(path: str, header: dict[str, list[str]], name: str) -> float:
    return float(numbers(path, header, name, 1)[0])


def whole(path: str, header: dict[str, list[str]], name: str) -> int:
    return wholes(path, header, name, 1)[0]


def corrupt(path: str, why: str) -> ConverterError:
    return ConverterError("CORRUPT_MODEL", f"{os.path.basename(path)} is no whole LibSVM model: {why}.", INTACT_HINT)
