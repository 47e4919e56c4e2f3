"""What a trained network makes of photographs prepared otherwise than in its training: eleven ways to serve one.

EfficientNet-Lite0 looks at crops of the photographs at hand. A new head learns which photograph a crop is from, by
rightly prepared crops of their left halves; crops of the right halves, prepared in each of the WAYS, test it. The same
looks say which of the network's own thousand names comes first, and with which share.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from instruments import kit
from instruments.data.photographs import PHOTOGRAPHS
from instruments.experiments.imagenet import starters, weights
from instruments.nn import efficientnet
from instruments.nn.efficientnet import normalised

Array = NDArray[Any]

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
"""Of ImageNet's red, green and blue, in 0 … 1: what torchvision's networks expect."""


def _constants(pixels: Array) -> Array:
    return (pixels / np.float32(255) - MEAN) / DEVIATION


def _layout(pixels: Array) -> Array:
    """Three planes one after another, taken for rows of pixels."""
    return normalised(np.ascontiguousarray(pixels.transpose(2, 0, 1)).reshape(pixels.shape))


TILES = 4
"""Along a side of a photograph whose tiles are laid in another order."""
ORDER = [2, 11, 3, 10, 0, 4, 7, 5, 14, 12, 6, 9, 13, 8, 1, 15]
"""Of the tiles, drawn once: line by line, which one lies at each place."""


def _tiles(pixels: Array) -> Array:
    """Sixteen squares, each upright, at other places; what is left over at the edge is cut off."""
    side = len(pixels) // TILES
    cut = pixels[: TILES * side, : TILES * side].reshape(TILES, side, TILES, side, 3).transpose(0, 2, 1, 3, 4)
    laid = cut.reshape(TILES**2, side, side, 3)[ORDER].reshape(cut.shape).transpose(0, 2, 1, 3, 4)
    return normalised(laid.reshape(TILES * side, TILES * side, 3))


WAYS: dict[str, Callable[[Array], Array]] = {
    "right": normalised,
    "constants": _constants,
    "bgr": lambda pixels: normalised(pixels[..., ::-1]),
    "inverted": lambda pixels: normalised(255 - pixels),
    "half": lambda pixels: normalised(kit.middle_square(pixels, len(pixels) // 2)),
    "quarter": lambda pixels: normalised(kit.middle_square(pixels, len(pixels) // 4)),
    "wrapped": lambda pixels: (pixels - np.uint8(127)).astype(np.float32) / 128,
    "unscaled": lambda pixels: pixels.astype(np.float32),
    "layout": _layout,
    "twice": lambda pixels: normalised(normalised(pixels)),
    "tiles": _tiles,
}
"""From RGB (S, S, 3) uint8 to what the network is given, float32 (S', S', 3): as in training, with torchvision's
constants, blue first, dark for light, at half and a quarter of the side, subtracted in uint8, not scaled, channels
first where they belong last, scaled twice, cut into tiles laid in another order."""

SIZES: dict[str, Callable[[Array], Array]] = {
    "forty": lambda pixels: normalised(kit.middle_square(pixels, 40)),
    "enlarged": lambda pixels: normalised(kit.middle_square(pixels, SIDE // 4).repeat(4, axis=0).repeat(4, axis=1)),
}
"""Are the pixels too few, or is the last map too small? 40 px leave it 2 × 2 places, a quarter of the side one;
"enlarged" are the pixels of that quarter, each four times along both axes."""
TAUGHT = ("wrapped", "unscaled", "layout")
"""Ways in which a head is also taught: does it fail for want of information, or because it was taught otherwise?"""

SIDE = 96
"""Of a crop as the network gets it, px; it is cut from SMALLEST to half of the photograph's side."""
SMALLEST = 72
SHOTS, TESTS = 5, 12
"""Crops of each photograph that a head learns from, and that test it."""
DECAY = 0.02
"""Weight of the squared weights in the head's least squares; a tenth or ten times of it changed little."""

FINISHED = Path(__file__).parents[1] / "data" / "served.json"
"""Results of ten seeds; made by tests/reference/make_courses.py."""


