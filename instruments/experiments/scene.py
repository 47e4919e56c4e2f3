"""One pass over a whole scene: a network taught on windows of 14 × 14 pixels reads 66 × 66 at once. Draws nothing.

Its dense layer over a 2 × 2 map is a convolution with 2 × 2 kernels (Long et al. 2015, section 3.1). Nothing is padded,
so every value of the pass is what the window at its place gives alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from math import isqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from instruments.data.digits import Split, split
from instruments.nn.geometry import Layer as Row
from instruments.nn.geometry import costs
from instruments.nn.layers import Conv, Dense, Flatten, Relu
from instruments.nn.network import Network, inside
from instruments.nn.pooling import MaxPool
from instruments.nn.training import Training, probabilities
from instruments.nn.windows import Array

SIDE, WINDOW, DIGIT = 66, 14, 8
"""Sides of a scene, of what the network was taught on, and of a digit, px."""
MARGIN = (WINDOW - DIGIT) // 2
"""Around a digit that stands in the middle of a window, px."""
JUMP = 4
"""Pixels from one value of the pass to the next: the product of the strides."""
BODY = (Row("conv", 16, 3), Row("max-pool", k=2, stride=2), Row("conv", 32, 3), Row("max-pool", k=2, stride=2))
"""What stands below the dense layer."""

COUNT, STROKES, NOISE = 5, 6, 0.05
"""Digits and strokes of a scene, deviation of the noise on each pixel, in shares of full ink."""
APART = 10
"""Least distance of two digits' corners along one of the axes, px."""
NEAR = 4
"""A find is right if the digit it names stands no further off along both axes, px."""

