"""A new head on a frozen network: kinds of picture taught by a few of each, on features of the layer that one likes.

The network is EfficientNet-Lite0 as far as block 11, with ImageNet's weights or with random ones of the usual sizes;
a third way does without and takes the pixels. What follows is the same for all three: features are standardised over
the pictures that teach, and a dense layer learns from them by the same number of steps at the same rate.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments import kit
from instruments.data import fetched, textures
from instruments.experiments.imagenet import backbone
from instruments.nn import efficientnet
from instruments.nn.efficientnet import BLOCKS, STEM, Weights
from instruments.nn.efficientnet.packed_weights import CUT, layers

Array = NDArray[Any]

CUTS = (0, 3, 5, 8, 11)
"""Blocks in front of a cut: the features are the map there, averaged over its places; 0 is the first layer."""
WIDTHS = tuple(BLOCKS[cut - 1].c_out if cut else STEM for cut in CUTS)
PIXELS = 16
"""Side that a picture is shrunk to where its pixels are the features."""
SOURCES = ("trained", "random", "pixels")
"""Where features come from; pixels have no cut."""

STEPS, RATE, DECAY = 300, 2.0, 0.01
"""Of the head, with all its pictures in every step: the same for all sources and cuts."""

FINISHED = Path(__file__).parents[1] / "data" / "teaching.json"
"""Made by tests/reference/make_courses.py."""


# ---- features -----------------------------------------------------------------------------------------------------


@cache
def random_weights(seed: int) -> Weights:
    """Draw weights for the same layers, normal, of a variance that keeps maps as large (He et al. 2015); no biases."""
    rng = np.random.default_rng(seed)
    drawn = {}
    for layer in layers(0, CUT):
        products = math.prod(layer.shape) // layer.channels
        rectified = not layer.name.startswith(("stem", "expand"))  # what reads a ReLU's map reads half of its square
        deviation = np.float32(math.sqrt((2 if rectified else 1) / products))
        w = rng.standard_normal(layer.shape, np.float32) * deviation
        drawn[layer.name] = (w, np.zeros(layer.channels, np.float32))
    return drawn


def pooled(pixels: Array, weights: Weights) -> Array:
    """Features of a picture (H, W, 3) at all CUTS, one after another, (288,): means over the places of a map."""
    seen = islice(efficientnet.maps(pixels, weights), 1 + CUT)
    return np.concatenate([x.mean(axis=(0, 1)) for cut, x in enumerate(seen) if cut in CUTS])


def looked_at(pixels: Array, trained: Weights) -> Array:
    """All features of a picture (128, 128, 3), in the order of `part`: (1344,) float32."""
    shrunk = kit.middle_square(pixels, PIXELS).ravel() / np.float32(255)
    return np.concatenate([pooled(pixels, trained), pooled(pixels, random_weights(0)), shrunk], dtype=np.float32)


def part(source: str, cut: int) -> slice:
    """Where the features of one source at one cut stand among all."""
    if source == "pixels":
        return slice(2 * sum(WIDTHS), None)
    at = CUTS.index(cut)
    start = sum(WIDTHS[:at]) + (sum(WIDTHS) if source == "random" else 0)
    return slice(start, start + WIDTHS[at])


@cache
def pieces() -> dict[str, textures.Piece]:
    """The textures at hand. Raises NotHere where their file has not been fetched."""
    return textures.unpacked(fetched.content("textures"))


# ---- the head -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Head:
    """A dense layer on standardised features; and the scores (n, C) of each picture by a head taught without it."""

    mean: Array
    scale: Array
    w: Array
    b: Array
    left_out: Array

    def probabilities(self, features: Array) -> Array:
        """Judge pictures by their features (N, d): softmax, (N, C)."""
        return softmax((features - self.mean) / self.scale @ self.w.T + self.b)


def softmax(scores: Array) -> Array:
    """Make scores (…, C) positive, with sum 1."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Array = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def taught(features: Array, labels: Array, kinds: int) -> Head:
    """Teach a head with pictures (n, d) of so many kinds, and n more, each without one picture.

    Full steps down the cross-entropy with weight decay, from zero. Weights that begin there stay sums of the pictures,
    w = aᵀ x, so what is learned is a (n, C), and products of pictures (n, n) are all that is needed.
    """
    n = len(features)
    present = np.vstack([1 - np.eye(n), np.ones(n)])  # the last head is taught by all
    scaled = [standardised(features, features[there > 0]) for there in present]
    products = np.stack([x @ x.T for x, _, _ in scaled])
    goals, share = np.eye(kinds)[labels], (present / present.sum(axis=1, keepdims=True))[..., None]
    a, b = np.zeros((n + 1, n, kinds)), np.zeros((n + 1, 1, kinds))
    for _ in range(STEPS):
        slope = share * (softmax(products @ a + b) - goals)
        a -= RATE * (slope + DECAY * a)
        b -= RATE * slope.sum(axis=1, keepdims=True)
    scores = products @ a + b
    x, mean, scale = scaled[-1]
    return Head(mean, scale, a[-1].T @ x, b[-1, 0], scores[np.arange(n), np.arange(n)])


