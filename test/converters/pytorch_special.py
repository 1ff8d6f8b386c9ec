"""Makes networks that need a way of their own, or are refused for a reason of their own, with rows for those that are compared.

    PYTHON-OF-THE-PYTORCH-ENVIRONMENT pytorch_special.py FOLDER
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import List

import torch
from torch import nn
from torch.nn import functional

warnings.simplefilter("ignore")

BRANCHES = '''
import torch


class Kept(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.last = torch.nn.Linear(4, 2)

    def forward(self, row):
        if self.last.weight.sum() > 0:
            return self.last(row)
        return -self.last(row)


class Frozen(Kept):
    def forward(self, row):
        if self.last.weight.sum() * row.abs().sum() * 0 >= 0:
            return self.last(row)
        # Python that torch.jit.script does not take.
        return [*map(torch.neg, (self.last(row),))][0]


kept, frozen = Kept, Frozen
'''


class Random(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.last = nn.Linear(4, 2)

    def forward(self, row: torch.Tensor) -> torch.Tensor:
        return functional.dropout(self.last(row), 0.5, True)


class MixedRows(Random):
    def forward(self, row: torch.Tensor) -> torch.Tensor:
        return self.last(row - row.mean(0))


class NoRows(Random):
    def forward(self, row: torch.Tensor) -> torch.Tensor:
        return self.last(row).sum()


class Lists(Random):
    def forward(self, parts: List[torch.Tensor]) -> torch.Tensor:
        return self.last(parts[0])


class Operator(Random):
    def forward(self, row: torch.Tensor) -> torch.Tensor:
        return torch.linalg.svd(self.last(row).unsqueeze(2))[1]


class BatchBranch(Random):
    """Small numbers, of which the check before the export sees none beyond the limit."""

    def forward(self, row: torch.Tensor) -> torch.Tensor:
        found = self.last(row)
        if bool(row.max() > 50):
            found = found * 2
        return found


class Dropout(Random):
    def __init__(self) -> None:
        super().__init__()
        self.drop = nn.Dropout()

    def forward(self, row: torch.Tensor) -> torch.Tensor:
        return self.drop(self.last(row))


class RootMeanSquare(Random):
    """Only the exporter of torch.export has it, in opset 18."""

    def forward(self, row: torch.Tensor) -> torch.Tensor:
        return functional.rms_norm(self.last(row), (2,))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    for name, kind in {"random": Random, "mixed-rows": MixedRows, "no-rows": NoRows, "list": Lists, "batch-branch": BatchBranch}.items():
        torch.jit.script(kind().eval()).save(str(folder / f"{name}.pt"))
    torch.jit.trace(Operator().eval(), torch.zeros(2, 4)).save(str(folder / "operator.pt"))
    torch.export.save(torch.export.export(Dropout().train(), (torch.zeros(2, 4),)), folder / "training.pt2")
    rows = ({0: torch.export.Dim("rows")},)
    torch.export.save(torch.export.export(RootMeanSquare().eval(), (torch.zeros(2, 4),), dynamic_shapes=rows), folder / "lowered.pt2")
    torch.save(Random(), folder / "whole.pt")
    torch.save(Random().state_dict(), folder / "branches.pt")
    (folder / "branches.py").write_text(BRANCHES)
    whole = (folder / "operator.pt").read_bytes()
    (folder / "cut.pt").write_bytes(whole[: len(whole) // 2])
    header = "a,b,c,d\n"
    table = [f"{at},{-at},{at % 7},{1 - at}\n" for at in range(60)]
    for name in ("random", "mixed-rows", "no-rows", "operator", "batch-branch", "branches", "lowered"):
        (folder / f"{name}.sample.csv").write_text(header + "".join(table))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
