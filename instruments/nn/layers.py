"""Layers with weights, and the two that have none of their own size: each runs forwards, then backwards.

`forward` remembers what `backward` needs; `backward` takes the gradient of its output, fills `gradients` and returns
the gradient of its input. Maps are (C, H, W, N), rows of features (N, D). Pooling stands in `pooling`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import as_strided

from instruments.nn.float_bits import kept, rectified
from instruments.nn.ops import output_size
from instruments.nn.windows import Array


class Layer:
    """A step of a network. `weights` and `gradients` share their names; most layers have none."""

    def __init__(self) -> None:
        self.weights: dict[str, Array] = {}
        self.gradients: dict[str, Array] = {}

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the output for the input x."""
        raise NotImplementedError

    def backward(self, gradient: Array) -> Array:
        """Return the gradient of the input, from that of the output of the last `forward`."""
        raise NotImplementedError

    def parts(self) -> list[Layer]:
        """Every layer in here that may have weights, itself included."""
        return [self]


class Conv(Layer):
    """A convolution layer (EQ N2.1, EQ N2.3): `kernels` (C_out, C_in, k, k), one bias per output channel.

    He initialisation from `rng`. One product per pass: kernels (C_out, C_in·k·k) and columns (C_in·k·k, H·W·N).
    """

    def __init__(
        self,
        c_in: int,
        c_out: int,
        k: int,
        rng: np.random.Generator,
        stride: int = 1,
        padding: int = 0,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.k, self.stride, self.padding = k, stride, padding
        scale = math.sqrt(2 / (c_in * k * k))
        self.weights["kernels"] = (scale * rng.standard_normal((c_out, c_in, k, k))).astype(np.float32)
        if bias:
            self.weights["bias"] = np.zeros(c_out, np.float32)

    def forward(self, x: Array, training: bool = False) -> Array:
        """(C_in, H, W, N) -> (C_out, H_out, W_out, N)."""
        _, H, W, N = self._shape = x.shape
        out = tuple(output_size(side, self.k, self.stride, self.padding) for side in (H, W))
        self._columns = columns(framed(x, self.padding), self.k, self.stride, out)
        kernels = self.weights["kernels"]
        y: Array = np.einsum("ok,kp->op", kernels.reshape(len(kernels), -1), self._columns)
        y = y.reshape(len(kernels), *out, N)
        if "bias" in self.weights:
            y += self.weights["bias"][:, None, None, None]
        return y

    def backward(self, gradient: Array) -> Array:
        """(C_out, H_out, W_out, N) -> (C_in, H, W, N)."""
        self.weigh(gradient)
        kernels = self.weights["kernels"]
        flat = gradient.reshape(len(kernels), -1)
        shares = np.einsum("ok,op->kp", kernels.reshape(len(kernels), -1), flat)
        C, H, W, N = self._shape
        p, s = self.padding, self.stride
        whole = np.zeros((C, H + 2 * p, W + 2 * p, N), gradient.dtype)
        for i, j, share in taps(shares.reshape(C, self.k, self.k, *gradient.shape[1:])):
            rows, right = (slice(a, a + s * (n - 1) + 1, s) for a, n in ((i, share.shape[1]), (j, share.shape[2])))
            whole[:, rows, right] += share
        return whole[:, p : p + H, p : p + W]

    def weigh(self, gradient: Array) -> None:
        """Fill the gradients of the weights only: all that the first layer of a network needs."""
        flat = gradient.reshape(len(gradient), -1)
        self.gradients["kernels"] = products(flat, self._columns).reshape(self.weights["kernels"].shape)
        if "bias" in self.weights:
            self.gradients["bias"] = np.add.reduce(flat, 1)


class Dense(Layer):
    """A dense layer: `weights` (D_out, D_in) as the field writes them, one bias per output. (N, D_in) -> (N, D_out)."""

    def __init__(self, d_in: int, d_out: int, rng: np.random.Generator) -> None:
        super().__init__()
        self.weights["weights"] = (math.sqrt(2 / d_in) * rng.standard_normal((d_out, d_in))).astype(np.float32)
        self.weights["bias"] = np.zeros(d_out, np.float32)

    def forward(self, x: Array, training: bool = False) -> Array:
        """(N, D_in) -> (N, D_out)."""
        self._x = x
        y: Array = np.einsum("nd,do->no", x, np.ascontiguousarray(self.weights["weights"].T))
        y += self.weights["bias"]
        return y

    def backward(self, gradient: Array) -> Array:
        """(N, D_out) -> (N, D_in)."""
        self.gradients["weights"] = np.einsum("no,nd->od", gradient, self._x)
        self.gradients["bias"] = np.add.reduce(gradient, 0)
        back: Array = np.einsum("no,od->nd", gradient, self.weights["weights"])
        return back


class Relu(Layer):
    """max(x, 0); no gradient where the input was not positive."""

    def forward(self, x: Array, training: bool = False) -> Array:
        """Any shape."""
        self._y = rectified(x)
        return self._y

    def backward(self, gradient: Array) -> Array:
        """Any shape."""
        return kept(gradient, self._y != 0)


class Flatten(Layer):
    """Maps (C, H, W, N) to rows (N, C·H·W), each in the order of the field's (C, H, W)."""

    def forward(self, x: Array, training: bool = False) -> Array:
        """(C, H, W, N) -> (N, C·H·W)."""
        self._shape = x.shape
        return np.ascontiguousarray(x.reshape(-1, x.shape[-1]).T)

    def backward(self, gradient: Array) -> Array:
        """(N, C·H·W) -> (C, H, W, N)."""
        return np.ascontiguousarray(gradient.T).reshape(self._shape)


class BatchNorm(Layer):
    """Batch normalisation per channel (Ioffe and Szegedy 2015): `scale` and `shift`, running averages for use later.

    In training the batch's own mean and variance (divided by its count) normalise; the running variance is the
    unbiased one, both averaged with weight 0.1, as in PyTorch.
    """

    MOMENTUM, SMALL = 0.1, 1e-5

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weights["scale"] = np.ones(channels, np.float32)
        self.weights["shift"] = np.zeros(channels, np.float32)
        self.mean = np.zeros(channels, np.float32)
        self.variance = np.ones(channels, np.float32)

    def forward(self, x: Array, training: bool = False) -> Array:
        """(C, H, W, N) -> the same shape."""
        flat = x.reshape(len(x), -1)
        mean, variance = self.mean, self.variance
        if training:
            mean = np.add.reduce(flat, 1) / x.dtype.type(flat.shape[1])
        centred = flat - mean[:, None]
        if training:
            variance = np.add.reduce(centred * centred, 1) / x.dtype.type(flat.shape[1])
            self._keep(mean, variance, flat.shape[1])
        self._factor = 1 / np.sqrt(variance + x.dtype.type(self.SMALL))
        self._normal = centred * self._factor[:, None]
        y: Array = self._normal * self.weights["scale"][:, None] + self.weights["shift"][:, None]
        return y.reshape(x.shape)

    def _keep(self, mean: Array, variance: Array, count: int) -> None:
        weight = mean.dtype.type(self.MOMENTUM)
        unbiased = variance * mean.dtype.type(count / max(1, count - 1))
        self.mean = self.mean + weight * (mean - self.mean)
        self.variance = self.variance + weight * (unbiased - self.variance)

    def backward(self, gradient: Array) -> Array:
        """The gradient of a forward pass in training: mean and variance moved with the input."""
        g = gradient.reshape(len(gradient), -1)
        along = np.add.reduce(g * self._normal, 1)
        total = np.add.reduce(g, 1)
        self.gradients["scale"], self.gradients["shift"] = along, total
        count = g.dtype.type(g.shape[1])
        rest: Array = g - (total / count)[:, None] - self._normal * (along / count)[:, None]
        rest *= (self.weights["scale"] * self._factor)[:, None]
        return rest.reshape(gradient.shape)


def framed(x: Array, padding: int) -> Array:
    """Put zeros around the maps (C, H, W, N)."""
    if not padding:
        return x
    C, H, W, N = x.shape
    whole = np.zeros((C, H + 2 * padding, W + 2 * padding, N), x.dtype)
    whole[:, padding : padding + H, padding : padding + W] = x
    return whole


def columns(x: Array, k: int, stride: int, out: tuple[int, ...]) -> Array:
    """Copy what each tap of the window reads into a row of its own: (C, H, W, N) -> (C·k·k, H_out·W_out·N)."""
    plane, down, right, one = x.strides
    shape = (len(x), k, k, *out, x.shape[-1])
    view = as_strided(x, shape, (plane, down, right, down * stride, right * stride, one), writeable=False)
    return np.ascontiguousarray(view).reshape(len(x) * k * k, -1)


def taps(shares: Array) -> list[tuple[int, int, Array]]:
    """List (i, j, what tap (i, j) has) of an array (C, k, k, ...)."""
    return [(i, j, shares[:, i, j]) for i in range(shares.shape[1]) for j in range(shares.shape[2])]


def products(rows: Array, others: Array) -> Array:
    """All inner products of rows (R, P) and (K, P) as (R, K), summed in double precision.

    The order of a sum along a row depends on the processor; in double precision the difference is too small to see.
    """
    wide: Array = np.einsum("rp,kp->rk", rows.astype(np.float64, copy=False), others.astype(np.float64, copy=False))
    return wide.astype(rows.dtype, copy=False)