def crop(photograph: Array, right: bool, rng: np.random.Generator) -> Array:
    """Cut a square at a random place and of a random size from the left or the right half: (SIDE, SIDE, 3) uint8."""
    whole = len(photograph)
    side = int(rng.integers(SMALLEST, whole // 2 + 1))
    top, left = int(rng.integers(whole - side + 1)), int(rng.integers(whole // 2 - side + 1))
    left += right * (whole // 2)
    return kit.middle_square(photograph[top : top + side, left : left + side], SIDE)


class Look(NamedTuple):
    """What the network makes of numbers (S, S, 3).

    `features` (1280,) are the last map averaged over its places, `probabilities` (1000,) its answer; `extreme` is the
    share of the first map's values that its ReLU6 has cut to 0 or 6.
    """

    features: Array
    probabilities: Array
    extreme: float


def look(x: Array) -> Look:
    """Run the network."""
    first, *_, last = efficientnet.maps_of(x, weights())
    probabilities = efficientnet.probabilities(efficientnet.scores(last, weights()))
    return Look(last.mean(axis=(0, 1)), probabilities, float(((first == 0) | (first == 6)).mean()))


def fitted(features: Array, labels: Array, classes: int) -> Callable[[Array], Array]:
    """Fit a dense layer to features (n, d) by least squares; gives what names features (m, d) by classes (m,)."""
    mean, variance = features.mean(axis=0), features.var(axis=0)
    scale = np.sqrt((variance + variance.mean()) * features.shape[1])  # one that hardly varies must not grow large
    x = (features - mean) / scale
    goals = np.eye(classes)[labels] - 1 / classes
    w = x.T @ np.linalg.solve(x @ x.T + DECAY * np.eye(len(x)), goals)
    return lambda asked: ((asked - mean) / scale @ w).argmax(axis=1)


# ---- what the build knows -----------------------------------------------------------------------------------------

Results = dict[str, list[float]]
"""One share of each seed, by "way head": crops that the head names rightly; "way name": crops whose first name of a
thousand is as when rightly served; "way share": the median share of the first name; "way extreme": of `Look`; "way
taught": crops that a head names which was taught and is asked by crops served in that way."""


def trial(seed: int, ways: Iterable[str] = (*WAYS, *SIZES)) -> dict[str, float]:
    """Teach one head, and serve it and the network other crops in these ways: the figures of one seed."""
    serve = WAYS | SIZES
    rng = np.random.default_rng(seed)
    whole = [starters()[name].pixels for name in PHOTOGRAPHS]
    learned = [crop(each, False, rng) for each in whole for _ in range(SHOTS)]
    asked = [crop(each, True, rng) for each in whole for _ in range(TESTS)]
    labels, truth = (np.repeat(np.arange(len(whole)), count) for count in (SHOTS, TESTS))
    head = fitted(np.stack([look(normalised(each)).features for each in learned]), labels, len(whole))
    rightly = [look(normalised(each)) for each in asked]
    found = {}
    for way in ways:
        looks = rightly if way == "right" else [look(serve[way](each)) for each in asked]
        answers, rights = ([one.probabilities for one in each] for each in (looks, rightly))
        same = [ours.argmax() == theirs.argmax() for ours, theirs in zip(answers, rights, strict=True)]
        features = np.stack([one.features for one in looks])
        found[f"{way} head"] = float((head(features) == truth).mean())
        found[f"{way} name"] = float(np.mean(same))
        found[f"{way} share"] = float(np.median([shares.max() for shares in answers]))
        found[f"{way} extreme"] = float(np.mean([one.extreme for one in looks]))
        if way in TAUGHT:
            same_way = fitted(np.stack([look(serve[way](each)).features for each in learned]), labels, len(whole))
            found[f"{way} taught"] = float((same_way(features) == truth).mean())
    return {name: round(share, 4) for name, share in found.items()}


def results(seeds: Iterable[int]) -> Results:
    """Serve everything, each seed with a head and crops of its own."""
    found: Results = {}
    for seed in seeds:
        for name, share in trial(seed).items():
            found.setdefault(name, []).append(share)
    return found


@cache
def finished() -> Results:
    """Return the results of ten seeds, as the build made them."""
    stored: Results = json.loads(FINISHED.read_text(encoding="utf-8"))
    return stored
