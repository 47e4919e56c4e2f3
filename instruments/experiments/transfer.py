"""Transfer: a network that has learned the digits 0–4 learns 5–9 from few examples; from scratch, frozen, fine-tuned.

Two set-ups. "aligned": the 8 × 8 images as they are. "scattered": each digit at a random place on 16 × 16 pixels, with
noise; the source shows its digits at ever new places, the few examples of the target stand still.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from instruments.data.digits import digits
from instruments.nn.layers import Conv, Dense, Flatten, Relu
from instruments.nn.network import Network
from instruments.nn.pooling import MaxPool
from instruments.nn.training import Adam, Training
from instruments.nn.windows import Array

SETUPS = ("aligned", "scattered")
METHODS = ("scratch", "frozen", "tuned")
SHOTS = (2, 5, 10, 20)
"""Labelled examples of each of the five new digits."""

MEAN, DEVIATION = 0.305, 0.376
"""Of all pixels, ink in [0, 1]; images are normalised with them."""

NOISE = 0.05
STEPS = 120
RATES = {"scratch": 0.01, "frozen": 0.03, "tuned": 0.01}
"""The best of those tried for each method, at 10 labels per digit, with seeds from 100 on."""
HEAD = 7
"""Number of the dense layer, the head, among the layers."""

SOURCE_EPOCHS = {"aligned": 10, "scattered": 30}
FOLDER = Path(__file__).parents[1] / "data"
FINISHED = FOLDER / "transfer.json"
"""Accuracies of ten seeds; made by tests/reference/make_courses.py, as are the pretrained weights."""


def pretrained_file(setup: str) -> Path:
    """Where the weights of the network that knows 0–4 lie."""
    return FOLDER / f"pretrained_{setup}.npy"


def network(setup: str, rng: np.random.Generator) -> Network:
    """Build conv 8, pool, conv 16, pool, dense 5 with random weights."""
    side = {"aligned": 2, "scattered": 4}[setup]
    first = [Conv(1, 8, 3, rng, padding=1), Relu(), MaxPool()]
    second = [Conv(8, 16, 3, rng, padding=1), Relu(), MaxPool()]
    return Network([*first, *second, Flatten(), Dense(16 * side * side, 5, rng)])


def normalised(images: Array) -> Array:
    """Give ink in [0, 1] mean 0 and deviation 1, as every network here expects it."""
    scaled: Array = ((images - MEAN) / DEVIATION).astype(np.float32)
    return scaled


def placed(setup: str, images: Array, rng: np.random.Generator) -> Array:
    """Show images (N, 1, 8, 8) of ink as the set-up does: as they are, or scattered with noise, (N, 1, 16, 16)."""
    if setup == "aligned":
        return images
    N = len(images)
    down, right = rng.integers(0, 9, (2, N))
    rows, columns = down[:, None] + np.arange(8), right[:, None] + np.arange(8)
    wide = NOISE * rng.standard_normal((N, 1, 16, 16))
    wide[np.arange(N)[:, None, None], 0, rows[:, :, None], columns[:, None, :]] += images[:, 0]
    return wide.astype(np.float32)


@cache
def source() -> tuple[Array, Array]:
    """Return all images (901, 1, 8, 8) and labels of the digits 0–4."""
    return _part(0)


@cache
def target() -> tuple[Array, Array]:
    """Return all images (896, 1, 8, 8) of the digits 5–9, and their labels 0–4."""
    return _part(5)


def _part(first: int) -> tuple[Array, Array]:
    images, labels = digits()
    here = (labels >= first) & (labels < first + 5)
    return (images[here, None] / 16).astype(np.float32), labels[here].astype(np.int64) - first


HELD_BACK = 180
"""Source images that do not train, to see what the pretrained network knows."""


def pretraining(setup: str) -> Training:
    """Prepare the training on the source; seed 0."""
    rng = np.random.default_rng(0)
    images, labels = source()
    order = rng.permutation(len(images))[HELD_BACK:]
    return Training(
        network(setup, rng),
        images[order],
        labels[order],
        rng,
        rate=0.01,
        batch=32,
        epochs=SOURCE_EPOCHS[setup],
        change=lambda batch: normalised(placed(setup, batch, rng)),
    )


@cache
def pretrained(setup: str) -> Array:
    """Return the weights after pretraining, as the build made them."""
    values: Array = np.load(pretrained_file(setup))
    return values


def served(setup: str, way: str) -> float:
    """Accuracy of the pretrained network on held-back digits 0–4, prepared as in training, or otherwise."""
    rng = np.random.default_rng(0)
    images, labels = source()
    back = rng.permutation(len(images))[:HELD_BACK]
    shown = placed(setup, images[back], np.random.default_rng(1))
    ready = {
        "right": normalised(shown),
        "inverted": normalised(1 - shown),
        "forgotten": shown,
        "sixteen": normalised(16 * shown),
    }[way]
    known = network(setup, rng)
    known.values[:] = pretrained(setup)
    return float((known.forward(ready).argmax(1) == labels[back]).mean())


@dataclass(frozen=True)
class Settings:
    """Set-up, examples per digit, the first of `seeds` seeds."""

    setup: str = "aligned"
    shots: int = 5
    seed: int = 0
    seeds: int = 3


class Trial:
    """Every method with every seed, one after the other; `accuracies` by method, on all target images left over."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._queue = [(method, settings.seed + i) for i in range(settings.seeds) for method in METHODS]
        self.steps = STEPS * len(self._queue)
        self.done = 0
        self.accuracies: dict[str, list[float]] = {method: [] for method in METHODS}
        self._run: Training | None = None

    def advance(self, step: int) -> None:
        """Go on until `step` steps are taken in all."""
        while self.done < min(step, self.steps):
            method, seed = self._queue[self.done // STEPS]
            if self._run is None:
                self._run, self._test, self._names = _adaptation(self.settings, method, seed)
            self._run.step()
            self.done += 1
            if self.done % STEPS == 0:
                guesses = self._run.network.forward(self._test).argmax(1)
                self.accuracies[method].append(float((guesses == self._names).mean()))
                self._run = None


def _adaptation(settings: Settings, method: str, seed: int) -> tuple[Training, Array, Array]:
    """Prepare one training on few examples, and the images and labels to test it on."""
    rng = np.random.default_rng(seed)
    images, labels = target()
    order = rng.permutation(len(images))
    few = np.concatenate([order[labels[order] == name][: settings.shots] for name in range(5)])
    rest = np.delete(np.arange(len(images)), few)
    shown, test = (normalised(placed(settings.setup, images[part], rng)) for part in (few, rest))
    learner = network(settings.setup, rng)
    if method != "scratch":
        start = learner.start(HEAD)
        learner.values[:start] = pretrained(settings.setup)[:start]
    first = HEAD if method == "frozen" else 0
    batch = min(32, len(few))
    epochs = -(-STEPS // -(-len(few) // batch))
    optimiser = Adam(learner.values.size - learner.start(first))
    run = Training(learner, shown, labels[few], rng, RATES[method], batch, epochs, optimiser, first=first)
    return run, test, labels[rest]


@cache
def finished() -> dict[str, list[float]]:
    """Return the accuracies of ten seeds by "set-up shots method", such as "aligned 5 frozen"."""
    results: dict[str, list[float]] = json.loads(FINISHED.read_text(encoding="utf-8"))
    return results
