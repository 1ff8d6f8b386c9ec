"""The networks of the PyTorch samples."""

from __future__ import annotations

from typing import Dict, NamedTuple, Tuple

import torch
from torch import nn
from torch.nn import functional


class DigitConv(nn.Module):
    """Pixels of one channel, from 0 to 16, to ten shares."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 8, 3, padding=1), nn.Conv2d(8, 12, 3, padding=1)
        self.norm, self.last = nn.BatchNorm2d(8), nn.Linear(48, 10)

    def forward(self, pixel: torch.Tensor) -> torch.Tensor:
        found = functional.max_pool2d(torch.relu(self.norm(self.first(pixel / 16))), 2)
        found = functional.max_pool2d(torch.relu(self.second(found)), 2)
        return torch.softmax(self.last(found.flatten(1)), 1)


class DigitAttention(nn.Module):
    """The eight lines of an image as a sentence of eight words."""

    def __init__(self) -> None:
        super().__init__()
        self.place = nn.Parameter(torch.zeros(8, 16))
        self.words, self.last = nn.Linear(8, 16), nn.Linear(16, 10)
        self.attention = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.0, activation="gelu", batch_first=True)

    def forward(self, pixel: torch.Tensor) -> torch.Tensor:
        words = self.words(pixel / 16) + self.place
        return torch.log_softmax(self.last(self.attention(words).mean(1)), 1)


class Guess(NamedTuple):
    species: torch.Tensor
    mass: torch.Tensor


class PenguinNet(nn.Module):
    """Three measures, a code of the island and the year, each of its own type; which species, and how many kilograms."""

    def __init__(self, means: Tuple[float, ...] = (44.0, 17.0, 201.0), spreads: Tuple[float, ...] = (5.5, 2.0, 14.0)) -> None:
        super().__init__()
        self.register_buffer("means", torch.tensor(means))
        self.register_buffer("spreads", torch.tensor(spreads))
        self.islands, self.hidden = nn.Embedding(3, 2), nn.Linear(6, 16)
        self.norm, self.species, self.mass = nn.LayerNorm(16), nn.Linear(16, 3), nn.Linear(16, 1)

    def forward(self, measures: torch.Tensor, island: torch.Tensor, year: torch.Tensor) -> Guess:
        since = (year - 2008).to(torch.float32).unsqueeze(1)
        known = torch.cat([(measures - self.means) / self.spreads, self.islands(island), since], 1)
        found = self.norm(torch.tanh(self.hidden(known)))
        return Guess(torch.softmax(self.species(found), 1), self.mass(found).squeeze(1) + 4.2)


class Sunspots(nn.Module):
    """Twelve years to the next one, which is told in hundreds."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        layer = {"lstm": nn.LSTM, "gru": nn.GRU}[kind]
        self.memory, self.last = layer(1, 12, batch_first=True), nn.Linear(12, 1)

    def forward(self, years: torch.Tensor) -> torch.Tensor:
        return self.last(self.memory(years / 100)[0][:, -1])


class Bidirectional(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.memory, self.last = nn.LSTM(1, 8, 2, batch_first=True, bidirectional=True), nn.Linear(16, 1)

    def forward(self, years: torch.Tensor) -> Dict[str, torch.Tensor]:
        found, _ = self.memory(years / 100)
        return {"next": self.last(found[:, -1]), "highest": years.max(1).values}


class PenguinSpecies(nn.Module):
    """Three measures to three shares, in whatever type its weights have."""

    def __init__(self) -> None:
        super().__init__()
        self.network = nn.Sequential(nn.BatchNorm1d(3), nn.Linear(3, 12), nn.Tanh(), nn.Dropout(0.1), nn.Linear(12, 3))

    def forward(self, measures: torch.Tensor) -> torch.Tensor:
        return torch.softmax(self.network(measures), 1)
