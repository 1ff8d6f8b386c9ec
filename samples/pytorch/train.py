"""Trains the PyTorch samples and saves each with rows like its training data.

    PYTHON-OF-THE-PYTORCH-ENVIRONMENT samples/pytorch/train.py FOLDER

samples/pytorch/models.json says what each file shows.
"""

from __future__ import annotations

import shutil
import sys
import warnings
from pathlib import Path
from typing import Any, Callable

import torch
from torch import nn
from torch.export import Dim
from torch.nn import functional

from data import MEASURES, digits, penguins, sunspots, write_sample
from networks import Bidirectional, DigitAttention, DigitConv, PenguinNet, PenguinSpecies, Sunspots

SEED = 20261128
# A trace of a transformer would otherwise hold a fused layer that nothing else has.
torch.backends.mha.set_fastpath_enabled(False)
torch.set_num_threads(1)
warnings.simplefilter("ignore")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    of_digits(folder)
    of_penguins(folder)
    of_sunspots(folder)
    shutil.copy(Path(__file__).parent / "penguin_factory.py", folder)


def of_digits(folder: Path) -> None:
    lines, label = digits()
    pixels = lines.unsqueeze(1)
    # A program's file holds the whole storage of what it was exported with.
    few = pixels[:2].clone()
    conv = fit(DigitConv, lambda network: functional.nll_loss(network(pixels).log(), label), 150)
    torch.jit.script(conv).save(str(folder / "digits-script.pt"))
    torch.jit.trace(conv, few).save(str(folder / "digits-trace.pt"))
    rows = {"pixel": {0: Dim("rows")}}
    torch.export.save(torch.export.export(conv, (few,), dynamic_shapes=rows), folder / "digits-dynamic.pt2")
    torch.export.save(torch.export.export(conv, (pixels[:4].clone(),)), folder / "digits-static.pt2")
    attention = fit(DigitAttention, lambda network: functional.nll_loss(network(lines), label), 150)
    torch.jit.trace(attention, lines[:2]).save(str(folder / "digits-attention.pt"))
    torch.export.save(torch.export.export(attention, (lines[:2].clone(),), dynamic_shapes=rows), folder / "digits-attention-program.pt2")
    for name in ("script", "trace", "dynamic", "static", "attention", "attention-program"):
        write_sample(folder / f"digits-{name}.sample.csv", {f"pixel_{at // 8}_{at % 8}": lines.flatten(1)[:, at] for at in range(64)})


def of_penguins(folder: Path) -> None:
    table = penguins()
    given = (table["measures"], table["island"], table["year"])
    measures = {name: table["measures"][:, at] for at, name in enumerate(MEASURES)}

    def loss(network: nn.Module) -> torch.Tensor:
        found = network(*given)
        return functional.nll_loss(found.species.log(), table["species"]) + functional.mse_loss(found.mass, table["mass"] / 1000)

    whole = fit(PenguinNet, loss, 200)
    torch.jit.trace(whole, tuple(each[:2] for each in given)).save(str(folder / "penguin-three-types.pt"))
    torch.jit.script(whole).save(str(folder / "penguin-script.pt"))
    for name in ("three-types", "script"):
        write_sample(folder / f"penguin-{name}.sample.csv", {**measures, "island": table["island"], "year": table["year"]})
    species = fit(PenguinSpecies, lambda network: functional.nll_loss(network(table["measures"]).log(), table["species"]), 200)
    weights = species.state_dict()
    torch.save(weights, folder / "penguin-weights.pt")
    torch.save(weights, folder / "penguin-old-weights.pt", _use_new_zipfile_serialization=False)
    parallel = {f"module.{name}": tensor for name, tensor in weights.items()}
    torch.save({"epoch": 200, "width": 12, "model_state_dict": parallel}, folder / "penguin-checkpoint.ckpt")
    torch.jit.script(species.double()).save(str(folder / "penguin-double.pt"))
    torch.jit.script(species.half()).save(str(folder / "penguin-half.pt"))
    for name in ("weights", "old-weights", "checkpoint", "double", "half"):
        write_sample(folder / f"penguin-{name}.sample.csv", measures)


def of_sunspots(folder: Path) -> None:
    years, following = sunspots()
    for kind in ("lstm", "gru"):
        network = fit(lambda: Sunspots(kind), lambda network: functional.mse_loss(network(years), following / 100), 150)
        torch.jit.script(network).save(str(folder / f"sunspots-{kind}.pt"))
    rows = {"years": {0: Dim("rows")}}
    torch.export.save(torch.export.export(network, (years[:2].clone(),), dynamic_shapes=rows), folder / "sunspots-gru-program.pt2")
    both = fit(Bidirectional, lambda network: functional.mse_loss(network(years)["next"], following / 100), 60)
    torch.jit.trace(both, years[:2], strict=False).save(str(folder / "sunspots-bidirectional.pt"))
    for name in ("lstm", "gru", "gru-program", "bidirectional"):
        write_sample(folder / f"sunspots-{name}.sample.csv", {f"years_{at}_0": years[:, at, 0] for at in range(years.shape[1])})


def fit(build: Callable[[], nn.Module], loss: Callable[[Any], torch.Tensor], steps: int) -> nn.Module:
    torch.manual_seed(SEED)
    network = build().train()
    adam = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(steps):
        adam.zero_grad()
        loss(network).backward()
        adam.step()
    with torch.no_grad():
        print(f"{type(network).__name__:16} loss {float(loss(network.eval())):.4f}", flush=True)
    return network


if __name__ == "__main__":
    main(Path(sys.argv[1]))
