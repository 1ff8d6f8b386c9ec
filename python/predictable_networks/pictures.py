"""Smaller pictures as columns (`--image-size`): resized up to what the network wants, here as in the graph."""

from __future__ import annotations

import os

import numpy as np
from predictable_bridge.errors import ConverterError
from predictable_facts.request import Request
from predictable_networks.inputs import Input, axes_of_picture, picture_axes


def choose_picture(inputs: list[Input], size: list[int] | None, request: Request) -> Input | None:
    """The input whose columns hold smaller pictures. Raises USAGE where there is none, or more than one."""
    if size is None:
        return None
    pictures = [each for each in inputs if picture_axes(each.shape) is not None]
    name = os.path.basename(request["path"])
    if len(pictures) != 1:
        what = "no input" if not pictures else "more than one input"
        message = f"{name} has {what} of shape [N,H,W,C] or [N,C,H,W] with 1, 3 or 4 channels, so --image-size cannot be used."
        raise ConverterError("USAGE", message, "Leave --image-size out.")
    (picture,) = pictures
    height, width = (picture.shape[axis] for axis in axes_of_picture(picture.shape))
    if size[0] > height or size[1] > width:
        message = f"--image-size {size[0]}x{size[1]} is larger than the {height}x{width} that {name} takes."
        raise ConverterError("USAGE", message, "It makes pictures smaller: give fewer pixels.")
    if not picture.dtype.startswith("float"):
        message = f"{name} takes pictures of {picture.dtype}: resized ones are not whole numbers."
        raise ConverterError("UNSUPPORTED_TYPE", message, "Leave --image-size out.")
    picture.picture = (size[0], size[1])
    return picture


def enlarged(tensor: Input, values: np.ndarray) -> np.ndarray:
    """Small pictures [N, *sizes] as large as the network takes them, [N, *shape]."""
    height, width = axes_of_picture(tensor.shape)
    return resized(values, {height + 1: tensor.shape[height], width + 1: tensor.shape[width]}).astype(tensor.dtype)


def reduced(tensor: Input, values: np.ndarray) -> np.ndarray:
    """Pictures [N, *shape] as small as the columns hold them, [N, *sizes]: each pixel is the mean of the large ones that it covers."""
    height, width = axes_of_picture(tensor.shape)
    assert tensor.picture is not None
    for axis, size in zip((height + 1, width + 1), tensor.picture):
        values = np.moveaxis(np.tensordot(values, covering(values.shape[axis], size).T, axes=(axis, 0)), -1, axis)
    return values


def resized(values: np.ndarray, sizes: dict[int, int]) -> np.ndarray:
    """Linear between the centres of pixels, borders repeated: ONNX's Resize with `linear` and `half_pixel`."""
    for axis, size in sizes.items():
        values = np.moveaxis(np.tensordot(values, linear(values.shape[axis], size).T, axes=(axis, 0)), -1, axis)
    return values


def linear(small: int, large: int) -> np.ndarray:
    """[large, small]: what each of the `small` values gives to each of the `large`."""
    at = np.clip((np.arange(large) + 0.5) * small / large - 0.5, 0, small - 1)
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, small - 1)
    weights = np.zeros((large, small))
    np.add.at(weights, (np.arange(large), low), 1 - (at - low))
    np.add.at(weights, (np.arange(large), high), at - low)
    return weights


def covering(large: int, small: int) -> np.ndarray:
    """[small, large]: the share of each of the `large` cells in each of the `small`."""
    edges = np.arange(small + 1) * large / small
    cells = np.arange(large)
    overlap = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
    shares: np.ndarray = np.clip(overlap, 0, None) * small / large
    return shares
