"""H2O's own predictions: the scorer that comes with the h2o package, run by Java over a CSV file."""

from __future__ import annotations

import csv
import subprocess
from importlib.metadata import version
from pathlib import Path

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_bridge.java import find_java, java_options
from predictable_facts.columns import Column
from predictable_facts.outputs import Output, label, probabilities, value
from predictable_facts.request import Request
from predictable_facts.rows import Rows

from mojo import Mojo

# Of a model that is read once and a few thousand rows.
HEAP = "2g"
SCORER = "hex.genmodel.tools.PredictCsv"


class Native:
    def __init__(self, request: Request, mojo: Mojo, columns: list[Column]) -> None:
        self.path, self.work = request["path"], Path(request["work"])
        self.mojo, self.columns = mojo, columns
        self.command, self.java = find_java("H2O's own scorer, which predicts the reference,")
        self.version = version("h2o")

    def outputs(self, rows: Rows) -> list[Output]:
        table = self.score(rows)
        numbers = np.array([[float(cell) for cell in row[1:]] for row in table]).reshape(len(table), -1)
        if self.mojo.classes == 1:
            return [value(np.array([float(row[0]) for row in table]))]
        labels = self.mojo.labels()
        codes = {name: code for code, name in enumerate(labels)}
        return [label(np.array([codes[row[0]] for row in table]), labels), probabilities(numbers, labels)]

    def score(self, rows: Rows) -> list[list[str]]:
        """The scorer's table without its heading: the prediction, then the probability of each class."""
        given, found = self.work / "rows.csv", self.work / "predicted.csv"
        with open(given, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerow(map(escaped, self.mojo.columns[: self.mojo.features]))
            # The scorer's reader takes a backslash as the beginning of an escape.
            writer.writerows(zip(*(cells(column, rows[column.name]) for column in self.columns)))
        jar = jar_path()
        java = [self.command, "-Xmx" + HEAP, *java_options(str(self.work))]
        command = [*java, "-cp", jar, SCORER, "--mojo", self.path, "--input", str(given), "--output", str(found), "--decimal"]
        ended = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=self.work, check=False)
        if ended.returncode != 0 or not found.exists():
            said = (ended.stderr or ended.stdout).strip().splitlines() or [f"it ended with {ended.returncode}"]
            message = f"H2O's own scorer cannot score {self.mojo.name}: {said[0][:300]}"
            raise ConverterError("CORRUPT_MODEL", message, "Download the MOJO again.", output=said[-20:])
        with open(found, newline="", encoding="utf-8") as file:
            return list(csv.reader(file))[1:]


def cells(column: Column, values: np.ndarray) -> list[str]:
    if column.text:
        return ["" if text is None else escaped(text) for text in values]
    return ["" if number != number else repr(number) for number in values.tolist()]


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\")


def jar_path() -> str:
    import h2o

    return str(Path(h2o.__file__).parent / "backend" / "bin" / "h2o.jar")
