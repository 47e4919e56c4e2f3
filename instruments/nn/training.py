"""How a network learns: its loss, two optimisers, one step, a run of many. Knows no data."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol, TypeVar

import numpy as np

from instruments.nn.network import Network
from instruments.nn.windows import Array


def probabilities(logits: Array) -> Array:
    """Softmax of each row (N, K), in double precision."""
    wide = logits.astype(np.float64)
    powers = np.exp(wide - np.maximum.reduce(wide, 1, keepdims=True))
    shares: Array = powers / np.add.reduce(powers, 1, keepdims=True)
    return shares


def cross_entropy(logits: Array, labels: Array) -> tuple[float, Array]:
    """Mean of −log softmax at the label, and its gradient, (N, K) like the logits; labels are (N,) whole numbers."""
    shares = probabilities(logits)
    rows = np.arange(len(labels))
    loss = float(-np.log(np.maximum(shares[rows, labels], 1e-300)).mean())
    shares[rows, labels] -= 1
    return loss, (shares / len(labels)).astype(logits.dtype)


class Adam:
    """Adam (Kingma and Ba 2015) with its usual β₁ = 0.9, β₂ = 0.999, ε = 1e-8."""

    def __init__(self, size: int, kind: type[np.floating] = np.float32) -> None:
        self._mean, self._square, self._steps = np.zeros(size, kind), np.zeros(size, kind), 0

    def step(self, values: Array, gradient: Array, rate: float | Array) -> None:
        """Change `values` in place; vectors of the same length, as the rate may be, one for each value."""
        self._steps += 1
        kind = gradient.dtype.type
        self._mean += kind(0.1) * (gradient - self._mean)
        self._square += kind(0.001) * (gradient * gradient - self._square)
        unbiased = np.sqrt(self._square * kind(1 / (1 - 0.999**self._steps))) + kind(1e-8)
        values -= np.asarray(rate / (1 - 0.9**self._steps), kind) * self._mean / unbiased


class Momentum:
    """Stochastic gradient descent with momentum μ: v ← μ·v + g, w ← w − rate·v, as in PyTorch."""

    def __init__(self, size: int, momentum: float = 0.9, kind: type[np.floating] = np.float32) -> None:
        self._velocity, self._momentum = np.zeros(size, kind), kind(momentum)

    def step(self, values: Array, gradient: Array, rate: float | Array) -> None:
        """Change `values` in place; vectors of the same length, as the rate may be, one for each value."""
        self._velocity *= self._momentum
        self._velocity += gradient
        values -= np.asarray(rate, gradient.dtype) * self._velocity


def learn(
    network: Network,
    optimiser: Adam | Momentum,
    images: Array,
    labels: Array,
    rate: float | Array,
    first: int = 0,
) -> float:
    """Take one step on a batch, (N, C, H, W) and (N,), and return its loss; the layers before `first` stay as they are.

    The optimiser holds as many numbers as `network.values[network.start(first):]`. The loss is rounded to single
    precision: the last bits of exp and log depend on the processor.
    """
    loss, gradient = cross_entropy(network.forward(images, training=True), labels)
    network.backward(gradient, first)
    optimiser.step(network.values[network.start(first) :], network.gradient(first), rate)
    return float(np.float32(loss))


def cosine(rate: float | Array, step: int, steps: int) -> float | Array:
    """The rate of step 0 … steps−1, falling from `rate` towards 0 along half a cosine (Loshchilov and Hutter 2017)."""
    return rate * (1 + math.cos(math.pi * step / steps)) / 2


class Training:
    """A run of `epochs` epochs over images (N, C, H, W) and labels (N,), in batches of a new random order each epoch.

    The rate, one for all weights that learn or one for each, falls along a cosine. `change` makes of a batch what the
    network is to see. `losses` holds every step's.
    """

    def __init__(
        self,
        network: Network,
        images: Array,
        labels: Array,
        rng: np.random.Generator,
        rate: float | Array,
        batch: int,
        epochs: int,
        optimiser: Adam | Momentum | None = None,
        change: Callable[[Array], Array] = lambda images: images,
        first: int = 0,
    ) -> None:
        self.network, self.images, self.labels = network, images, labels
        self._rng, self._rate, self._batch, self._change, self._first = rng, rate, batch, change, first
        self._optimiser = optimiser or Adam(network.values.size - network.start(first))
        self.batches = -(-len(images) // batch)
        self.steps = self.batches * epochs
        self.losses: list[float] = []

    @property
    def done(self) -> int:
        """Steps taken so far."""
        return len(self.losses)

    def step(self) -> bool:
        """Take one step; tell whether an epoch has ended with it."""
        place = self.done % self.batches
        if not place:
            self._order = self._rng.permutation(len(self.images))
        batch = self._order[place * self._batch : (place + 1) * self._batch]
        rate = cosine(self._rate, self.done, self.steps)
        images = self._change(self.images[batch])
        self.losses.append(learn(self.network, self._optimiser, images, self.labels[batch], rate, self._first))
        return place == self.batches - 1

    def advance(self, step: int) -> None:
        """Go on until `step` steps are taken."""
        while self.done < min(step, self.steps):
            self.step()


class Run(Protocol):
    """Something that goes on step by step."""

    @property
    def done(self) -> int:
        """Steps taken so far."""

    def advance(self, step: int) -> None:
        """Go on until `step` steps are taken."""


R = TypeVar("R", bound=Run)


def resumed(begin: Callable[[Any], R], settings: Any, step: int) -> R:
    """Return the run of these settings after `step` steps; goes on from where it was left, if that is not further."""
    held = _held(begin, settings)
    if not held or held[0].done > step:
        held[:] = [begin(settings)]
    held[0].advance(step)
    run: R = held[0]
    return run


@lru_cache(maxsize=3)
def _held(begin: Any, settings: Any) -> list[Any]:
    """Keep the last runs: a reader goes on, pauses, looks."""
    return []
