"""What one value of a map of EfficientNet-Lite0 is made of: its window, its kernels and the sum, and what it has seen.

The maps are those of `efficientnet.maps`, numbered from 0 after the stem; map i + 1 comes after block i. Nothing is run
again but what one value needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments.nn.efficientnet import BLOCKS, Weights, pointwise, relu6

Array = NDArray[Any]
Place = tuple[int, int]
"""Row and column in a map, from 0."""


@dataclass(frozen=True)
class Sums:
    """Sums over windows, one for each channel: windows and kernels (k, k, C), biases and what ReLU6 keeps (C,)."""

    windows: Array
    kernels: Array
    biases: Array
    kept: Array


@dataclass(frozen=True)
class Mixture:
    """One value after a block: Σ weights · sums.kept + bias, and the block's input there, if it is added; else 0."""

    sums: Sums
    weights: Array
    bias: float
    shortcut: float

    @property
    def parts(self) -> Array:
        """What each of the block's inner channels adds, (C,)."""
        parts: Array = self.weights * self.sums.kept
        return parts

    @property
    def value(self) -> float:
        """The value itself."""
        return float(self.parts.sum()) + self.bias + self.shortcut


def of_stem(x: Array, weights: Weights, place: Place, channel: int) -> Sums:
    """The value of one channel after the stem, from the prepared picture x (H, W, 3) (EQ N2.3b and ReLU6).

    The window and kernel are (3, 3, 3), the last axis RGB; bias and value have one entry.
    """
    w, b = weights["stem"]
    window, _ = _window(x, 3, 2, place)
    kernel = w[channel].reshape(window.shape)
    return Sums(window, kernel, b[channel : channel + 1], relu6(np.atleast_1d((window * kernel).sum() + b[channel])))


def of_block(x: Array, weights: Weights, block: int, place: Place, channel: int) -> Mixture:
    """The value of one channel after a block, from the map x (H, W, C_in) that it reads."""
    shape = BLOCKS[block]
    window, inside = _window(x, shape.k, shape.stride, place)
    if shape.inner != shape.c_in:
        # Zeros are put around the wide map, not around what it is made of.
        window = relu6(pointwise(window, *weights[f"expand {block}"])) * inside
    kernels, biases = weights[f"depthwise {block}"]
    kept = relu6((window * kernels).sum(axis=(0, 1)) + biases)
    w, b = weights[f"project {block}"]
    added = shape.stride == 1 and shape.c_in == shape.c_out
    shortcut = float(x[(*place, channel)]) if added else 0.0
    return Mixture(Sums(window, kernels, biases, kept), w[channel], float(b[channel]), shortcut)


def _window(x: Array, k: int, stride: int, place: Place) -> tuple[Array, Array]:
    """One of `efficientnet.windows`, (k, k, C), without the others; and what of it is the map, not zeros, (k, k, 1)."""
    sizes = x.shape[:2]
    first = [at * stride - _zeros_before(size, k, stride) for at, size in zip(place, sizes, strict=True)]
    there = tuple(slice(max(0, -at), min(k, size - at)) for at, size in zip(first, sizes, strict=True))
    here = tuple(slice(max(0, at), at + k) for at in first)
    window, inside = np.zeros((k, k, x.shape[2]), x.dtype), np.zeros((k, k, 1), x.dtype)
    window[there], inside[there] = x[here], 1
    return window, inside


def _zeros_before(size: int, k: int, stride: int) -> int:
    """Zeros above or to the left of a layer's input, along a side of `size`: an odd one goes below or to the right."""
    return max(0, (-(-size // stride) - 1) * stride + k - size) // 2


def sides(number: int, side: int) -> list[int]:
    """The side of each map up to map `number`, of a picture side × side."""
    found = []
    for stride in (2, *(block.stride for block in BLOCKS[:number])):
        side = -(-side // stride)
        found.append(side)
    return found


def field(number: int, place: Place, side: int) -> tuple[range, range]:
    """The rows and columns of the picture, side × side, that a value of map `number` depends on.

    Zeros around the picture are among them; `inside` leaves them out.
    """
    layers = [(3, 2), *((block.k, block.stride) for block in BLOCKS[:number])]
    sizes = [side, *sides(number, side)]
    before = [_zeros_before(size, k, stride) for (k, stride), size in zip(layers, sizes, strict=False)]
    rows, columns = (_traced(at, layers, before) for at in place)
    return rows, columns


def inside(part: range, side: int) -> range:
    """What of a field's rows or columns lies in the picture."""
    return range(max(0, part.start), min(side, part.stop))


def _traced(at: int, layers: list[tuple[int, int]], before: list[int]) -> range:
    """Go back from one place to all that it reads, along one side; what lies outside the picture is left in."""
    first = last = at
    for (k, stride), zeros in zip(reversed(layers), reversed(before), strict=True):
        first = first * stride - zeros
        last = last * stride - zeros + k - 1
    return range(first, last + 1)
