"""Named kernels of any odd size and the 9×9 drawings they are tried on.

A kernel of size 1 can only scale, so each name leaves the one number that keeps its sum.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SEVEN = """
.........
.#######.
.#######.
......##.
.....##..
....##...
....##...
...##....
...##....
"""


@cache
def kernel(name: str, k: int) -> Array:
    """Return the kernel (k, k) called edge, blur, sharpen, identity, sobel-x, sobel-y, emboss or motion."""
    if k == 1:
        return np.array([[0.0 if name in ("edge", "sobel-x", "sobel-y") else 1.0]])
    made: dict[str, Callable[[int], Array]] = {
        "edge": _edge,
        "blur": lambda k: np.full((k, k), 1 / (k * k)),
        "sharpen": _sharpen,
        "identity": _identity,
        "sobel-x": _sobel,
        "sobel-y": lambda k: _sobel(k).T,
        "emboss": _emboss,
        "motion": lambda k: np.eye(k) / k,
    }
    return made[name](k)


def _identity(k: int) -> Array:
    weights = np.zeros((k, k))
    weights[k // 2, k // 2] = 1
    return weights


def _edge(k: int) -> Array:
    """Return the Laplacian that counts every neighbour: −1 each, their number in the centre, sum 0."""
    weights: Array = k * k * _identity(k) - 1
    return weights


def _sharpen(k: int) -> Array:
    """Return −1 along the arms of a cross and 2k − 1 in the centre: sum 1."""
    weights = np.zeros((k, k))
    weights[k // 2] = weights[:, k // 2] = -1
    weights[k // 2, k // 2] = 2 * k - 1
    return weights


def _sobel(k: int) -> Array:
    """Return a smoothed difference from left to right: binomial down the columns, its slope along the rows."""
    smooth = _binomial(k)
    slope = np.convolve(_binomial(k - 2), [-1, 0, 1])
    return np.outer(smooth, slope)


def _binomial(n: int) -> Array:
    weights = np.ones(1)
    for _ in range(n - 1):
        weights = np.convolve(weights, [1, 1])
    return weights


def _emboss(k: int) -> Array:
    """Return a slope along the diagonal with 1 in the centre: sum 1."""
    places = np.arange(k) - k // 2
    return np.add.outer(places, places) + _identity(k)


@cache
def drawing(name: str) -> Array:
    """Return the 9×9 drawing called seven, bar, checkerboard or gradient, values from 0 to 1."""
    row, column = np.indices((9, 9))
    if name == "seven":
        return np.array([[float(c == "#") for c in line] for line in SEVEN.split()])
    made: dict[str, Array] = {
        "bar": (abs(column - 4) <= 1) * 1.0,
        "checkerboard": (row + column) % 2 * 1.0,
        "gradient": column / 10,
    }
    return made[name]
