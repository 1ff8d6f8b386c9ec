"""Functions such as Lambda layers hold: marshalled by the Python that runs this, or read and called.

    PYTHON keras_functions.py              prints {name: [marshalled, what it gives for 3.0]} as JSON
    PYTHON keras_functions.py DOCUMENT...  prints, for each such document, {name: {expected, found}}; found is null where it is refused
"""

import base64
import json
import marshal
import math
import os
import sys

GIVEN = 3.0


def with_closure():
    factor = 4.0
    return lambda row: row * factor


def several(row):
    double = row * 2
    return double + math.sqrt(double)


def branch(row):
    return row if row > 2 else -row


def with_inner(row):
    return (lambda inner: inner + 1)(row)


FUNCTIONS = {
    "formula": lambda row: row * 2.0 + 1.0,
    "powers": lambda row: (row ** 2 - 1) / 4 // 1,
    "call": lambda row: math.pow(row, 2),
    "keywords": lambda row: round(number=row / 7, ndigits=2),
    "tuple": lambda row: (row, -row, [row, 5])[2][0:1][0],
    "default": lambda row, more=3: row + more,
    "compared": lambda row: (row >= 3) + 1,
    "closure": with_closure(),
    "several": several,
    "branch": branch,
    "inner": with_inner,
}


def write():
    written = {}
    for name, function in FUNCTIONS.items():
        code = base64.b64encode(marshal.dumps(function.__code__)).decode("ascii")
        cells = [cell.cell_contents for cell in function.__closure__ or ()]
        written[name] = [code, list(function.__defaults__ or ()), cells, function(GIVEN)]
    print(json.dumps(written))


def read(documents):
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "python"))
    from predictable_bridge.errors import ConverterError
    from predictable_keras.lambdas import function

    answers = []
    for document in documents:
        answers.append({})
        for name, (code, defaults, cells, expected) in json.loads(document).items():
            try:
                found = function(base64.b64decode(code), tuple(defaults) or None, cells, {"math": math})(GIVEN)
            except ConverterError:
                found = None
            answers[-1][name] = {"expected": float(expected), "found": None if found is None else float(found)}
    print(json.dumps(answers))


if __name__ == "__main__":
    read(sys.argv[1:]) if sys.argv[1:] else write()
