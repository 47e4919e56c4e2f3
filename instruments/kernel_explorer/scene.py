"""What is computed: one kernel slides over one image; the input, the kernel and the feature map as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments import kit
from instruments.data import photograph
from instruments.nn import ops
from instruments.nn.kernels import drawing, kernel

Array = NDArray[Any]

DRAWN = 9
"""Side of the drawn and painted inputs, px."""

LARGEST = 64
"""Longest side of a reader's own picture, px."""

WHITE = 255
"""The brightest grey of a picture; drawings end at 1."""


@dataclass(frozen=True)
class Scene:
    """The kernel and how it slides; the input and how far it was nudged, in pixels.

    `dilation` is how many pixels apart the taps stand, 1 for neighbours. `pixels` are the painted input and `weights`
    the own kernel, row by row; `picture` is the reader's own.
    """

    kernel: str = "edge"
    size: int = 3
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    flip: bool = False
    source: str = "seven"
    down: int = 0
    right: int = 0
    pixels: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    picture: str = ""

    @property
    def span(self) -> int:
        """Side of the square that a window reaches over, px."""
        return self.dilation * (self.size - 1) + 1


@dataclass(frozen=True)
class Maps:
    """The arrays of a scene: still and nudged input (H, W), kernel as typed and as applied (k, k), map (H_out, W_out).

    `still_map` is the map of the input that was not nudged. `bright` says that the input is a picture in greys.
    """

    still: Array
    input: Array
    typed: Array
    applied: Array
    still_map: Array
    map: Array
    bright: bool


def is_picture(scene: Scene) -> bool:
    """Whether the input is a picture in greys, which cannot be painted."""
    return scene.source in ("photograph", "own")


def compute(scene: Scene) -> Maps:
    """Return the arrays of a scene; of a state, those of its scene."""
    return _computed(kit.part(scene, Scene))


@lru_cache(maxsize=8)
def _computed(scene: Scene) -> Maps:
    still = _source(scene)
    typed = np.reshape(scene.weights, (scene.size, scene.size)) if scene.weights else kernel(scene.kernel, scene.size)
    applied = typed[::-1, ::-1] if scene.flip else typed
    nudged = _shifted(still, scene.down, scene.right)
    still_map = _correlated(still, applied, scene)
    moved_map = still_map if nudged is still else _correlated(nudged, applied, scene)
    return Maps(still, nudged, typed, applied, still_map, moved_map, is_picture(scene))


def _correlated(image: Array, kernel: Array, scene: Scene) -> Array:
    """The map of a kernel whose taps stand apart: between them are weights of 0."""
    spread = np.zeros((scene.span, scene.span))
    spread[:: scene.dilation, :: scene.dilation] = kernel
    return ops.correlate2d(image, spread, scene.stride, scene.padding)


def _source(scene: Scene) -> Array:
    """The input before the nudge, (H, W): drawings from 0 to 1, pictures in whole greys from 0 to 255."""
    if scene.source == "painted":
        return np.reshape(scene.pixels, (DRAWN, DRAWN)) if scene.pixels else np.zeros((DRAWN, DRAWN))
    if not is_picture(scene):
        return drawing(scene.source)
    own = kit.decoded(scene.picture, LARGEST) if scene.source == "own" else photograph()
    if own is None:
        return drawing("seven")
    grey: Array = (own.astype(int) @ np.array([299, 587, 114]) + 500) // 1000 * 1.0
    for axis, length in enumerate(grey.shape):
        grey = grey.repeat(-(-DRAWN // length), axis)  # a picture too small for the kernel is enlarged
    return grey


def _shifted(image: Array, down: int, right: int) -> Array:
    """The image moved by whole pixels; zeros come in."""
    if down == right == 0:
        return image
    height, width = image.shape
    moved = np.zeros_like(image)
    moved[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)] = image[
        max(0, -down) : height + min(0, -down), max(0, -right) : width + min(0, -right)
    ]
    return moved
