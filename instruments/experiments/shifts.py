"""What a shift does: to maps made smaller in four ways, and to networks trained on digits that move or do not.

The digits stand in the middle of 12 × 12 pixels, so that a shift by up to 2 pixels cuts nothing off.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np

from instruments.data.digits import split
from instruments.experiments.lenet import moved, shifted
from instruments.nn.layers import Conv, Dense, Flatten, Layer, Relu
from instruments.nn.network import Network, inside, outside
from instruments.nn.pooling import AvgPool, BlurPool, GlobalAverage, MaxPool
from instruments.nn.training import Training
from instruments.nn.windows import Array

MARGIN = 2
CHANNELS = 8
STEPS_OF_A_SHIFT = ((0, 1), (1, 0), (0, -1), (-1, 0))
"""Right, down, left, up: (down, right) for one pixel."""

KINDS = ("max", "average", "stride", "blur")
HEADS = ("dense", "mean")
"""A dense layer with weights for every position, or one on the mean of each map (global average pooling)."""

EPOCHS = 40
RATES = {"dense": 0.01, "mean": 0.02}
"""Largest learning rate by head, the better of those tried."""


class Thinned(Layer):
    """Max-pooling that moves by one pixel, then blur-pool: max-pooling without aliasing (Zhang 2019)."""

    def __init__(self) -> None:
        super().__init__()
        self._layers: tuple[Layer, ...] = (MaxPool(2, 1), BlurPool())

    def forward(self, x: Array, training: bool = False) -> Array:
        """(C, H, W, N) -> (C, H // 2, W // 2, N)."""
        self._shape = x.shape
        framed = np.zeros((x.shape[0], x.shape[1] + 1, x.shape[2] + 1, x.shape[3]), x.dtype)
        framed[:, :-1, :-1] = x
        return self._layers[1].forward(self._layers[0].forward(framed))

    def backward(self, gradient: Array) -> Array:
        """(C, H // 2, W // 2, N) -> (C, H, W, N)."""
        framed = self._layers[0].backward(self._layers[1].backward(gradient))
        return np.ascontiguousarray(framed[:, :-1, :-1])


SMALLER: dict[str, Callable[[], Layer]] = {"max": MaxPool, "average": AvgPool, "blur": Thinned}
"""Layers that halve a map; "stride" is a convolution that moves by two pixels, and stands in `halving`."""


def halving(kind: str, c_in: int, c_out: int, rng: np.random.Generator) -> list[Layer]:
    """List a 3 × 3 convolution, ReLU and what halves the map; with "stride" the convolution itself does."""
    if kind == "stride":
        return [Conv(c_in, c_out, 3, rng, stride=2, padding=1), Relu()]
    return [Conv(c_in, c_out, 3, rng, padding=1), Relu(), SMALLER[kind]()]


def head(kind: str, rng: np.random.Generator) -> list[Layer]:
    """List the layers that make ten outputs of maps (16, 3, 3, N)."""
    if kind == "mean":
        return [GlobalAverage(), Dense(2 * CHANNELS, 10, rng)]
    return [Flatten(), Dense(2 * CHANNELS * 9, 10, rng)]


@dataclass(frozen=True)
class Settings:
    """How maps are halved, what the head reads, by how many pixels the training images move at most, and the seed."""

    kind: str = "max"
    head: str = "dense"
    trained: int = 0
    seed: int = 0


class Study(Training):
    """One network trained on the digits; `accuracies` on test images moved by 0, 1, 2 pixels, empty before the end."""

    def __init__(self, settings: Settings) -> None:
        rng = np.random.default_rng(settings.seed)
        data = split(rng)
        self._test, self._names = framed(data.test), data.test_labels
        widths = ((1, CHANNELS), (CHANNELS, 2 * CHANNELS))
        layers = [layer for pair in widths for layer in halving(settings.kind, *pair, rng)]
        super().__init__(
            Network([*layers, *head(settings.head, rng)]),
            framed(data.train),
            data.train_labels,
            rng,
            rate=RATES[settings.head],
            batch=32,
            epochs=EPOCHS,
            change=lambda batch: shifted(batch, settings.trained, rng),
        )
        self.accuracies: list[float] = []

    def step(self) -> bool:
        """Take one step, the last one followed by the tests; tell whether an epoch has ended with it."""
        ended = super().step()
        if self.done == self.steps:
            self.accuracies = [self._accuracy(by) for by in range(MARGIN + 1)]
        return ended

    def _accuracy(self, by: int) -> float:
        """Mean over the four directions."""
        ways = STEPS_OF_A_SHIFT if by else STEPS_OF_A_SHIFT[:1]
        rights = [
            self.network.forward(moved(self._test, by * down, by * right)).argmax(1) == self._names
            for down, right in ways
        ]
        return float(np.mean(rights))


def framed(images: Array) -> Array:
    """Put the margin around images (N, C, H, W)."""
    return np.pad(images, ((0, 0), (0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)))


# ---- maps, without a network --------------------------------------------------------------------------------------


@cache
def field(smoothing: int, size: int = 64) -> Array:
    """A random map that wraps around, (size, size): noise weighted 1, 2, 1 along both axes, so many times."""
    values = np.random.default_rng(2).standard_normal((size, size))
    for axis in (0, 1) * smoothing:
        values = (np.roll(values, 1, axis) + 2 * values + np.roll(values, -1, axis)) / 4
    return values


def halved(kind: str, x: Array) -> Array:
    """Halve a map (H, W) that wraps around in one of four ways; "stride" weighs 3 × 3 pixels at random."""
    if kind in ("max", "average"):
        small: Array = outside(SMALLER[kind]().forward(inside(x[None, None])))[0, 0]
        return small
    if kind == "stride":
        return _mixed(x, np.random.default_rng(5).standard_normal((3, 3)))
    largest = np.maximum(x, np.roll(x, -1, 0))
    largest = np.maximum(largest, np.roll(largest, -1, 1))
    return _mixed(largest, np.outer((1, 2, 1), (1, 2, 1)) / 16)


def _mixed(x: Array, kernel: Array) -> Array:
    """Cross-correlate a map that wraps around with a 3 × 3 kernel, in steps of two pixels."""
    total: Array = np.zeros_like(x)
    for (i, j), weight in np.ndenumerate(kernel):
        total += weight * np.roll(x, (1 - i, 1 - j), (0, 1))
    halved: Array = total[::2, ::2]
    return halved


@dataclass(frozen=True)
class Change:
    """What a shift did to a halved map: share of values unchanged, and the error relative to the map's deviation."""

    unchanged: float
    error: float


@cache
def change(kind: str, by: int, smoothing: int) -> Change:
    """Move the random map right by `by` pixels, halve it, and compare with the halved map moved by `by` // 2.

    The error is the root mean square of the difference over the standard deviation of the halved map: 0 means that the
    halved map moved with its input, 1.41 that the two have nothing to do with each other.
    """
    x = field(smoothing)
    before, after = halved(kind, x), halved(kind, np.roll(x, by, 1))
    difference = after - np.roll(before, by // 2, 1)
    return Change(float((difference == 0).mean()), float(np.sqrt((difference**2).mean()) / before.std()))


# ---- what the build knows -----------------------------------------------------------------------------------------


FINISHED = Path(__file__).parents[1] / "data" / "shifts.json"
"""Results of five seeds; made by tests/reference/make_courses.py."""

Results = dict[str, list[list[float]]]
"""Accuracies at shifts of 0, 1, 2 pixels, one list for each seed, by "kind head trained", such as "max dense 0"."""


def results(seeds: Iterable[int]) -> Results:
    """Train a network of every kind with every seed."""
    found: Results = {}
    for seed in seeds:
        for kind, head, trained in product(KINDS, HEADS, (0, MARGIN)):
            study = Study(Settings(kind, head, trained, seed))
            study.advance(study.steps)
            accuracies = [round(share, 4) for share in study.accuracies]
            found.setdefault(f"{kind} {head} {trained}", []).append(accuracies)
    return found


@cache
def finished() -> Results:
    """Return the results of five seeds, as the build made them."""
    stored: Results = json.loads(FINISHED.read_text(encoding="utf-8"))
    return stored
