"""Networks as people save them with PyTorch: scripted, traced and exported, with fixed and free numbers of rows.

    PYTHON-OF-THE-PYTORCH-ENVIRONMENT legitimate_pytorch.py FOLDER
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any, Dict, NamedTuple, Tuple

import torch
from torch import Tensor, nn

WIDTH = 4
ROWS = {0: torch.export.Dim("rows")}


class Outputs(NamedTuple):
    score: Tensor
    shares: Tensor


class Branches(nn.Module):
    """With a loop over its layers, and a branch that training decides."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.last = nn.Linear(WIDTH, 2)

    def forward(self, row: Tensor) -> Tensor:
        for layer in self.layers:
            row = torch.relu(layer(row)) + row
        if self.training:
            row = row * 2.0
        return self.last(row)


class Structured(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(WIDTH, 3)

    def forward(self, row: Tensor) -> Dict[str, Tensor]:
        hidden = self.first(row)
        return {"hidden state": hidden, "it's": hidden.softmax(1)}


class Tuples(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(WIDTH, 3)

    def forward(self, row: Tensor) -> Tuple[Tensor, Tensor]:
        hidden = self.first(row)
        return hidden.sum(1), hidden.softmax(1)


class Named(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(WIDTH, 3)

    def forward(self, row: Tensor) -> Outputs:
        hidden = self.first(row)
        return Outputs(hidden.sum(1), hidden.softmax(1))


class Keywords(nn.Module):
    """Layers and arguments with names of their own, one of them Python's."""

    def __init__(self) -> None:
        super().__init__()
        self.add_module("first-layer", nn.Linear(WIDTH, 3))
        self.add_module("größe", nn.Linear(WIDTH, 3))
        self.register_buffer("scale", torch.full((3,), 2.0))

    def forward(self, input: Tensor, *, weights: Tensor) -> Tensor:
        return getattr(self, "first-layer")(input) * self.scale + self.größe(weights)


class Dictionary(nn.Module):
    """Takes a dictionary whose keys are no names."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(WIDTH, 3)

    def forward(self, row: Tensor, more: Dict[str, Tensor]) -> Tensor:
        return self.first(row) + more["of the day"]


class Recurrent(nn.Module):
    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.cells, self.last = kind(1, 3, batch_first=True), nn.Linear(3, 1)

    def forward(self, row: Tensor) -> Tensor:
        return self.last(self.cells(row.unsqueeze(2))[0][:, -1])


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer, self.last = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True, dropout=0.0), nn.Linear(4, 1)

    def forward(self, row: Tensor) -> Tensor:
        return self.last(self.layer(row.unsqueeze(1)).mean(1))


class Functions(nn.Module):
    def forward(self, row: Tensor) -> Tensor:
        squares = torch.where(row > 0, row.pow(2), row.abs().sqrt())
        return torch.cat([squares, torch.clamp(row, -1.0, 1.0), torch.stack([row.mean(1), row.amax(1)], 1)], 1)


class Embedded(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table, self.last = nn.Embedding(5, 3), nn.Linear(6, 1)

    def forward(self, codes: Tensor) -> Tensor:
        return self.last(self.table(codes).flatten(1))


def dense(*more: nn.Module) -> nn.Module:
    return nn.Sequential(nn.Linear(WIDTH, 8), *more, nn.Linear(8, 2))


def networks() -> dict[str, nn.Module]:
    return {
        "dense": dense(nn.ReLU()),
        "activations": dense(nn.GELU(), nn.SiLU(), nn.LeakyReLU(), nn.ELU(), nn.Hardswish(), nn.Softplus()),
        "normalized": dense(nn.BatchNorm1d(8), nn.LayerNorm(8), nn.Dropout(0.3)),
        "named-steps": nn.Sequential(OrderedDict([("first", nn.Linear(WIDTH, 3)), ("squash", nn.Tanh())])),
        "convolution": nn.Sequential(nn.Unflatten(1, (1, 2, 2)), nn.Conv2d(1, 3, 2, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 2)),
        "series": nn.Sequential(nn.Unflatten(1, (1, WIDTH)), nn.Conv1d(1, 2, 2), nn.MaxPool1d(2), nn.Flatten()),
        "branches": Branches(),
        "structured": Structured(),
        "tuples": Tuples(),
        "lstm": Recurrent(nn.LSTM),
        "functions": Functions(),
    }


def main(folder: Path) -> None:
    folder.mkdir(parents=True)
    torch.manual_seed(20261201)
    row = torch.randn(3, WIDTH)
    for name, network in networks().items():
        network.eval()
        torch.jit.script(network).save(str(folder / f"script-{name}.pt"))
        if name != "structured":
            torch.jit.trace(network, row, check_trace=False).save(str(folder / f"trace-{name}.pt"))
        torch.export.save(torch.export.export(network, (row,), dynamic_shapes=(ROWS,)), folder / f"program-{name}.pt2")
    further(folder, row)


def further(folder: Path, row: Tensor) -> None:
    for name, network in (("gru", Recurrent(nn.GRU)), ("attention", Attention())):
        torch.jit.trace(network.eval(), row, check_trace=False).save(str(folder / f"trace-{name}.pt"))
    frozen = torch.jit.freeze(torch.jit.script(dense(nn.ReLU(), nn.BatchNorm1d(8)).eval()))
    frozen.save(str(folder / "script-frozen.pt"))
    torch.jit.script(Embedded().eval()).save(str(folder / "script-embedded.pt"))
    torch.jit.script(Named().eval()).save(str(folder / "script-named.pt"))
    halves = {"input": ROWS, "weights": ROWS}
    torch.export.save(torch.export.export(Keywords().eval(), (row,), {"weights": row}, dynamic_shapes=halves), folder / "program-keywords.pt2")
    days = {"of the day": row[:, :3]}
    shapes = {"row": ROWS, "more": {"of the day": ROWS}}
    torch.export.save(torch.export.export(Dictionary().eval(), (row, days), dynamic_shapes=shapes), folder / "program-dictionary.pt2")
    torch.export.save(torch.export.export(dense(nn.ReLU()).eval(), (row,)), folder / "program-fixed.pt2")
    torch.export.save(torch.export.export(Embedded().eval(), (torch.tensor([[0, 1], [2, 4]]),), dynamic_shapes=(ROWS,)), folder / "program-embedded.pt2")
    lowered = torch.export.export(dense(nn.GELU()).eval(), (row,), dynamic_shapes=(ROWS,)).run_decompositions()
    torch.export.save(lowered, folder / "program-decomposed.pt2")
    torch.export.save(torch.export.export(dense(nn.ReLU()).eval().double(), (row.double(),), dynamic_shapes=(ROWS,)), folder / "program-double.pt2")
    torch.export.save(torch.export.export(dense(nn.ReLU()).eval(), (row,), dynamic_shapes=(ROWS,)), folder / "program-noted.pt2", extra_files={"note.txt": "made by (someone)"})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
