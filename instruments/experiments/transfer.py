"""Transfer: a network that has learned the digits 0–4 learns 5–9 from few labels; from scratch, frozen, fine-tuned.

Every digit stands at a random place on 16 × 16 pixels, with noise. The source network sees its digits at ever new
places with ever new noise, and so do all ways of learning the target when its pictures are "moving"; when they are
"still", each labelled picture keeps the one place and noise it was given.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from instruments.data.digits import digits
from instruments.nn.layers import Conv, Dense, Flatten, Relu
from instruments.nn.network import Network
from instruments.nn.pooling import MaxPool
from instruments.nn.training import Training
from instruments.nn.windows import Array

TRAININGS = ("moving", "still")
METHODS = ("scratch", "frozen", "tuned", "gentle")
"""From random weights; only a new head; all weights, the backbone at the rate of "scratch" or at a tenth of it, with a
new head at a rate of its own."""

SHOTS = (1, 2, 5, 10, 50)
"""Labels for each of the five new digits."""

STEPS = (30, 60, 120, 240, 720)
"""Training steps, each with a batch of 32."""

CASES = (*(("moving", shots, 720) for shots in SHOTS), *(("moving", 10, steps) for steps in STEPS[:-1]))
CASES += (("still", 10, 720),)
"""What was tried with every method: training, labels per digit, steps."""

MEAN, DEVIATION = 0.305, 0.376
"""Of the ink, in [0, 1], of the images before they are placed; placed ones are normalised with them."""

NOISE = 0.05
BATCH = 32
HEAD = 7
"""Number of the dense layer, the head, among the layers."""

SOURCE_STEPS = 690
HELD_BACK = 180
"""Source images that do not train, to see what a pretrained network knows."""

FOLDER = Path(__file__).parents[1] / "data"
FINISHED = FOLDER / "transfer.json"
"""Accuracies of ten seeds; made by tests/reference/make_courses.py, as are the weights of seed 0's source network."""
PRETRAINED = FOLDER / "pretrained.npy"

WAYS = ("right", "inverted", "forgotten", "sixteen")
"""How images reach a pretrained network: as in training, dark for light, not normalised, 0–16 where it expects 0–1."""


def rates(method: str, steps: int) -> tuple[float, float]:
    """Return the learning rates of the backbone and of the head; the backbone's of "gentle" is a tenth of the others'.

    The head's, and that of "scratch", were the best of two to four tried for each method with 10 labels and 30, 60, 120
    and 720 steps, by the mean of three seeds that are not the page's.
    """
    backbone = {"scratch": 0.01, "frozen": 0.0, "tuned": 0.01, "gentle": 0.001}[method]
    quick = {"frozen": 240, "gentle": 60}.get(method, 0)
    return backbone, 0.01 if method == "scratch" else 0.1 if steps <= quick else 0.03


def network(rng: np.random.Generator) -> Network:
    """Build conv 8, pool, conv 16, pool, dense 5 with random weights, for images (N, 1, 16, 16)."""
    first = [Conv(1, 8, 3, rng, padding=1), Relu(), MaxPool()]
    second = [Conv(8, 16, 3, rng, padding=1), Relu(), MaxPool()]
    return Network([*first, *second, Flatten(), Dense(16 * 4 * 4, 5, rng)])


def normalised(images: Array) -> Array:
    """Scale ink in [0, 1] by the constants that every network here expects."""
    scaled: Array = ((images - MEAN) / DEVIATION).astype(np.float32)
    return scaled


def placed(images: Array, rng: np.random.Generator) -> Array:
    """Show images (N, 1, 8, 8) of ink at random places among noise, (N, 1, 16, 16)."""
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


# ---- the source ---------------------------------------------------------------------------------------------------


def pretraining(seed: int) -> Training:
    """Prepare the training of a source network."""
    rng = np.random.default_rng(seed)
    images, labels = source()
    learned = rng.permutation(len(images))[HELD_BACK:]
    return _course(network(rng), images[learned], labels[learned], rng, 0.01, SOURCE_STEPS)


@cache
def pretrained(seed: int) -> Array:
    """Return the weights of a source network: seed 0's as the build made them, another's after training it."""
    if seed == 0:
        values: Array = np.load(PRETRAINED)
        return values
    run = pretraining(seed)
    run.advance(run.steps)
    return run.network.values


