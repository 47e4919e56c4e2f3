"""Plain and residual networks of growing depth on the digits: the loss they reach, their gradients before and after.

A network is a 3 × 3 convolution, then `depth` more, each with batch normalisation and ReLU, then a global average and a
dense layer. Residual networks add the input back around every two convolutions, before the last ReLU (He et al. 2016).
The digits are averaged down to 4 × 4 pixels, so that depth is cheap.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np

from instruments.data.digits import split
from instruments.experiments.lenet import smoothed
from instruments.nn.layers import BatchNorm, Conv, Dense, Layer, Relu
from instruments.nn.network import Network, Residual
from instruments.nn.ops import avg_pool2d
from instruments.nn.pooling import GlobalAverage
from instruments.nn.training import Momentum, Training, cross_entropy
from instruments.nn.windows import Array

CHANNELS = 8
DEPTHS = (4, 10, 20, 40)
MOMENTS = (3, 5, 10, 20, 63)
"""Steps after which the gradients of the deepest networks are measured on their way."""
SLOWER = (0.03, 0.01)
"""Rates at which the deepest plain network is trained, too: is it only the rate that spoils its training?"""
FINISHED = Path(__file__).parents[1] / "data" / "depths.json"
"""Results of three seeds; made by tests/reference/make_courses.py."""


@dataclass(frozen=True)
class Settings:
    """Convolutions after the first, whether the input is added back, seed, rate of the momentum optimiser."""

    depth: int = 10
    residual: bool = False
    seed: int = 0
    rate: float = 0.1
    batch: int = 64
    epochs: int = 6


class Deep(Training):
    """One network in training; `first_gradients` are the lengths of the kernels' gradients before the first step."""

    def __init__(self, settings: Settings) -> None:
        rng = np.random.default_rng(settings.seed)
        data = split(rng)
        images = avg_pool2d(data.train, 2).astype(np.float32)
        network = Network(layers(settings.depth, settings.residual, rng))
        super().__init__(
            network,
            images,
            data.train_labels,
            rng,
            settings.rate,
            settings.batch,
            settings.epochs,
            Momentum(network.values.size),
        )
        self._examined = slice(4 * settings.batch)
        self.first_gradients = self.gradients()

    @property
    def reached(self) -> float:
        """Mean loss of the last 20 steps."""
        last = self.losses[-20:]
        return sum(last) / len(last)

    def gradients(self) -> list[float]:
        """Return the length of the loss's gradient for each convolution's kernels, from the input on; 256 images."""
        logits = self.network.forward(self.images[self._examined], training=True)
        self.network.backward(cross_entropy(logits, self.labels[self._examined])[1])
        found = [part.gradients["kernels"] for part in self.network.parts() if isinstance(part, Conv)]
        return [math.sqrt(float((kernels.astype(np.float64) ** 2).sum())) for kernels in found]


def layers(depth: int, residual: bool, rng: np.random.Generator) -> list[Layer]:
    """List the layers; `depth` is even."""
    stem: list[Layer] = [*_unit(1, rng), Relu()]
    head = [GlobalAverage(), Dense(CHANNELS, 10, rng)]
    for _ in range(depth // 2):
        pair = [*_unit(CHANNELS, rng), Relu(), *_unit(CHANNELS, rng)]
        stem += [Residual(pair) if residual else Row(pair), Relu()]
    return [*stem, *head]


def _unit(c_in: int, rng: np.random.Generator) -> list[Layer]:
    return [Conv(c_in, CHANNELS, 3, rng, padding=1, bias=False), BatchNorm(CHANNELS)]


class Row(Residual):
    """The same layers without the skip connection."""

    def forward(self, x: Array, training: bool = False) -> Array:
        """Any shape that the layers keep."""
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def backward(self, gradient: Array) -> Array:
        """The gradient through the layers."""
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)
        return gradient


Results = dict[str, list[dict[str, list[float]]]]
"""By "plain 4", "residual 4" …, for each seed: "losses", means of 6 steps; gradients' lengths, "first" and "last"; of
the deepest "ratios", the second convolution's length over the last one's at MOMENTS. By "plain 40 0.03" the losses of
one that learns more slowly."""


def results(seeds: Iterable[int]) -> Results:
    """Train a plain and a residual network of each depth with every seed, the deepest plain one also more slowly."""
    found: Results = {}
    for seed in seeds:
        for depth, residual in product(DEPTHS, (False, True)):
            run = Deep(Settings(depth, residual, seed))
            watched = {"ratios": ratios(run)} if depth == DEPTHS[-1] else {}
            run.advance(run.steps)
            found.setdefault(f"{'residual' if residual else 'plain'} {depth}", []).append(summary(run) | watched)
        for rate in SLOWER:
            run = Deep(Settings(DEPTHS[-1], False, seed, rate))
            run.advance(run.steps)
            found.setdefault(f"plain {DEPTHS[-1]} {rate}", []).append({"losses": summary(run)["losses"]})
    return found


def ratios(run: Deep) -> list[float]:
    """Train as far as the last of MOMENTS; the near-input gradient's length over the near-output one's, at each."""
    found = []
    for moment in MOMENTS:
        run.advance(moment)
        lengths = run.gradients()
        found.append(float(f"{lengths[1] / lengths[-1]:.4g}"))
    return found


def summary(run: Deep) -> dict[str, list[float]]:
    """Round what is kept of a run."""
    ends = (("first", run.first_gradients), ("last", run.gradients()))
    gradients = {name: [float(f"{length:.4g}") for length in lengths] for name, lengths in ends}
    return {"losses": [round(mean, 4) for _, mean in smoothed(run.losses, 6)], **gradients}


@cache
def finished() -> Results:
    """Return the results of three seeds, as the build made them."""
    stored: Results = json.loads(FINISHED.read_text(encoding="utf-8"))
    return stored
