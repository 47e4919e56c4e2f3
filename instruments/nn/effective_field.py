"""How strongly each pixel of a receptive field moves its unit: the gradient of one unit, measured on random networks.

Luo et al. 2016: it fades towards the border like a Gaussian. Every draw takes new random weights and a new random
image, runs the stack forwards with ReLU between convolutions and one unit's gradient back. Arrays are (N, C, H, W).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from instruments.nn import ops
from instruments.nn.geometry import Layer, copies, reaches, windows

Array = NDArray[Any]
Stack = tuple[Layer, ...]
Back = Callable[[Array], Array]
Draw: TypeAlias = "np.random.Generator"  # as text: numpy.random is not in the start-up image

CHANNELS = 4
"""Width of the random networks."""

LARGEST_FIELD = 600
"""Greatest field that is measured, px."""

KEPT = 48
"""Longest side of the heat map that is kept, cells."""


@dataclass(frozen=True)
class Effective:
    """Result of some draws: heat map (n, n) from 0 to 1 over `side` px, σ in px, the R² of the Gaussian.

    `leaked` says whether any gradient lay outside the theoretical field.
    """

    draws: int
    side: int
    sigma: float
    fit: float
    leaked: bool
    heat: Array


def side_of(stack: Stack) -> int:
    """Return the side of the image that gives 3 × 3 units, so that the middle one's field has a margin, px."""
    last = reaches(stack)[-1]
    return last.field + 2 * last.jump


def measured(stack: Stack, draws: int) -> Iterator[Effective]:
    """Accumulate squared gradients, each draw weighing the same; yields after every draw."""
    last, side = reaches(stack)[-1], side_of(stack)
    total = np.zeros((side, side))
    for seed in range(draws):
        square = unit_gradient(stack, np.random.default_rng(seed)) ** 2
        total += square / (square.sum() or 1)
        yield _summary(total, seed + 1, last.jump)


def unit_gradient(stack: Stack, draw: Draw) -> Array:
    """Return the gradient of the middle unit with respect to the image, (side, side), for one random network."""
    side = side_of(stack)
    y, back = network(stack, draw.standard_normal((1, 1, side, side)), draw)
    gradient = np.zeros_like(y)
    gradient[0, 0, 1, 1] = 1
    return np.asarray(back(gradient)[0, 0])


def network(stack: Stack, x: Array, draw: Draw) -> tuple[Array, Back]:
    """Run a stack with random weights on x (1, 1, H, W); returns its output and how gradients come back to x."""
    backs: list[Back] = []
    rows = [copy for layer in stack for copy in copies(layer)]
    for place, layer in enumerate(rows):
        x, back = _layer(layer, x, draw, last=place == len(rows) - 1)
        backs.append(back)
    return x, ops.chained(backs)


def _layer(layer: Layer, x: Array, draw: Draw, last: bool) -> tuple[Array, Back]:
    """Run one layer without padding; returns what it gives and how gradients come back."""
    if layer.kind == "max-pool":
        return ops.max_pool2d(x, layer.k, layer.stride), lambda g: ops.max_pool2d_gradient(g, x, layer.k, layer.stride)
    if layer.kind == "avg-pool":
        return _convolved(x, np.full((x.shape[1], 1, layer.k, layer.k), 1 / layer.k**2), layer.stride, x.shape[1])
    if layer.kind.startswith("bottleneck"):
        return _residual(layer, x, draw, last)
    depthwise = layer.kind == "depthwise"
    groups = x.shape[1] if depthwise else 1
    weights = _weights(x.shape[1], layer.k, draw, depthwise)
    y, back = _convolved(x, weights, layer.stride, groups, layer.dilation)
    return (y, back) if last else _rectified(y, back)


def _weights(channels: int, k: int, draw: Draw, depthwise: bool = False) -> Array:
    """Draw weights that keep the size of activations through ReLU (He et al. 2015)."""
    shape = (channels, 1, k, k) if depthwise else (CHANNELS, channels, k, k)
    return draw.normal(0, (2 / (shape[1] * k * k)) ** 0.5, shape)


