"""Layers that make maps smaller without weights: maxima, averages, blurred samples. Maps are (C, H, W, N)."""

from __future__ import annotations

import numpy as np

from instruments.nn.float_bits import from_ordered, kept, ordered
from instruments.nn.layers import Layer, framed
from instruments.nn.ops import output_size
from instruments.nn.windows import Array


class Window(Layer):
    """What all pooling shares: a window of `k` pixels, moved by `stride`."""

    def __init__(self, k: int = 2, stride: int | None = None) -> None:
        super().__init__()
        self.k, self.stride = k, k if stride is None else stride

    def taps(self, x: Array) -> list[Array]:
        """View what each tap of the window reads, in reading order: k·k views (C, H_out, W_out, N)."""
        rows, columns = (output_size(side, self.k, self.stride) for side in x.shape[1:3])
        s = self.stride
        return [
            x[:, i : i + s * (rows - 1) + 1 : s, j : j + s * (columns - 1) + 1 : s]
            for i in range(self.k)
            for j in range(self.k)
        ]


class MaxPool(Window):
    """Max-pooling (EQ N2.2), without padding. The gradient goes to the first largest pixel of each window.

    First along the rows, then along the columns: less work than both at once, and the first row with the largest value,
    then the first pixel in it, is the first of the window in reading order.
    """

    def forward(self, x: Array, training: bool = False) -> Array:
        """(C, H, W, N) -> (C, H_out, W_out, N)."""
        self._order = ordered(x)
        self._rows = self._maxima(self._order, 2)
        self._largest = self._maxima(self._rows, 1)
        return from_ordered(self._largest, x.dtype)

    def backward(self, gradient: Array) -> Array:
        """(C, H_out, W_out, N) -> (C, H, W, N)."""
        return self._to_first(self._to_first(gradient, self._rows, self._largest, 1), self._order, self._rows, 2)

    def _along(self, x: Array, axis: int) -> list[Array]:
        """View what each pixel of the windows along one axis reads."""
        span = self.stride * (output_size(x.shape[axis], self.k, self.stride) - 1) + 1
        before = (slice(None),) * axis
        return [x[(*before, slice(i, i + span, self.stride))] for i in range(self.k)]

    def _maxima(self, x: Array, axis: int) -> Array:
        first, *others = self._along(x, axis)
        largest = first.copy()
        for tap in others:
            np.maximum(largest, tap, out=largest)
        return largest

    def _to_first(self, gradient: Array, x: Array, largest: Array, axis: int) -> Array:
        """Give each maximum's gradient to the first pixel that has it; what is given is gone for the others."""
        whole = np.zeros(x.shape, gradient.dtype)
        *shares, last = self._along(whole, axis)
        rest = gradient
        for tap, share in zip(self._along(x, axis), shares, strict=False):
            won = kept(rest, tap == largest)
            share += won
            rest = rest - won
        last += rest
        return whole


class AvgPool(Window):
    """Average-pooling, without padding."""

    def forward(self, x: Array, training: bool = False) -> Array:
        """(C, H, W, N) -> (C, H_out, W_out, N)."""
        self._shape = x.shape
        total: Array = np.zeros_like(self.taps(x)[0])
        for tap in self.taps(x):
            total += tap
        total *= x.dtype.type(1 / self.k**2)
        return total

    def backward(self, gradient: Array) -> Array:
        """(C, H_out, W_out, N) -> (C, H, W, N)."""
        whole = np.zeros(self._shape, gradient.dtype)
        part = gradient * gradient.dtype.type(1 / self.k**2)
        for share in self.taps(whole):
            share += part
        return whole


class BlurPool(Window):
    """Every second value of the maps smoothed by 1, 2, 1 along both axes, zeros around (Zhang 2019)."""

    WEIGHTS = tuple(down * right / 16 for down in (1, 2, 1) for right in (1, 2, 1))

    def __init__(self) -> None:
        super().__init__(3, 2)

    def forward(self, x: Array, training: bool = False) -> Array:
        """(C, H, W, N) -> (C, ⌈H/2⌉, ⌈W/2⌉, N)."""
        self._shape = x.shape
        weighted = zip(self.taps(framed(x, 1)), self.WEIGHTS, strict=True)
        total = np.zeros((len(x), (x.shape[1] + 1) // 2, (x.shape[2] + 1) // 2, x.shape[3]), x.dtype)
        for tap, weight in weighted:
            total += tap * x.dtype.type(weight)
        return total

    def backward(self, gradient: Array) -> Array:
        """(C, H_out, W_out, N) -> (C, H, W, N)."""
        C, H, W, N = self._shape
        whole = np.zeros((C, H + 2, W + 2, N), gradient.dtype)
        for share, weight in zip(self.taps(whole), self.WEIGHTS, strict=True):
            share += gradient * gradient.dtype.type(weight)
        return whole[:, 1:-1, 1:-1]


class GlobalAverage(Layer):
    """The mean of every map: (C, H, W, N) -> rows (N, C) (Lin et al. 2014)."""

    def forward(self, x: Array, training: bool = False) -> Array:
        """(C, H, W, N) -> (N, C)."""
        self._shape = x.shape
        C, H, W, N = x.shape
        total = np.add.reduce(x.reshape(C, H * W, N), 1)
        return np.ascontiguousarray((total * x.dtype.type(1 / (H * W))).T)

    def backward(self, gradient: Array) -> Array:
        """(N, C) -> (C, H, W, N)."""
        H, W = self._shape[1:3]
        share = np.ascontiguousarray(gradient.T) * gradient.dtype.type(1 / (H * W))
        whole: Array = np.repeat(share[:, None], H * W, 1).reshape(self._shape)
        return whole
