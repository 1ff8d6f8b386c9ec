"""Trains LibSVM models on the Palmer penguins, and saves each with rows like its own.

    PYTHON-OF-THE-LIBSVM-ENVIRONMENT test/batteries/libsvm_models.py FOLDER

writes `<svm type>-<kernel>[-probability].model` and `<name>.sample.csv`: every type with every kernel that a file holds.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from libsvm.svmutil import svm_save_model, svm_train

from sample_tables import PENGUINS

MEASURES = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
# What brings each measure to about 0 to 1, as libsvm's guide asks for.
SCALES = [(30, 30), (13, 9), (170, 65), (2700, 3600)]
KINDS = {"c_svc": 0, "nu_svc": 1, "one_class": 2, "epsilon_svr": 3, "nu_svr": 4}
KERNELS = {"linear": "-t 0", "polynomial": "-t 1 -d 3 -g 0.5 -r 1", "rbf": "-t 2 -g 1", "sigmoid": "-t 3 -g 0.1 -r -0.5"}
# Not in the order of their numbers, as the first row of a file decides it.
SPECIES = {"Adelie": 5, "Chinstrap": -2, "Gentoo": 3}
SEXES = {"male": 1, "female": 0}


def main(folder: Path) -> None:
    with open(PENGUINS, newline="", encoding="utf-8") as file:
        penguins = [row for row in csv.DictReader(file) if "NA" not in row.values()]
    rows = [[round((float(row[name]) - low) / width, 4) for name, (low, width) in zip(MEASURES, SCALES)] for row in penguins]
    targets = {
        "species": [SPECIES[row["species"]] for row in penguins],
        "sex": [SEXES[row["sex"]] for row in penguins],
        "mass": [row[3] for row in rows],
    }
    for kind, number in KINDS.items():
        for kernel, options in KERNELS.items():
            common = f"-q -s {number} {options} -n 0.2 -c 4"
            if kind in ("c_svc", "nu_svc"):
                save(folder, f"{kind}-{kernel}", targets["species"], rows, common)
                save(folder, f"{kind}-{kernel}-probability", targets["species"], rows, f"{common} -b 1")
                save(folder, f"{kind}-{kernel}-two", targets["sex"], rows, f"{common} -b 1")
            elif kind == "one_class":
                save(folder, f"{kind}-{kernel}", [1] * len(rows), rows, common)
                save(folder, f"{kind}-{kernel}-probability", [1] * len(rows), rows, f"{common} -b 1")
            else:
                save(folder, f"{kind}-{kernel}", targets["mass"], [row[:3] for row in rows], common)
    distances = [[at + 1, *(sum(a * b for a, b in zip(one, other)) for other in rows)] for at, one in enumerate(rows)]
    save(folder, "c_svc-precomputed", targets["species"], distances, "-q -s 0 -t 4")


def save(folder: Path, name: str, target: list[float], rows: list[list[float]], options: str) -> None:
    precomputed = name.endswith("precomputed")
    first = 0 if precomputed else 1
    model = svm_train(target, [{at + first: value for at, value in enumerate(row)} for row in rows], options)
    svm_save_model(str(folder / f"{name}.model"), model)
    with open(folder / f"{name}.sample.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(MEASURES[: len(rows[0])])
        writer.writerows(row[:4] for row in rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
