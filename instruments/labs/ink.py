"""A drawing on 32 × 32 points, kept as 64 blocks of 4 × 4: how many points of a block are set is a pixel of a digit.

That is how the images of the data set were made from scanned bitmaps (Alpaydin and Kaynak 1998). A block is a whole
number of 16 bits, its upper left point the lowest.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

SIDE, BLOCK = 32, 4
Ink: TypeAlias = tuple[int, ...]
Points: TypeAlias = NDArray[Any]

NIB = tuple((i, j) for i in range(-2, 3) for j in range(-2, 3) if i * i + j * j < 7)
"""Points a pen sets around its tip."""


def points(ink: Ink) -> Points:
    """Unpack a drawing as points (32, 32) of 0 and 1; anything that is no drawing is an empty one."""
    blocks = np.array(ink if len(ink) == 64 else (0,) * 64, np.int64)
    bits: Points = (blocks[:, None] >> np.arange(16)) & 1
    bitmap: Points = bits.reshape(8, 8, 4, 4).transpose(0, 2, 1, 3).reshape(SIDE, SIDE)
    return bitmap


def packed(bitmap: Points) -> Ink:
    """Pack points (32, 32) as a drawing; an empty one is ()."""
    blocks = bitmap.reshape(8, 4, 8, 4).transpose(0, 2, 1, 3).reshape(64, 16)
    numbers = (blocks.astype(np.int64) << np.arange(16)).sum(1)
    return tuple(numbers.tolist()) if numbers.any() else ()


def drawn(ink: Ink, start: tuple[int, int], end: tuple[int, int]) -> Ink:
    """Draw a line from `start` to `end`, both (row, column)."""
    bitmap = points(ink)
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
    for step in range(steps + 1):
        row, column = (round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True))
        for i, j in NIB:
            if 0 <= row + i < SIDE and 0 <= column + j < SIDE:
                bitmap[row + i, column + j] = 1
    return packed(bitmap)


def fitted(bitmap: Points) -> Points:
    """Scale what is drawn to the full height and centre it, as the data set's bitmaps are."""
    rows, columns = np.flatnonzero(bitmap.any(1)), np.flatnonzero(bitmap.any(0))
    if not rows.size:
        return bitmap
    part = bitmap[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = SIDE / max(part.shape)
    height, width = (max(1, round(side * scale)) for side in part.shape)
    if part.shape[0] < part.shape[1]:
        height = SIDE * part.shape[0] // part.shape[1]
    down, right = ((np.arange(n) + 0.5) / n * side for n, side in zip((height, width), part.shape, strict=True))
    whole = np.zeros_like(bitmap)
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    whole[top : top + height, left : left + width] = part[down.astype(int)[:, None], right.astype(int)]
    return whole


def image(ink: Ink) -> NDArray[Any]:
    """Turn a drawing into what a network reads: (1, 1, 8, 8) float32 in [0, 1]."""
    counts: Points = fitted(points(ink)).reshape(8, 4, 8, 4).sum((1, 3))
    return (counts[None, None] / 16).astype(np.float32)
