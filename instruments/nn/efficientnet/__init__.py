"""EfficientNet-Lite0 run forward: 4.65 million parameters trained on ImageNet, a photograph to 1,000 scores.

Tan and Le, "EfficientNet" (2019), in the variant their authors call Lite: ReLU6, no squeeze-and-excitation. Batch norm
is folded into weights and biases. A map is (H, W, C), and sums run along C, the axis whose values lie side by side:
numpy in the browser has no matrix library, and there this is what its loops do fastest. Trains nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Weights: TypeAlias = Mapping[str, tuple[Array, Array]]
"""By the layer's name: weights of the shape that `Layer` says, biases (C_out,); float32."""

SIDE, CLASSES, STEM, HEAD = 224, 1000, 32, 1280
STAGES = (
    *((3, 1, 1, 16, 1), (3, 2, 6, 24, 2), (5, 2, 6, 40, 2), (3, 2, 6, 80, 3)),
    *((5, 1, 6, 112, 3), (5, 2, 6, 192, 4), (3, 1, 6, 320, 1)),
)
"""(kernel, stride of the first block, widening, C_out, blocks)."""


@dataclass(frozen=True)
class Block:
    """1×1 to a wider map, depthwise k×k, 1×1 to a narrow one; added to its input where the shapes agree."""

    k: int
    stride: int
    c_in: int
    inner: int
    c_out: int


def _blocks() -> Iterator[Block]:
    c_in = STEM
    for k, stride, widening, c_out, repeat in STAGES:
        for i in range(repeat):
            yield Block(k, 1 if i else stride, c_in, widening * c_in, c_out)
            c_in = c_out


BLOCKS = tuple(_blocks())


def windows(x: Array, k: int, stride: int) -> Array:
    """View (H, W, C) as windows (⌈H/stride⌉, ⌈W/stride⌉, k, k, C), zeros around it; an odd row of them comes last."""
    zeros = [max(0, (-(-n // stride) - 1) * stride + k - n) for n in x.shape[:2]]
    padded = np.pad(x, [*((n // 2, n - n // 2) for n in zeros), (0, 0)])
    seen: Array = sliding_window_view(padded, (k, k), axis=(0, 1))  # type: ignore[call-overload]
    return seen[::stride, ::stride].transpose(0, 1, 3, 4, 2)


def pointwise(x: Array, w: Array, b: Array) -> Array:
    """Convolve with 1×1 (EQ N2.1 without a window): (H, W, C_in) by (C_out, C_in) -> (H, W, C_out)."""
    sums: Array = np.einsum("pi,oi->po", x.reshape(-1, x.shape[2]), w) + b
    return sums.reshape(*x.shape[:2], -1)


def depthwise(x: Array, w: Array, b: Array, stride: int) -> Array:
    """Convolve each channel with a kernel of its own (EQ N2.1 for each c): (H, W, C) by (k, k, C) -> (H', W', C)."""
    sums: Array = np.einsum("hwijc,ijc->hwc", windows(x, w.shape[0], stride), w) + b
    return sums


def relu6(x: Array) -> Array:
    """Keep what lies between 0 and 6, in place."""
    return np.clip(x, 0, 6, out=x)


def normalised(photograph: Array) -> Array:
    """Scale RGB values 0 … 255 (H, W, 3) as they were in training: float32 from −0.99 to 1."""
    scaled: Array = (np.asarray(photograph, np.float32) - 127) / 128
    return scaled


def maps(photograph: Array, weights: Weights) -> Iterator[Array]:
    """Each map on the way of a photograph (H, W, 3), 0 … 255, rightly prepared; see `maps_of`."""
    return maps_of(normalised(photograph), weights)


def maps_of(x: Array, weights: Weights) -> Iterator[Array]:
    """Each map on the way of numbers (H, W, 3): after the stem, after each block, before the pooling.

    Asks for the weights of a layer when its turn comes, so the first ones suffice for the first maps. What the numbers
    should be, `normalised` says; nothing here can tell whether they are.
    """
    seen = windows(x, 3, 2)
    x = relu6(pointwise(seen.reshape(*seen.shape[:2], -1), *weights["stem"]))
    yield x
    for i, block in enumerate(BLOCKS):
        wide = relu6(pointwise(x, *weights[f"expand {i}"])) if block.inner != block.c_in else x
        narrow = pointwise(relu6(depthwise(wide, *weights[f"depthwise {i}"], block.stride)), *weights[f"project {i}"])
        x = narrow + x if narrow.shape == x.shape else narrow
        yield x
    yield relu6(pointwise(x, *weights["head"]))


def scores(head: Array, weights: Weights) -> Array:
    """Average the last map (H, W, 1280) over its places, and one dense layer: (1000,) logits."""
    w, b = weights["classes"]
    return pointwise(head.mean(axis=(0, 1), keepdims=True), w, b).ravel()


def activation_map(head: Array, weights: Weights, answer: int) -> Array:
    """What each place of the last map adds to one answer's score, (H, W): its mean and the bias are the score."""
    w, _ = weights["classes"]
    return pointwise(head, w[answer : answer + 1], np.zeros(1, np.float32))[..., 0]


def probabilities(logits: Array) -> Array:
    """Softmax: positive, with sum 1."""
    powers: Array = np.exp(logits - logits.max())
    powers /= powers.sum()
    return powers
