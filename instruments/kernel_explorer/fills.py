"""Grids filled with values: greys or strengths for brightness, two colours for signs; a large grid as a picture."""

from __future__ import annotations

import numpy as np

from instruments import kit
from instruments.kernel_explorer.scene import WHITE, Array

LARGEST_DRAWN = 225
"""More cells than this are filled by a picture, not one by one."""


def is_large(values: Array) -> bool:
    """Whether a grid has too many cells to print their values."""
    return values.size > LARGEST_DRAWN


def peak_of(values: Array) -> float:
    """Return the largest absolute value."""
    return float(np.abs(values).max())


def brightness(grid: kit.Grid, values: Array, bright: bool) -> str:
    """Fill a grid with values from 0 to 1: greys for a picture, magnitudes for a drawing."""
    if bright:
        return grid.photo(values / WHITE)
    return grid.fills(kit.magnitude_levels(values, 1), kit.magnitude_name)


def signed(grid: kit.Grid, values: Array, peak: float, key: str) -> str:
    """Fill a grid with signed values; a large one as a picture."""
    if is_large(values):
        return grid.signed_shades(values, peak, key)
    return grid.fills(kit.signed_levels(values, peak))
