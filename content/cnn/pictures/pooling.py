"""Figure of section 2.2: the six values that a pooling window sees before and after a shift."""

from __future__ import annotations

import numpy as np

from instruments.kit import Grid, box, magnitude_levels, magnitude_name, number, svg, words
from instruments.kit.strokes import TYPE, phrase

ROWS, COLUMNS, SIDE = 2, 3, 2
SMALL = (4, 6, 2, 5, 3)
"""The five values that are not the largest, in the order in which they fill the places."""
LARGEST = 9


def six(place: int, width: int) -> str:
    """Draw the six values with the largest in one of the places, and what the window reports before and after."""
    beside = width > 500
    cell = 62 if beside else 54
    grid = Grid(ROWS, COLUMNS, x=12, y=26, cell=cell)
    values = _values(place)
    levels = magnitude_levels(values, LARGEST)
    before, after = _pooled(values)
    body = grid.fills(levels, magnitude_name) + grid.texts(values, levels, 0, magnitude_name) + grid.lines()
    body += box("svg-result", grid.x + cell, grid.y, 2 * cell, 2 * cell)
    body += box("svg-window svg-ended", grid.x - 6, grid.y - 6, 2 * cell + 6, 2 * cell + 12)
    x = grid.x + grid.width + (44 if beside else 16)
    kept = "stays" if before == after else "changes"
    lines = [
        [("of-result", "before the shift"), ("", f" {number(before)}")],
        [("of-window", "after it"), ("", f" {number(after)}")],
        [("of-kernel", f"the value {kept}")],
    ]
    body += "".join(phrase(x, grid.y + 22 + 26 * row, line) for row, line in enumerate(lines))
    low = grid.y + grid.height + 44
    return svg(body + _tally(place, grid.x, low, width), width, low + 74, _words(place, before, after))


def _values(place: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The values (2, 3) with the largest in a place, counted down the columns."""
    column, row = divmod(place, ROWS)
    values = np.insert(np.array(SMALL, float), row * COLUMNS + column, LARGEST)
    return values.reshape(ROWS, COLUMNS)


def _pooled(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float]:
    """The largest value of the window before and after a shift of the map to the right by one pixel."""
    return float(values[:, COLUMNS - SIDE :].max()), float(values[:, :SIDE].max())


def _tally(now: int, left: float, top: float, width: int) -> str:
    """The six places side by side: in which the pooled value stays."""
    step = (width - left) / 6
    cell = 15 if width > 500 else 13
    body = ""
    for place in range(ROWS * COLUMNS):
        values = _values(place)
        before, after = _pooled(values)
        grid = Grid(ROWS, COLUMNS, x=left + place * step, y=top, cell=cell)
        levels = magnitude_levels(np.where(values == LARGEST, 8.0, 0.5), 8)
        body += grid.fills(levels, magnitude_name) + grid.lines()
        body += box("svg-window", grid.x - 5, top - 5, grid.width + 10, grid.height + 10) if place == now else ""
        said = ("of-result", "✓ stays") if before == after else ("svg-label", "changes")
        body += words(said[0], grid.x + grid.width / 2, top + grid.height + 18, said[1], TYPE if width > 500 else 11)
    return body


def _words(place: int, before: float, after: float) -> str:
    column = place // ROWS
    where = ("left column, which only the window after the shift sees", "middle column, which both windows see")
    seen = (*where, "right column, which only the window before the shift sees")[column]
    kept = "the pooled value stays" if before == after else "the pooled value changes"
    return f"The 9 in the {seen}: {number(before)} before, {number(after)} after; {kept}."
