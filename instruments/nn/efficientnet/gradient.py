"""How gradients come back through EfficientNet-Lite0, from a map to the numbers of the picture. Maps are (H, W, C)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from instruments.nn import ops
from instruments.nn.efficientnet import BLOCKS, Weights, depthwise, pointwise, relu6, windows

Array: TypeAlias = NDArray[Any]
Back: TypeAlias = Callable[[Array], Array]


def run(x: Array, weights: Weights, number: int) -> tuple[Array, Back]:
    """Run numbers (H, W, 3) as far as map `number` of `efficientnet.maps`; returns it, and how gradients come back."""
    size, seen = x.shape, windows(x, 3, 2)
    w, b = weights["stem"]
    y = relu6(pointwise(seen.reshape(*seen.shape[:2], -1), w, b))
    alive = (y > 0) & (y < 6)

    def back_to_picture(g: Array) -> Array:
        taps = ((g * alive) @ w).reshape(*g.shape[:2], 3, 3, 3)
        return _gathered(taps, size, 2)

    backs: list[Back] = [back_to_picture]
    for i in range(number):
        y, back = _block(y, weights, i)
        backs.append(back)
    return y, ops.chained(backs)


def _block(x: Array, weights: Weights, i: int) -> tuple[Array, Back]:
    """One block forwards, and how gradients come back through it."""
    block = BLOCKS[i]
    widens = block.inner != block.c_in
    wide = relu6(pointwise(x, *weights[f"expand {i}"])) if widens else x
    kernels, biases = weights[f"depthwise {i}"]
    seen = relu6(depthwise(wide, kernels, biases, block.stride))
    w, b = weights[f"project {i}"]
    y = pointwise(seen, w, b)
    added = y.shape == x.shape

    def back(g: Array) -> Array:
        inner = (g @ w) * ((seen > 0) & (seen < 6))
        inner = _gathered(inner[..., None, None, :] * kernels, wide.shape, block.stride)
        if widens:
            inner = (inner * ((wide > 0) & (wide < 6))) @ weights[f"expand {i}"][0]
        return inner + g if added else inner

    return (y + x if added else y), back


def _gathered(taps: Array, size: tuple[int, ...], stride: int) -> Array:
    """Add up, for a map of this size, what windows (H', W', k, k, C) give back to each place: `windows` undone."""
    rows, columns, k = taps.shape[:3]
    zeros = [max(0, (n - 1) * stride + k - m) for n, m in zip((rows, columns), size, strict=False)]
    whole = np.zeros((size[0] + zeros[0], size[1] + zeros[1], size[2]), taps.dtype)
    for i in range(k):
        for j in range(k):
            whole[i : i + stride * rows : stride, j : j + stride * columns : stride] += taps[:, :, i, j]
    top, left = (n // 2 for n in zeros)
    return whole[top : top + size[0], left : left + size[1]]
