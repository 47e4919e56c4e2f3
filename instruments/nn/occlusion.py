"""What a network loses when a part of its picture is covered, place by place (Zeiler and Fergus 2014)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

PLACES = 7
"""Along a side; each is covered by a square twice as wide, so that neighbours overlap by half."""


def covered(x: Array, row: int, column: int) -> Array:
    """Give a copy of a picture (H, W, C) whose square around one of PLACES × PLACES is 0."""
    copy = x.copy()
    copy[_strip(len(x), row), _strip(x.shape[1], column)] = 0
    return copy


def _strip(length: int, place: int) -> slice:
    """Twice the width of a place, around its middle; less at the rim."""
    return slice(max(0, round(length * (place - 0.5) / PLACES)), round(length * (place + 1.5) / PLACES))


def answers(x: Array, look: Callable[[Array], Array]) -> Iterator[Array]:
    """Look at the picture with each place covered, row by row: (PLACES, n) answers for a row."""
    for row in range(PLACES):
        yield np.array([look(covered(x, row, column)) for column in range(PLACES)])
