"""A small LeNet learns the digits: from settings to the network after any number of steps. Draws nothing.

Everything random comes from one seed: which images are kept for testing, the first weights, the order of the batches,
the shifts. Equal settings give equal weights, bit for bit, in CPython and in the browser.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from instruments.data.digits import split
from instruments.nn.layers import Conv, Dense, Flatten, Layer, Relu
from instruments.nn.network import Network
from instruments.nn.pooling import MaxPool
from instruments.nn.training import Training, probabilities, resumed
from instruments.nn.windows import Array

FINISHED = Path(__file__).parents[1] / "data" / "digits_course.npz"
"""The course of the default settings, finished; packed by tests/reference/make_courses.py."""


@dataclass(frozen=True)
class Settings:
    """Largest learning rate, images per batch, channels of the first convolution, seed, largest shift in pixels."""

    rate: float = 0.02
    batch: int = 32
    channels: int = 12
    seed: int = 0
    shift: int = 0
    epochs: int = 10


class Course(Training):
    """One training run, as far as it is.

    `losses` holds the loss of every step, `accuracies` the share of test images read correctly before training and
    after every epoch, `shares` the probabilities of the test images, (500, 10), after the last whole epoch.
    """

    def __init__(self, settings: Settings) -> None:
        rng = np.random.default_rng(settings.seed)
        self.data = split(rng)
        super().__init__(
            Network(lenet(settings.channels, rng)),
            self.data.train,
            self.data.train_labels,
            rng,
            settings.rate,
            settings.batch,
            settings.epochs,
            change=lambda batch: shifted(batch, settings.shift, rng),
        )
        self.accuracies: list[float] = []
        self.examine()

    def step(self) -> bool:
        """Take one step, after each epoch's last one with a test; tell whether an epoch has ended with it."""
        ended = super().step()
        if ended:
            self.examine()
        return ended

    def examine(self) -> None:
        """Test the network as it is now, and note its accuracy."""
        self.shares = probabilities(self.network.forward(self.data.test))
        self.accuracies.append(float((self.shares.argmax(1) == self.data.test_labels).mean()))


def lenet(channels: int, rng: np.random.Generator, k: int = 3) -> list[Layer]:
    """List the layers: conv, ReLU, pool, conv with twice the channels, ReLU, pool, dense; for 8 × 8 images."""
    first = [Conv(1, channels, k, rng, padding=k // 2), Relu(), MaxPool()]
    second = [Conv(channels, 2 * channels, k, rng, padding=k // 2), Relu(), MaxPool()]
    return [*first, *second, Flatten(), Dense(8 * channels, 10, rng)]


def shifted(images: Array, most: int, rng: np.random.Generator) -> Array:
    """Move every image (N, C, H, W) by its own −most … most pixels down and right; zeros come in."""
    if not most:
        return images
    return moved(images, *rng.integers(-most, most + 1, (2, len(images))))


def moved(images: Array, down: Any, right: Any) -> Array:
    """Move images (N, C, H, W) by (N,) or one whole number of pixels each way; zeros come in, the rest falls off."""
    N, C, H, W = images.shape
    down, right = np.broadcast_to(down, N), np.broadcast_to(right, N)
    most = int(max(1, np.abs(down).max(initial=0), np.abs(right).max(initial=0)))
    framed = np.zeros((N, C, H + 2 * most, W + 2 * most), images.dtype)
    framed[:, :, most : most + H, most : most + W] = images
    rows = (np.arange(H) + most)[None, :] - down[:, None]
    columns = (np.arange(W) + most)[None, :] - right[:, None]
    there = framed[np.arange(N)[:, None, None], :, rows[:, :, None], columns[:, None, :]]
    return np.ascontiguousarray(there.transpose(0, 3, 1, 2))


def course(settings: Settings, step: int) -> Course:
    """Return the course after `step` steps; the finished one of the default settings is there without training."""
    if settings == Settings() and step >= (finished := restored()).steps:
        return finished
    return resumed(Course, settings, step)


@lru_cache(maxsize=1)
def restored() -> Course:
    """Return the finished course of the default settings without training it again."""
    done = Course(Settings())
    with np.load(FINISHED) as packed:
        done.network.values[:] = packed["values"]
        done.losses[:] = packed["losses"].tolist()
        done.accuracies = packed["accuracies"].tolist()[:-1]
    done.examine()
    return done


Results = dict[str, list[float]]
"""One number for each seed: the test "accuracy" at the end, and "kept", the cosine of the first layer's kernels."""


def results(seeds: Iterable[int]) -> Results:
    """Train the default network with every seed."""
    found: Results = {"accuracy": [], "kept": []}
    for seed in seeds:
        run = Course(Settings(seed=seed))
        kernels = slice(run.network.start(1))
        before = run.network.values[kernels].copy()
        run.advance(run.steps)
        after = run.network.values[kernels]
        found["accuracy"].append(run.accuracies[-1])
        found["kept"].append(float(before @ after / np.sqrt((before @ before) * (after @ after))))
    return found


@lru_cache(maxsize=1)
def finished() -> Results:
    """Return the results of ten seeds, as the build made them."""
    with np.load(FINISHED) as packed:
        return {name: packed[name].tolist() for name in ("accuracy", "kept")}


def worst(shares: Array, labels: Array, count: int) -> list[int]:
    """List the images read wrongly, the most certain mistake first; shares are (N, 10)."""
    guesses = shares.argmax(1)
    wrong = np.flatnonzero(guesses != labels)
    order = np.argsort(-shares[wrong, guesses[wrong]], kind="stable")
    return [int(image) for image in wrong[order][:count]]


def confusion(shares: Array, labels: Array) -> Array:
    """Count images by true digit (row) and digit read (column), (10, 10)."""
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (labels, shares.argmax(1)), 1)
    return counts


def smoothed(losses: Sequence[float], width: int) -> list[tuple[float, float]]:
    """List (step, mean loss) for every `width` steps."""
    parts = [losses[start : start + width] for start in range(0, len(losses), width)]
    return [(min((i + 1) * width, len(losses)), sum(part) / len(part)) for i, part in enumerate(parts)]
