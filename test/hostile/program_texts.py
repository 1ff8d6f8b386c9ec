"""Puts code into every text of a program of torch.export, one at a time: what our list then lets through, torch loads and runs.

    PYTHON-OF-THE-PYTORCH-ENVIRONMENT program_texts.py FOLDER        prints how many were refused, how many loaded, and which ran code
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "converters" / "pytorch"))
sys.path.insert(1, str(Path(__file__).parents[2] / "python"))
sys.path.insert(2, str(Path(__file__).parents[1] / "converters"))
import torch
from programs import complaints
from pytorch_disguised import members, write

MODEL = "archive/models/model.json"
# How code may end what stands before it.
PAYLOADS = ("x={0}", "');{0};('", '");{0};("', "\n{0}\n", "{0}", "x):\n  {0}\n#", "a:{0}", "\\');{0}#")
# Of texts under one key as many as are enough.
MOST = 6


class Network(torch.nn.Module):
    """With a buffer that changes, a constant, a branch, and dictionaries in and out."""

    def __init__(self) -> None:
        super().__init__()
        self.last = torch.nn.Linear(4, 2)
        self.register_buffer("count", torch.zeros(1))
        self.weights = torch.tensor([1.0, 2.0])

    def forward(self, row: Any, *, more: Any) -> Any:
        self.count.add_(1.0)
        found = torch.cond(row.sum() > 0, lambda given: given.relu(), lambda given: given.tanh(), (self.last(row),))
        return {"it's": found + more["a b"], "sum": (torch.einsum("ij,j->i", found, self.weights),)}


def main(folder: Path) -> None:
    folder.mkdir()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    rows = torch.export.Dim("rows")
    given = (torch.zeros(2, 4),), {"more": {"a b": torch.zeros(2, 2)}}
    shapes = {"row": {0: rows}, "more": {"a b": {0: rows}}}
    torch.export.save(torch.export.export(Network().eval(), *given, dynamic_shapes=shapes), folder / "good.pt2")
    parts = members(folder / "good.pt2")
    marker, path = folder / "ran", folder / "changed.pt2"
    refused, loaded, ran = 0, Counter(), []
    for key, document in changes(json.loads(parts[MODEL]), f"open({str(marker)!r},'w')"):
        if next(complaints(document), None) is not None:
            refused += 1
        elif loaded[key] < MOST:
            loaded[key] += 1
            write(path, [*{**parts, MODEL: json.dumps(document).encode()}.items()])
            run(path, given)
            if marker.exists():
                ran.append(key)
                marker.unlink()
    print(json.dumps({"good": next(complaints(json.loads(parts[MODEL])), None), "refused": refused, "loaded": sorted(loaded), "ran": ran}))


def changes(document: Any, code: str) -> Iterator[tuple[str, Any]]:
    for place in places(document, []):
        for payload in PAYLOADS:
            for before in (True, False):
                changed = json.loads(json.dumps(document))
                inside = changed
                for step in place[:-1]:
                    inside = inside[step]
                last = place[-1]
                if isinstance(inside, dict) and not isinstance(inside[last], str):
                    inside[(last if before else "") + payload.format(code)] = inside.pop(last)
                else:
                    inside[last] = (inside[last] if before else "") + payload.format(code)
                yield next(step for step in reversed(place) if isinstance(step, str)), changed


def places(value: Any, way: list[Any]) -> Iterator[list[Any]]:
    """Every text, and every key of what is no text."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for key, inner in items:
        if isinstance(inner, str) or isinstance(key, str):
            yield [*way, key]
        yield from places(inner, [*way, key])


def run(path: Path, given: Any) -> None:
    with contextlib.suppress(Exception), contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        module = torch.export.load(path).module(check_guards=False)
        module.recompile()
        module(*given[0], **given[1])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
