"""The arithmetic of the chapter: convolution, pooling, their geometry, their gradients, and the receptive field.

Pure functions on numpy arrays with the field's axes: (H, W) for one map, (N, C, H, W) for a batch. Results, rounding of
sizes and defaults agree with PyTorch's. Sizes written `Pair` are one whole number or (vertical, horizontal).
Floats keep their type, whole numbers and booleans are summed as int64. Draws nothing and keeps no state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from instruments.nn.windows import Array, Pair, framed_with, least_of, pair, read_by_tap, whole, windows_of


def output_size(n: int, k: int, stride: int = 1, padding: int = 0) -> int:
    """Count the windows of `k` on an axis of `n` pixels: ⌊(n − k + 2·padding) / stride⌋ + 1 (EQ N2.3).

    ValueError if the window does not fit into the padded axis, or an argument is below its least value.
    """
    n, k = whole("n", n, 0), whole("k", k, 1)
    stride, padding = whole("stride", stride, 1), whole("padding", padding, 0)
    room = n + 2 * padding
    if k > room:
        raise ValueError(f"a window of {k} does not fit into {n} + 2·{padding} = {room} pixels")
    return (room - k) // stride + 1


def correlate2d(image: ArrayLike, kernel: ArrayLike, stride: Pair = 1, padding: Pair = 0) -> Array:
    """Cross-correlate one (H, W) image with one (k_h, k_w) kernel, zeros around the image (EQ N2.1 without b).

    Returns (H_out, W_out). The image is read as one long row: a single `np.correlate` per kernel row slides over all
    image rows at once; the sums that straddle two rows are cropped. ValueError if the kernel does not fit.
    """
    image, kernel = _summable(image, kernel)
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError(f"image and kernel need 2 axes each, not {image.ndim} and {kernel.ndim}")
    _conv_size(image.shape, kernel.shape, stride, padding, 1)
    step = pair("stride", stride, 1)
    rows = framed_with(image, pair("padding", padding, 0), 0)
    k_h, k_w = kernel.shape
    height, width = rows.shape[0] - k_h + 1, rows.shape[1]
    flat = rows.ravel()
    count = height * width - k_w + 1
    total = np.zeros(height * width, dtype=rows.dtype)
    for m in range(k_h):
        start = m * width
        total[:count] += np.correlate(flat[start : start + count + k_w - 1], kernel[m].conj(), "valid")
    return total.reshape(height, width)[:: step[0], : width - k_w + 1 : step[1]].copy()


def conv2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> Array:
    """Run a convolution layer on x (N, C_in, H, W): -> (N, C_out, H_out, W_out).

    w is (C_out, C_in/groups, k_h, k_w), b (C_out,). Like PyTorch's `conv2d`: cross-correlation, zeros around the
    image, sizes rounded down; `dilation` spreads the taps, `groups` splits the channels into blocks that do not see
    each other. ValueError for shapes that do not fit.
    """
    x, w = _summable(x, w)
    groups = _check_channels(x, w, groups)
    columns = im2col(x, w.shape[2:], stride, padding, dilation)
    c_out, depth = w.shape[0], int(np.prod(w.shape[1:]))
    y = np.einsum(
        "gok,ngkp->ngop",
        w.reshape(groups, c_out // groups, depth),
        columns.reshape(len(x), groups, depth, columns.shape[-1]),
    )
    y = y.reshape(len(x), c_out, *_conv_size(x.shape[2:], w.shape[2:], stride, padding, dilation))
    return y if b is None else _with_bias(y, np.asarray(b))


def im2col(x: ArrayLike, kernel: Pair, stride: Pair = 1, padding: Pair = 0, dilation: Pair = 1) -> Array:
    """Lay out every window of x (N, C, H, W) as a column (N, C·k_h·k_w, H_out·W_out): a convolution is one product."""
    x = np.asarray(x)
    size = pair("kernel", kernel, 1)
    h_out, w_out = _conv_size(x.shape[2:], size, stride, padding, dilation)
    framed = framed_with(x, pair("padding", padding, 0), 0)
    windows = windows_of(framed, size, (h_out, w_out), pair("stride", stride, 1), pair("dilation", dilation, 1))
    columns = np.ascontiguousarray(windows.transpose(0, 1, 4, 5, 2, 3))
    return columns.reshape(len(x), x.shape[1] * size[0] * size[1], h_out * w_out)


def conv2d_input_gradient(
    gradient: ArrayLike,
    w: ArrayLike,
    size: Pair,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> Array:
    """Pass a gradient (N, C_out, H_out, W_out) of `conv2d` back to its input (N, C_in, H, W); `size` is (H, W).

    Each tap of the kernel adds its share to the pixels it had read; what fell on the padding is dropped.
    """
    gradient, w = _summable(gradient, w)
    height, width = pair("size", size, 1)
    step, frame, gap = pair("stride", stride, 1), pair("padding", padding, 0), pair("dilation", dilation, 1)
    if gradient.shape[2:] != (out := _conv_size((height, width), w.shape[2:], stride, padding, dilation)):
        raise ValueError(f"a gradient of {gradient.shape[2:]} does not belong to an output of {out}")
    n, c_out, depth = len(gradient), w.shape[0], w.shape[1]
    shares = np.einsum(
        "gock,ngop->ngckp",
        w.reshape(groups, c_out // groups, depth, w.shape[2] * w.shape[3]),
        gradient.reshape(n, groups, c_out // groups, out[0] * out[1]),
    ).reshape(n, groups * depth, *w.shape[2:], *out)
    framed = np.zeros((n, groups * depth, height + 2 * frame[0], width + 2 * frame[1]), dtype=shares.dtype)
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            framed[read_by_tap((i, j), out, step, gap)] += shares[:, :, i, j]
    return framed[:, :, frame[0] : frame[0] + height, frame[1] : frame[1] + width]


def conv2d_weight_gradient(
    x: ArrayLike,
    gradient: ArrayLike,
    kernel: Pair,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> Array:
    """Collect the gradient of the weights of `conv2d`, (C_out, C_in/groups, k_h, k_w); `kernel` is (k_h, k_w).

    Each weight gathers what the pixels it met, in x (N, C_in, H, W), owe to the gradient of the outputs they went into,
    (N, C_out, H_out, W_out): a cross-correlation of the two (EQ N2.1b). ValueError for shapes that do not fit.
    """
    x, gradient = _summable(x, gradient)
    groups, size = whole("groups", groups, 1), pair("kernel", kernel, 1)
    if gradient.shape[2:] != (out := _conv_size(x.shape[2:], size, stride, padding, dilation)):
        raise ValueError(f"a gradient of {gradient.shape[2:]} does not belong to an output of {out}")
    if len(x) != len(gradient) or x.shape[1] % groups or gradient.shape[1] % groups:
        raise ValueError(f"{groups} group(s) do not divide x {x.shape} and its gradient {gradient.shape} alike")
    n, depth, c_out = len(x), x.shape[1] // groups, gradient.shape[1]
    columns = im2col(x, size, stride, padding, dilation)
    weights: Array = np.einsum(
        "ngop,ngkp->gok",
        gradient.reshape(n, groups, c_out // groups, out[0] * out[1]),
        columns.reshape(n, groups, depth * size[0] * size[1], out[0] * out[1]),
    )
    return weights.reshape(c_out, depth, *size)


def conv_transpose2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> Array:
    """Run a transposed convolution on x (N, C_in, H, W): -> (N, C_out, H_out, W_out), (H − 1)·S − 2P + k high.

    w is (C_in, C_out/groups, k_h, k_w), b (C_out,). Every pixel lays down the kernel, weighted, where a convolution of
    the same weights would have read it: this is `conv2d_input_gradient` run forwards, and agrees with PyTorch's
    `conv_transpose2d`. Its own gradients are `conv2d(gradient, w)` and `conv2d_weight_gradient(gradient, x)`.
    """
    x, w = _summable(x, w)
    groups = whole("groups", groups, 1)
    if x.ndim != 4 or w.ndim != 4 or x.shape[1] != w.shape[0] or w.shape[0] % groups:
        raise ValueError(f"x (N, C_in, H, W) and w (C_in, C_out/groups, k_h, k_w) do not fit: {x.shape}, {w.shape}")
    step, frame, gap = pair("stride", stride, 1), pair("padding", padding, 0), pair("dilation", dilation, 1)
    size = [(x.shape[a + 2] - 1) * step[a] - 2 * frame[a] + gap[a] * (w.shape[a + 2] - 1) + 1 for a in (0, 1)]
    y = conv2d_input_gradient(x, w, size, step, frame, gap, groups)
    return y if b is None else _with_bias(y, np.asarray(b))


def max_pool2d(x: ArrayLike, kernel: Pair, stride: Pair | None = None, padding: Pair = 0) -> Array:
    """Keep the largest value of every window (EQ N2.2): (..., H, W) -> (..., H_out, W_out).

    `stride` defaults to `kernel`. Padding never wins: it is −∞ (the least whole number for integers). ValueError if
    padding exceeds half the window.
    """
    x = _image(x)
    largest: Array = _pooled(x, kernel, stride, padding, least_of(x.dtype)).max(axis=(-2, -1))
    return largest


def max_pool2d_gradient(
    gradient: ArrayLike, x: ArrayLike, kernel: Pair, stride: Pair | None = None, padding: Pair = 0
) -> Array:
    """Pass a gradient (..., H_out, W_out) of `max_pool2d(x, ...)` back to the first largest pixel of each window.

    First in reading order, as in PyTorch. Windows that share their largest pixel add up. Returns the shape of x.
    """
    gradient, x = np.asarray(gradient), _image(x)
    size, step, frame = _pool_arguments(kernel, stride, padding)
    windows = _pooled(x, kernel, stride, padding, least_of(x.dtype))
    out = windows.shape[-4:-2]
    first = windows.reshape(*windows.shape[:-2], size[0] * size[1]).argmax(axis=-1)
    framed = np.zeros((*x.shape[:-2], x.shape[-2] + 2 * frame[0], x.shape[-1] + 2 * frame[1]), dtype=gradient.dtype)
    for i in range(size[0]):
        for j in range(size[1]):
            framed[read_by_tap((i, j), out, step, (1, 1))] += np.where(first == i * size[1] + j, gradient, 0)
    return framed[..., frame[0] : frame[0] + x.shape[-2], frame[1] : frame[1] + x.shape[-1]]


def avg_pool2d(x: ArrayLike, kernel: Pair, stride: Pair | None = None, padding: Pair = 0) -> Array:
    """Average every window: (..., H, W) -> (..., H_out, W_out).

    Padded zeros count as values (PyTorch's default). Whole numbers give float64. ValueError if padding exceeds half
    the window.
    """
    x = _image(x)
    mean: Array = _pooled(x, kernel, stride, padding, 0).mean(axis=(-2, -1))
    return mean


def conv_params(k: Pair, c_in: int, c_out: int) -> int:
    """Count the parameters of a convolution layer with biases: (k·k·C_in + 1)·C_out (EQ N2.3)."""
    k_h, k_w = pair("k", k, 1)
    return (k_h * k_w * whole("c_in", c_in, 1) + 1) * whole("c_out", c_out, 1)


def receptive_field(layers: Iterable[Sequence[int]]) -> list[tuple[int, int]]:
    """Trace (field, jump) in input pixels after each layer (k, stride) or (k, stride, dilation).

    r ← r + dilation·(k − 1)·j, then j ← j·stride, from r = j = 1 (the recursion of Araujo et al. 2019).
    """
    field, jump, trace = 1, 1, []
    for layer in layers:
        if len(layer) not in (2, 3):
            raise ValueError(f"a layer is (k, stride) or (k, stride, dilation), not {tuple(layer)}")
        k, stride = whole("k", layer[0], 1), whole("stride", layer[1], 1)
        field += (whole("dilation", layer[2], 1) if len(layer) == 3 else 1) * (k - 1) * jump
        jump *= stride
        trace.append((field, jump))
    return trace


def _summable(first: ArrayLike, second: ArrayLike) -> tuple[Array, Array]:
    """Return both as arrays of one type that holds their products' sums: floats as they are, whole numbers as int64."""
    a, b = np.asarray(first), np.asarray(second)
    kind = np.result_type(a, b)
    if kind.kind in "bui":
        kind = np.dtype(np.int64)
    if kind.kind not in "ifc":
        raise TypeError(f"arrays must hold numbers, not {kind}")
    return a.astype(kind, copy=False), b.astype(kind, copy=False)


def _conv_size(size: Sequence[int], k: Pair, stride: Pair, padding: Pair, dilation: Pair) -> tuple[int, int]:
    """Return (H_out, W_out); a kernel with gaps counts as long as it reaches."""
    if len(size) != 2:
        raise ValueError("a batch of images needs 4 axes (N, C, H, W)")
    k, gap = pair("kernel", k, 1), pair("dilation", dilation, 1)
    step, frame = pair("stride", stride, 1), pair("padding", padding, 0)
    reach = [gap[axis] * (k[axis] - 1) + 1 for axis in (0, 1)]
    return (
        output_size(size[0], reach[0], step[0], frame[0]),
        output_size(size[1], reach[1], step[1], frame[1]),
    )


def _check_channels(x: Array, w: Array, groups: int) -> int:
    groups = whole("groups", groups, 1)
    if x.ndim != 4 or w.ndim != 4:
        raise ValueError(f"x needs the axes (N, C, H, W) and w (C_out, C_in, k_h, k_w), not {x.ndim} and {w.ndim} axes")
    if x.shape[1] != w.shape[1] * groups:
        raise ValueError(f"x has {x.shape[1]} channels, but w reads {w.shape[1]} in each of {groups} group(s)")
    if w.shape[0] % groups:
        raise ValueError(f"{groups} groups do not divide {w.shape[0]} output channels")
    return groups


def _with_bias(y: Array, b: Array) -> Array:
    if b.shape != y.shape[1:2]:
        raise ValueError(f"b needs one value per output channel: ({y.shape[1]},), not {b.shape}")
    biased: Array = y + b[:, None, None]
    return biased


def _image(x: ArrayLike) -> Array:
    x = np.asarray(x)
    if x.ndim < 2:
        raise ValueError(f"x needs the axes (..., H, W), not {x.ndim} axes")
    if x.dtype.kind not in "buif":
        raise TypeError(f"arrays must hold real numbers, not {x.dtype}")
    return x


def _pool_arguments(
    kernel: Pair, stride: Pair | None, padding: Pair
) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    size, frame = pair("kernel", kernel, 1), pair("padding", padding, 0)
    if 2 * frame[0] > size[0] or 2 * frame[1] > size[1]:
        raise ValueError(f"padding {frame} exceeds half the window {size}")
    return size, size if stride is None else pair("stride", stride, 1), frame


def _pooled(x: Array, kernel: Pair, stride: Pair | None, padding: Pair, edge: Any) -> Array:
    """View every pooling window, framed with `edge`: (..., H_out, W_out, k_h, k_w)."""
    size, step, frame = _pool_arguments(kernel, stride, padding)
    out = _conv_size(x.shape[-2:], size, step, frame, 1)
    return windows_of(framed_with(x, frame, edge), size, out, step)


def chained(backs: Sequence[Callable[[Array], Array]]) -> Callable[[Array], Array]:
    """Join the ways back of layers that ran one after another: a gradient goes through the last layer's first."""

    def back(gradient: Array) -> Array:
        for each in reversed(backs):
            gradient = each(gradient)
        return gradient

    return back
