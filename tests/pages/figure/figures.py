"""What the case's second figure is drawn with."""

import numpy as np

from instruments.kit import Grid, magnitude_levels, magnitude_name, svg


def row(width: int) -> str:
    """Draw five cells, each darker than the one before."""
    grid = Grid(1, 5, x=1, y=1, cell=width / 8)
    values = np.arange(5.0).reshape(1, 5)
    levels = magnitude_levels(values, peak=8)
    body = grid.fills(levels, magnitude_name) + grid.texts(values, levels, name=magnitude_name) + grid.lines()
    return svg(body, width, grid.height + 2, "Five cells that hold 0 to 4.")
