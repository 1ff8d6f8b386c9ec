"""A plain warm loop over many models in one process: prints the seconds that the loop took, imports left out.

    python convert_loop.py OUT ROWS MODEL SAMPLE [MODEL SAMPLE ...]

ROWS: how many rows, beside those of the sample, each model is checked on.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from convert_one import convert


def main() -> None:
    out, made_up, *files = sys.argv[1:]
    pairs = list(zip(files[::2], files[1::2]))
    # The first conversion pays for lazy imports, as the first one of a warm pool did.
    convert(*pairs[0], str(Path(out) / "warm.onnx"), int(made_up))
    started = time.perf_counter()
    for index, (model, sample) in enumerate(pairs):
        convert(model, sample, str(Path(out) / f"{index}.onnx"), int(made_up))
    print(time.perf_counter() - started)


if __name__ == "__main__":
    main()
