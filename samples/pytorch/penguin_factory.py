"""Builds the network that penguin-weights.pt and its like hold the weights of: `--factory penguin_factory:build`."""

from __future__ import annotations

import torch
from torch import nn


class Penguin(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.network = nn.Sequential(nn.BatchNorm1d(3), nn.Linear(3, width), nn.Tanh(), nn.Dropout(0.1), nn.Linear(width, 3))

    def forward(self, measures: torch.Tensor) -> torch.Tensor:
        return torch.softmax(self.network(measures), 1)


def build() -> nn.Module:
    return Penguin(12)


def from_checkpoint(checkpoint: dict) -> nn.Module:
    """A function with an argument gets what the file holds."""
    return Penguin(checkpoint["width"])
