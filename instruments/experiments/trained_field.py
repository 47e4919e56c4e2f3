"""How much of its receptive field a unit of EfficientNet-Lite0 uses: gradients of the unit amid a map, squared.

As Luo et al. (2016) measure it on networks of theirs. Each draw of a channel weighs the same; photographs and channels
are averaged. Random networks have weights of the usual sizes (`teaching.random_weights`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments.experiments.imagenet import backbone, starters
from instruments.experiments.teaching import random_weights
from instruments.nn.efficientnet import SIDE, Weights, contributions, gradient, normalised

Array = NDArray[Any]
Results = Mapping[str, list[int]]
"""Sides of the squares that hold half, px, one for each photograph: "trained 11"; "random 11" has those of all
networks, one network's after another's."""

NUMBERS = (3, 5, 8, 11)
"""Of the maps that are measured, see `efficientnet.maps`."""
CHANNELS = 12
"""That are drawn from each map of each photograph."""

FOLDER = Path(__file__).parents[1] / "data" / "trained_field"
FINISHED = FOLDER / "results.json"
HEATS = FOLDER / "heats.npy"
"""Made by tests/reference/make_courses.py; no page carries them."""


def shares(photograph: Array, weights: Weights, number: int, draw: Any) -> Array:
    """Share of the squared gradient that each pixel of a photograph has, (224, 224): a mean over channels."""
    y, back = gradient.run(normalised(photograph), weights, number)
    middle, total = len(y) // 2, np.zeros((SIDE, SIDE))
    for channel in draw.choice(y.shape[2], CHANNELS, replace=False):
        unit = np.zeros_like(y)
        unit[middle, middle, channel] = 1
        square = (back(unit).astype(np.float64) ** 2).sum(axis=2)
        total += square / (square.sum() or 1)
    return np.asarray(total / total.sum())


def middle(number: int) -> float:
    """Where the field of the unit amid a map has its middle, px along either side."""
    rows, _ = field(number)
    return (rows.start + rows.stop) / 2


def field(number: int) -> tuple[range, range]:
    """Rows and columns of the theoretical field of the unit amid a map; a part may lie outside the picture."""
    at = contributions.sides(number, SIDE)[-1] // 2
    return contributions.field(number, (at, at), SIDE)


def half(share: Array, number: int) -> int:
    """Side of the smallest square around the field's middle that holds half of the squared gradient, px."""
    return next(side for side in range(1, 2 * SIDE) if share[_square(side, number)].sum() >= 0.5)


def _square(side: int, number: int) -> tuple[slice, slice]:
    first = round(middle(number) - side / 2)
    part = slice(max(0, first), first + side)
    return part, part


def results(seeds: Iterable[int]) -> Results:
    """Measure the trained network on each photograph, and a random one for each seed."""
    seeds = list(seeds)
    found: dict[str, list[int]] = {}
    for number in NUMBERS:
        found[f"trained {number}"] = [half(share, number) for share in _each(backbone(), number, seeds[0])]
        found[f"random {number}"] = [
            half(share, number) for seed in seeds for share in _each(random_weights(seed), number, seed)
        ]
    return found


def _each(weights: Weights, number: int, seed: int) -> list[Array]:
    draw = np.random.default_rng(seed)
    return [shares(photograph.pixels, weights, number, draw) for photograph in starters().values()]


def heats(seed: int) -> Array:
    """What the figure shows, (2, 4, 224, 224) uint8: trained and random, root of each pixel's share of the peak."""
    both = (backbone(), random_weights(seed))
    means = np.array([[np.mean(_each(weights, number, seed), axis=0) for number in NUMBERS] for weights in both])
    roots = np.sqrt(means / means.max(axis=(2, 3), keepdims=True))
    return np.asarray(np.floor(roots * 255 + 0.5), np.uint8)


@cache
def finished() -> Results:
    """The results that stand in the page."""
    found: Results = json.loads(FINISHED.read_text(encoding="utf-8"))
    return found


@cache
def heats_stored() -> Array:
    """What `heats` gave for the figure of the page."""
    found: Array = np.load(HEATS)
    return found