def _convolved(x: Array, w: Array, stride: int, groups: int = 1, dilation: int = 1) -> tuple[Array, Back]:
    size = x.shape[2:]
    y = ops.conv2d(x, w, stride=stride, dilation=dilation, groups=groups)
    return y, lambda g: ops.conv2d_input_gradient(g, w, size, stride, dilation=dilation, groups=groups)


def _rectified(y: Array, back: Back) -> tuple[Array, Back]:
    alive = y > 0
    return y * alive, lambda g: back(g * alive)


def _residual(layer: Layer, x: Array, draw: Draw, last: bool) -> tuple[Array, Back]:
    """Run a bottleneck: three convolutions beside a shortcut that is cropped to their places."""
    y, backs = x, []
    for place, window in enumerate(windows([layer])):
        y, back = _convolved(y, _weights(y.shape[1], window.k, draw), window.stride)
        if place < 2:
            y, back = _rectified(y, back)
        backs.append(back)
    start, size = (layer.stride if layer.kind == "bottleneck-v1" else 1), x.shape
    rows, columns = (slice(start, start + (n - 1) * layer.stride + 1, layer.stride) for n in y.shape[2:])
    cut = x[:, :, rows, columns]
    shortcut, through = (cut, None) if cut.shape == y.shape else _convolved(cut, _weights(x.shape[1], 1, draw), 1)

    def back_through(gradient: Array) -> Array:
        whole = np.zeros(size)
        whole[:, :, rows, columns] = through(gradient) if through else gradient
        for back in reversed(backs):
            gradient = back(gradient)
        return whole + gradient

    return (y + shortcut, back_through) if last else _rectified(y + shortcut, back_through)


def _summary(total: Array, draws: int, margin: int) -> Effective:
    """Fit a round Gaussian by its second moments and grade the heat map by its peak."""
    side = len(total)
    share = total / (total.sum() or 1)
    away = np.arange(side) - (side - 1) / 2
    square = np.add.outer(away**2, away**2)
    sigma = float(np.sqrt((share * square).sum() / 2))
    field = slice(margin, side - margin)
    inner = share[field, field]
    shape = np.exp(-square[field, field] / (2 * sigma**2)) if sigma else np.ones_like(inner)
    gaussian = shape * (inner * shape).sum() / (shape**2).sum()
    spread = ((inner - inner.mean()) ** 2).sum()
    fit = float(1 - ((inner - gaussian) ** 2).sum() / spread) if spread else 1.0
    leaked = bool(_outside(total, margin).any())
    return Effective(draws, side, sigma, fit, leaked, _shrunk(total))


def _outside(total: Array, margin: int) -> Array:
    beyond = total.copy()
    beyond[margin:-margin, margin:-margin] = 0
    return beyond


def _shrunk(total: Array) -> Array:
    """Average blocks of pixels until the map is small enough to keep; its peak becomes 1."""
    block = -(-len(total) // KEPT)
    padded = np.pad(total, (0, -len(total) % block))
    n = len(padded) // block
    small = padded.reshape(n, block, n, block).mean(axis=(1, 3))
    return np.asarray(small / (small.max() or 1))


def write(result: Effective) -> str:
    """Write a result as short text, so that a state can hold it."""
    levels = np.floor(result.heat * 255 + 0.5).astype(np.uint8)
    head = f"{result.draws}:{result.side}:{result.sigma:.3f}:{result.fit:.4f}:{int(result.leaked)}"
    return f"{head}:{b64encode(levels.tobytes()).decode()}"


def read(text: str) -> Effective | None:
    """Read what `write` wrote; None if it is something else."""
    parts = text.split(":")
    if len(parts) != 6:
        return None
    try:
        draws, side, leaked = (int(parts[i]) for i in (0, 1, 4))
        sigma, fit = float(parts[2]), float(parts[3])
        levels = np.frombuffer(b64decode(parts[5], validate=True), np.uint8)
    except (ValueError, Error):
        return None
    n = round(levels.size**0.5)
    sensible = 0 < draws <= 1000 and 0 < side <= 10_000 and 0 <= sigma <= side and -100 <= fit <= 1
    if n * n != levels.size or not 0 < n <= KEPT or not sensible:
        return None
    return Effective(draws, side, sigma, fit, bool(leaked), levels.reshape(n, n) / 255)