def served(seed: int, way: str) -> float:
    """Accuracy of a source network on the digits 0–4 that it has not seen, prepared in one of the WAYS."""
    rng = np.random.default_rng(seed)
    images, labels = source()
    back = rng.permutation(len(images))[:HELD_BACK]
    known = network(rng)
    known.values[:] = pretrained(seed)
    shown = ready(placed(images[back], np.random.default_rng(seed + 1000)), way)
    return float((known.forward(shown).argmax(1) == labels[back]).mean())


def ready(shown: Array, way: str) -> Array:
    """Prepare ink (N, 1, 16, 16) for a network in one of the WAYS."""
    return {
        "right": normalised(shown),
        "inverted": normalised(1 - shown),
        "forgotten": shown,
        "sixteen": normalised(16 * shown),
    }[way]


# ---- the target ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Settings:
    """Whether the labelled pictures move in training, how many there are per digit, steps for each method, seed."""

    training: str = "moving"
    shots: int = 10
    steps: int = 120
    seed: int = 0
    source: int = 0


class Trial:
    """Every method with one seed, one after the other; `accuracies` by method, on all target images left over."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.steps = settings.steps * len(METHODS)
        self.done = 0
        self.accuracies: dict[str, float] = {}
        self._run: Training | None = None

    def advance(self, step: int) -> None:
        """Go on until `step` steps are taken in all."""
        while self.done < min(step, self.steps):
            method = METHODS[self.done // self.settings.steps]
            if self._run is None:
                self._run, self._test, self._names = _adaptation(self.settings, method)
            self._run.step()
            self.done += 1
            if self.done % self.settings.steps == 0:
                guesses = self._run.network.forward(self._test).argmax(1)
                self.accuracies[method] = float((guesses == self._names).mean())
                self._run = None


def labelled(settings: Settings, rng: np.random.Generator) -> tuple[Array, Array]:
    """Draw the numbers of the labelled target images, and of all the others, which test."""
    images, labels = target()
    order = rng.permutation(len(images))
    few = np.concatenate([order[labels[order] == name][: settings.shots] for name in range(5)])
    return few, np.delete(np.arange(len(images)), few)


def _adaptation(settings: Settings, method: str) -> tuple[Training, Array, Array]:
    """Prepare one training on few labels, and the images and labels to test it on."""
    rng = np.random.default_rng(settings.seed)
    images, labels = target()
    few, rest = labelled(settings, rng)
    test = normalised(placed(images[rest], rng))
    learner = network(rng)
    if method != "scratch":
        start = learner.start(HEAD)
        learner.values[:start] = pretrained(settings.source)[:start]
    still = settings.training == "still"
    shown = placed(images[few], rng) if still else images[few]
    first = HEAD if method == "frozen" else 0
    backbone, head = rates(method, settings.steps)
    learning = learner.start(HEAD) - learner.start(first)
    rate = np.concatenate([np.full(learning, backbone), np.full(learner.values.size - learner.start(HEAD), head)])
    run = _course(learner, shown, labels[few], rng, rate, settings.steps, first)
    return run, test, labels[rest]


def _course(
    learner: Network,
    images: Array,
    labels: Array,
    rng: np.random.Generator,
    rate: float | Array,
    steps: int,
    first: int = 0,
) -> Training:
    """Prepare so many steps in which each image is seen equally often; images of ink (N, 1, 8, 8) move."""
    turns = np.resize(np.arange(len(images)), BATCH * steps)

    def change(batch: Array) -> Array:
        return normalised(placed(batch, rng) if batch.shape[-1] == 8 else batch)

    return Training(learner, images[turns], labels[turns], rng, rate, BATCH, 1, change=change, first=first)


# ---- what the build knows -----------------------------------------------------------------------------------------

Results = dict[str, list[float]]
"""Accuracies, one of each seed: of the target by "training shots steps method", of the source by "served way"."""


def results(seeds: Iterable[int]) -> Results:
    """Train everything, each seed with a source network of its own."""
    found: Results = {}
    for seed in seeds:
        for way in WAYS:
            found.setdefault(f"served {way}", []).append(round(served(seed, way), 4))
        for training, shots, steps in CASES:
            trial = Trial(Settings(training, shots, steps, seed, seed))
            trial.advance(trial.steps)
            for method, share in trial.accuracies.items():
                found.setdefault(f"{training} {shots} {steps} {method}", []).append(round(share, 4))
    return found


@cache
def finished() -> Results:
    """Return the results of ten seeds, as the build made them."""
    stored: Results = json.loads(FINISHED.read_text(encoding="utf-8"))
    return stored
