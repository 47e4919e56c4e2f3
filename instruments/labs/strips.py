"""Small pictures side by side, as one image: digits, feature maps. Draws shades of one colour from 0 to a peak."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from instruments import kit
from instruments.kit import Grid
from instruments.nn.windows import Array


def strip(pictures: Sequence[Array], peak: float, columns: int, label: str, key: str, cell: float = 4) -> str:
    """Draw pictures (H, W), all of one size, `columns` to a row, a pixel apart; `key` is unique on the page."""
    H, W = pictures[0].shape
    rows, columns = -(-len(pictures) // columns), min(columns, len(pictures))
    grid, frames = Grid(rows * (H + 1) - 1, columns * (W + 1) - 1, cell=cell), ""
    whole = np.zeros((grid.rows, grid.columns))
    for i, picture in enumerate(pictures):
        top, left = i // columns * (H + 1), i % columns * (W + 1)
        whole[top : top + H, left : left + W] = picture
        frames += grid.frame("svg-rule", top, left, H, W)
    return kit.svg(grid.shades(whole, peak, key) + frames, grid.width, grid.height, label, longest=640)
