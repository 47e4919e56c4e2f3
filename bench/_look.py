"""Times the trained network on photographs of several sizes; runs in CPython and in the browser's worker."""

from __future__ import annotations

import json
from itertools import islice
from time import perf_counter

from instruments.experiments import imagenet
from instruments.kit import middle_square
from instruments.labs import photograph_lab
from instruments.nn import efficientnet
from instruments.nn.efficientnet.packed_weights import CUT

LOOKS = 10


def least(side: int, count: int | None) -> float:
    """Milliseconds of the quickest look of several, as far as so many maps, or to the logits."""
    weights = imagenet.weights()
    pixels = middle_square(imagenet.starters()["chelsea"].pixels, side)
    taken = []
    for _ in range(LOOKS):
        start = perf_counter()
        *_, last = islice(efficientnet.maps(pixels, weights), count)
        if count is None:
            efficientnet.scores(last, weights)
        taken.append(perf_counter() - start)
    return 1000 * min(taken)


def measure() -> str:
    """All times, as JSON."""
    times = {f"ms_{side}": least(side, None) for side in photograph_lab.SIZES}
    return json.dumps({**times, "features_ms_128": least(128, 1 + CUT)})