def standardised(features: Array, among: Array) -> tuple[Array, Array, Array]:
    """Scale features (n, d) to length about 1 by mean and deviation of some pictures; gives mean and scale as well.

    A feature that hardly differs among a few pictures is divided by no less than features differ on average.
    """
    mean, variance = among.mean(axis=0), among.var(axis=0)
    scale = np.sqrt((variance + variance.mean() + 1e-12) * features.shape[1])
    return (features - mean) / scale, mean, scale


def wilson(rights: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share of which `rights` of n were seen (Wilson 1927)."""
    z = 1.96
    middle, spread = rights + z * z / 2, z * math.sqrt(rights * (n - rights) / n + z * z / 4)
    return (middle - spread) / (n + z * z), (middle + spread) / (n + z * z)


# ---- what the build knows -----------------------------------------------------------------------------------------

Results = dict[str, list[int]]
"""Pictures judged rightly, of the 15 that teach, each left out in turn, by "left out random 11"; of the 9 others by
"asked random 11"; one number for each random network, and one for "trained 11" or "pixels"."""


def results(pixels: Mapping[str, Array], seeds: Iterable[int]) -> Results:
    """Teach the textures, given as (128, 128, 3) by name, on every source; random networks of these seeds."""
    found: Results = {}
    for seed in seeds:
        _judge(found, "random", [pooled(pixels[name], random_weights(seed)) for name in textures.NAMES])
    _judge(found, "trained", [pooled(pixels[name], backbone()) for name in textures.NAMES])
    shrunk = np.array([kit.middle_square(pixels[name], PIXELS).ravel() / 255 for name in textures.NAMES])
    _count(found, "pixels", shrunk)
    return found


def _judge(found: Results, source: str, features: list[Array]) -> None:
    for cut in CUTS:
        _count(found, f"{source} {cut}", np.array(features)[:, part("trained", cut)])


def _count(found: Results, name: str, features: Array) -> None:
    kinds = [texture for texture in textures.TEXTURES for _ in (*textures.TAUGHT, *textures.ASKED)]
    labels = np.array([list(textures.TEXTURES).index(kind) for kind in kinds])
    teach = np.array([name in textures.taught(kind) for name, kind in zip(textures.NAMES, kinds, strict=True)])
    head = taught(features[teach], labels[teach], len(textures.TEXTURES))
    left_out = int((head.left_out.argmax(axis=1) == labels[teach]).sum())
    asked = int((head.probabilities(features[~teach]).argmax(axis=1) == labels[~teach]).sum())
    found.setdefault(f"left out {name}", []).append(left_out)
    found.setdefault(f"asked {name}", []).append(asked)


@cache
def finished() -> Results:
    """Return the results with ten random networks, as the build made them."""
    stored: Results = json.loads(FINISHED.read_text(encoding="utf-8"))
    return stored