TOLERANCES = {"background": JUMP // 2, "digits": JUMP // 2, "exact": 1}
"""How far off the middle, in px along both axes, a digit may stand that a network is taught to name. Of the three,
"digits" is taught no windows without one, so that it has ten classes; the others have an eleventh."""
NOTHING = 10
"""The eleventh class: no digit in the middle."""
WAYS = {"windows": 1, "pass": JUMP}
"""A window at every place, or one pass over the scene; pixels from one value to the next."""
THRESHOLDS = (0.5, 0.7, 0.9, 0.97, 0.99, 0.999)

EXAMPLES, EPOCHS, BATCH, RATE = 40_000, 8, 64, 0.01
TESTS = 20
"""Scenes that test a network."""

FOLDER = Path(__file__).parents[1] / "data"
FINISHED = FOLDER / "scene.json"
"""Results of five seeds; made by tests/reference/make_courses.py, as are the weights of seed 0's networks."""
WEIGHTS = FOLDER / "scene.npz"


# ---- scenes -------------------------------------------------------------------------------------------------------


class Scene(NamedTuple):
    """Digits (5, 8, 8) with their names (5,) and corners (5, 2), rows and columns; strokes and noise (66, 66)."""

    digits: Array
    names: Array
    corners: Array
    strokes: Array
    noise: Array

    def pixels(self) -> Array:
        """Everything drawn in its place, (66, 66) float32: ink from 0 to 1, and noise."""
        ink = self.strokes.copy()
        for digit, (row, column) in zip(self.digits, self.corners.tolist(), strict=True):
            there = ink[row : row + DIGIT, column : column + DIGIT]
            np.maximum(there, digit, out=there)
        whole: Array = (ink + self.noise).astype(np.float32)
        return whole


def made(images: Array, labels: Array, rng: np.random.Generator) -> Scene:
    """Make a scene of some of the images (N, 1, 8, 8), each where a window can have it in its middle."""
    strokes = np.zeros((SIDE, SIDE))
    for _ in range(STROKES):
        np.maximum(strokes, _stroke(rng), out=strokes)
    corners: list[Array] = []
    while len(corners) < COUNT:
        corner = rng.integers(MARGIN, SIDE - DIGIT - MARGIN + 1, 2)
        if all(np.abs(corner - other).max() >= APART for other in corners):
            corners.append(corner)
    which = rng.integers(len(images), size=COUNT)
    noise = NOISE * rng.standard_normal((SIDE, SIDE))
    return Scene(images[which, 0], labels[which], np.array(corners), strokes, noise)


def _stroke(rng: np.random.Generator) -> Array:
    """Draw a bent line of two straight parts, each at most 8 px along both axes: ink (66, 66) from 0 to 1."""
    ends = rng.uniform(0, SIDE, 2) + np.vstack([np.zeros(2), rng.uniform(-8, 8, (2, 2)).cumsum(axis=0)])
    ink = np.zeros((SIDE, SIDE))
    for start, end in pairwise(ends):
        down, right = (end - start).tolist()
        rows, columns = np.arange(SIDE)[:, None] - start[0], np.arange(SIDE) - start[1]
        share = np.clip((rows * down + columns * right) / (down * down + right * right), 0, 1)
        off = np.sqrt((rows - share * down) ** 2 + (columns - share * right) ** 2)
        np.maximum(ink, np.clip(1.5 - off, 0, 1), out=ink)
    return ink


# ---- networks -----------------------------------------------------------------------------------------------------


def network(rng: np.random.Generator, classes: int) -> Network:
    """Build conv 16, pool, conv 32, pool, dense with random weights, for windows (N, 1, 14, 14); nothing is padded."""
    first, _, second, _ = BODY
    body = [Conv(1, first.channels, first.k, rng), Relu(), MaxPool()]
    body += [Conv(first.channels, second.channels, second.k, rng), Relu(), MaxPool()]
    return Network([*body, Flatten(), Dense(second.channels * 2 * 2, classes, rng)])


def as_convolution(dense: Dense, channels: int) -> Conv:
    """The convolution that gives, at each place of a map with so many channels, what the dense layer gives there."""
    weights = dense.weights["weights"]
    side = isqrt(weights.shape[1] // channels)
    conv = Conv(channels, len(weights), side, np.random.default_rng(0))
    conv.weights = {
        "kernels": weights.reshape(len(weights), channels, side, side),
        "bias": dense.weights["bias"],
    }
    return conv


def one_pass(net: Network, pixels: Array) -> Array:
    """Read a scene (H, W) at once: scores (classes, H', W'), JUMP pixels apart."""
    *body, _, dense = net.layers
    assert isinstance(dense, Dense)
    x = inside(pixels[None, None])
    for layer in [*body, as_convolution(dense, body[-3].weights["kernels"].shape[0])]:
        x = layer.forward(x)
    return x[..., 0]


def by_windows(net: Network, pixels: Array, step: int) -> Array:
    """Cut a window every so many pixels, and read each by itself: scores (classes, H', W')."""
    cut = sliding_window_view(pixels, (WINDOW, WINDOW))[::step, ::step]
    scores = net.forward(np.ascontiguousarray(cut.reshape(-1, 1, WINDOW, WINDOW)))
    return scores.T.reshape(-1, *cut.shape[:2])


def examples(images: Array, labels: Array, tolerance: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Cut windows (40000, 1, 14, 14) from scenes, and say what is in their middle, (40000,), with NOTHING in half.

    A digit counts that stands at most `tolerance` px off. Of the windows with none half are cut around a digit, too.
    """
    windows: list[Array] = []
    classes: list[int] = []
    while len(windows) < EXAMPLES:
        scene = made(images, labels, rng)
        pixels = scene.pixels()
        for corner, name in zip(scene.corners - MARGIN, scene.names, strict=True):
            windows.append(_window(pixels, corner + rng.integers(-tolerance, tolerance + 1, 2)))
            place = _without(scene, corner, tolerance, rng)
            windows.append(_window(pixels, place))
            classes += [int(name), NOTHING]
    return np.array(windows)[:, None], np.array(classes)


def _window(pixels: Array, corner: Array) -> Array:
    row, column = np.clip(corner, 0, SIDE - WINDOW).tolist()
    return pixels[row : row + WINDOW, column : column + WINDOW]


def _without(scene: Scene, near: Array, tolerance: int, rng: np.random.Generator) -> Array:
    """Draw the corner of a window that has no digit in its middle."""
    around = rng.random() < 0.5
    while True:
        drawn = near + rng.integers(-7, 8, 2) if around else rng.integers(0, SIDE - WINDOW + 1, 2)
        corner: Array = np.clip(drawn, 0, SIDE - WINDOW)
        if np.abs(corner + MARGIN - scene.corners).max(axis=1).min() > tolerance:
            return corner


def products(name: str, side: int) -> int:
    """Multiply-adds of one pass of a network over so many pixels a side."""
    head = Row("conv", NOTHING + (name != "digits"), 2)
    return sum(cost.products for cost in costs((*BODY, head), (1, side, side)))


def trainings(seed: int) -> Iterable[tuple[str, Split, Training]]:
    """Prepare the training of each network of a seed. All see the same number of windows in as many steps."""
    rng = np.random.default_rng(seed)
    data = split(rng)
    cut = {by: examples(data.train, data.train_labels, by, rng) for by in sorted(set(TOLERANCES.values()))}
    for name, tolerance in TOLERANCES.items():
        windows, classes = cut[tolerance]
        epochs = EPOCHS
        if name == "digits":  # half as many windows, so each is seen twice as often
            windows, classes = windows[classes != NOTHING], classes[classes != NOTHING]
            epochs = 2 * EPOCHS
        net = network(rng, NOTHING + (name != "digits"))
        yield name, data, Training(net, windows, classes, rng, RATE, BATCH, epochs)


@cache
def trained(name: str) -> Network:
    """Return seed 0's network as the build made it, "background" or "digits", in half precision."""
    net = network(np.random.default_rng(0), NOTHING + (name != "digits"))
    with np.load(WEIGHTS) as packed:
        net.values[:] = packed[name]
    return net


# ---- what is found ------------------------------------------------------------------------------------------------


class Find(NamedTuple):
    """A digit is said to stand with its upper left corner here, with this share."""

    row: int
    column: int
    digit: int
    share: float


def shares(scores: Array) -> Array:
    """Softmax over the classes (K, H, W) at each place; of the digits, (10, H, W)."""
    rows = probabilities(scores.reshape(len(scores), -1).T)
    return rows.T.reshape(scores.shape)[:NOTHING]


def found(digits: Array, step: int, threshold: float) -> list[Find]:
    """List the peaks of shares (10, H, W) from the threshold on, the largest first, none nearer than a digit's side."""
    heights, finds = digits.max(axis=0), []
    rows, columns = step * np.arange(heights.shape[0])[:, None], step * np.arange(heights.shape[1])
    while (share := float(heights.max())) >= threshold:
        i, j = divmod(int(heights.argmax()), heights.shape[1])
        finds.append(Find(step * i + MARGIN, step * j + MARGIN, int(digits[:, i, j].argmax()), share))
        heights[(np.abs(rows - step * i) < DIGIT) & (np.abs(columns - step * j) < DIGIT)] = -1
    return finds


def rights(finds: Iterable[Find], scene: Scene) -> list[bool]:
    """Say of each find whether it names a digit that stands there and has not been named before."""
    left = set(range(len(scene.names)))
    said = []
    for find in finds:
        off = np.abs(scene.corners - (find.row, find.column)).max(axis=1)
        hits = [i for i in left if off[i] <= NEAR and scene.names[i] == find.digit]
        said.append(bool(hits))
        left -= set(hits[:1])
    return said


# ---- what the build knows -----------------------------------------------------------------------------------------

Results = dict[str, list[float]]
"""One number of each seed by "network way threshold found", the share of all digits that are found and rightly named,
and by "network way threshold false", finds that are not right, a scene."""


def tested(net: Network, way: str, scenes: Iterable[Scene]) -> dict[str, float]:
    """Read scenes in one of the WAYS: "threshold found" and "threshold false" of all THRESHOLDS."""
    step, counts = WAYS[way], {threshold: [0, 0, 0] for threshold in THRESHOLDS}
    for scene in scenes:
        pixels = scene.pixels()
        digits = shares(one_pass(net, pixels) if way == "pass" else by_windows(net, pixels, step))
        for threshold, count in counts.items():
            said = rights(found(digits, step, threshold), scene)
            for i, n in enumerate((1, sum(said), len(said) - sum(said))):
                count[i] += n
    named = {f"{threshold} found": round(right / n / COUNT, 4) for threshold, (n, right, _) in counts.items()}
    return named | {f"{threshold} false": round(false / n, 4) for threshold, (n, _, false) in counts.items()}


def tests(seed: int, data: Split) -> list[Scene]:
    """Make the scenes that test the networks of a seed, of digits that they have not seen."""
    rng = np.random.default_rng(seed + 1000)
    return [made(data.test, data.test_labels, rng) for _ in range(TESTS)]


def results(seeds: Iterable[int]) -> tuple[Results, dict[str, Array]]:
    """Train and test everything with every seed; also the weights of the first seed's networks, float16."""
    all_found: Results = {}
    weights: dict[str, Array] = {}
    for seed in seeds:
        for name, data, run in trainings(seed):
            run.advance(run.steps)
            rounded = run.network.values.astype(np.float16)
            weights.setdefault(name, rounded)
            run.network.values[:] = rounded
            for way in WAYS:
                for measure, value in tested(run.network, way, tests(seed, data)).items():
                    all_found.setdefault(f"{name} {way} {measure}", []).append(value)
    return all_found, weights


@cache
def finished() -> Results:
    """Return the results of five seeds, as the build made them."""
    stored: Results = json.loads(FINISHED.read_text(encoding="utf-8"))
    return stored
