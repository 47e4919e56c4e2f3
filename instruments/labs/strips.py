"""Small pictures side by side, as one image: digits, feature maps, kernels. Draws shades up to a peak."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from instruments import kit
from instruments.kit import Grid
from instruments.nn.windows import Array


def strip(
    pictures: Sequence[Array], peak: float, columns: int, label: str, key: str, cell: float = 4, signed: bool = False
) -> str:
    """Draw pictures (H, W), all of one size, `columns` to a row, a pixel apart; `key` is unique on the page.

    Values go from 0 to the peak, or from minus the peak if they are `signed`.
    """
    H, W = pictures[0].shape
    rows, columns = -(-len(pictures) // columns), min(columns, len(pictures))
    grid, frames = Grid(rows * (H + 1) - 1, columns * (W + 1) - 1, cell=cell), ""
    whole = np.zeros((grid.rows, grid.columns))
    for i, picture in enumerate(pictures):
        top, left = i // columns * (H + 1), i % columns * (W + 1)
        whole[top : top + H, left : left + W] = picture
        frames += grid.frame("svg-rule", top, left, H, W)
    shades = grid.signed_shades if signed else grid.shades
    return kit.svg(shades(whole, peak, key) + frames, grid.width, grid.height, label, longest=640)
