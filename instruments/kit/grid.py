"""A grid of values as a picture one can point at, and as the table that says the same.

Draws what it is given: levels become classes, texts are printed as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from instruments.kit.marks import box, number, plain, runs, signed_name, table
from instruments.kit.pictures import png_url

LARGEST_TABLE = 15
"""A longer grid has no hairlines, and its table shows only what is around the selected cell."""

AROUND = 4


@dataclass(frozen=True)
class Grid:
    """A grid of `rows` × `columns` cells whose upper left corner is at (x, y) of a picture; `cell` is a cell's side."""

    rows: int
    columns: int
    x: float = 0
    y: float = 0
    cell: float = 40

    @property
    def width(self) -> float:
        """Width in the picture's units."""
        return self.columns * self.cell

    @property
    def height(self) -> float:
        """Height in the picture's units."""
        return self.rows * self.cell

    def fills(self, levels: NDArray[Any], name: Callable[[int], str] = signed_name) -> str:
        """Fill every cell by its level, (rows, columns)."""
        paths = "".join(f'<path class="{name(level)}" d="{d}"/>' for level, d in runs(levels).items())
        place = f"translate({plain(self.x)} {plain(self.y)}) scale({plain(self.cell)})"
        return f'<g transform="{place}" shape-rendering="crispEdges">{paths}</g>'

    def photo(self, brightness: NDArray[Any]) -> str:
        """Fill the grid with a grey picture, values from 0 to 1: the same greys in light and dark."""
        return self._image(png_url(np.clip(np.floor(brightness * 255 + 0.5), 0, 255)))

    def tones(self, values: NDArray[Any]) -> str:
        """Fill the grid with values from -1, black, to 1, white: the same sixteen greys in light and dark."""
        return self._image(png_url(np.clip(np.floor((values + 1) * 7.5 + 0.5), 0, 15), 4))

    def shades(self, values: NDArray[Any], peak: float, key: str) -> str:
        """Fill a large grid with values from 0 to peak; `key` is unique on the page."""
        return self._backdrop("mag-0") + self._shade("mag-8", values, peak, key)

    def signed_shades(self, values: NDArray[Any], peak: float, key: str) -> str:
        """Fill a large grid with values from -peak to peak; `key` is unique on the page."""
        body = self._backdrop("zero") + self._shade("pos-8", values, peak, key + "-pos")
        return body + self._shade("neg-8", -values, peak, key + "-neg")

    def _backdrop(self, kind: str) -> str:
        return box(kind, self.x, self.y, self.width, self.height)

    def _shade(self, kind: str, values: NDArray[Any], peak: float, key: str) -> str:
        """Let a class's colour through in proportion to the values: a picture serves as mask, so themes apply."""
        levels = np.clip(np.floor(values * (15 / peak if peak > 0 else 0) + 0.5), 0, 15)
        mask = f'<mask id="{key}">{self._image(png_url(levels, 4), key)}</mask>'
        return mask + box(kind, self.x, self.y, self.width, self.height, f'mask="url(#{key})"')

    def _image(self, url: str, key: str = "") -> str:
        """A picture stretched over the grid; its key tells what it shows and where, so that none is loaded again."""
        place = f'x="{plain(self.x)}" y="{plain(self.y)}" width="{plain(self.width)}" height="{plain(self.height)}"'
        known = f'data-key="pixels-{crc32(f"{key} {place} {url}".encode()):x}"'
        return f'<image class="svg-pixels" {known} {place} preserveAspectRatio="none" href="{url}"/>'

    def texts(
        self, values: NDArray[Any], levels: NDArray[Any], digits: int = 2, name: Callable[[int], str] = signed_name
    ) -> str:
        """Print every value, grouped by level so that the ink can suit the fill."""
        key = (levels.astype(np.int8).tobytes(), np.ascontiguousarray(values, np.float64).tobytes())
        return _texts(self, *key, digits, name)

    def lines(self) -> str:
        """Draw the hairlines between cells and the frame."""
        return _lines(self)

    def frame(self, kind: str, row: float, column: float, rows: float = 1, columns: float = 1) -> str:
        """Draw a rectangle around some cells."""
        return box(kind, self.x + column * self.cell, self.y + row * self.cell, columns * self.cell, rows * self.cell)

    def target(self, name: str, paint: bool = False, sights: bool = False) -> str:
        """Lay the transparent area over the grid that turns a pointer into acts on its cells.

        `sights`: pointing at a cell to be painted shows something too, so a finger's first tap only points.
        """
        more = f'data-grid="{name}" data-rows="{self.rows}" data-cols="{self.columns}"'
        more += (' data-paint="second-tap"' if sights else " data-paint") if paint else ""
        return box("svg-hit", self.x, self.y, self.width, self.height, more)


@lru_cache(maxsize=64)
def _lines(grid: Grid) -> str:
    x, y, cell = grid.x, grid.y, grid.cell
    across = "".join(f"M{plain(x)} {plain(y + i * cell)}h{plain(grid.width)}" for i in _inner(grid.rows))
    down = "".join(f"M{plain(x + j * cell)} {plain(y)}v{plain(grid.height)}" for j in _inner(grid.columns))
    hairs = f'<path class="svg-grid" d="{across}{down}"/>' if across or down else ""
    return hairs + grid.frame("svg-rule", 0, 0, grid.rows, grid.columns)


def _inner(count: int) -> range:
    return range(1, count) if count <= LARGEST_TABLE else range(0)


@lru_cache(maxsize=16)
def _texts(grid: Grid, levels: bytes, values: bytes, digits: int, name: Callable[[int], str]) -> str:
    groups: dict[int, list[str]] = {}
    shown = [number(value, digits) for value in np.frombuffer(values, np.float64).tolist()]
    xs = [plain(grid.x + (column + 0.5) * grid.cell) for column in range(grid.columns)]
    ys = [plain(grid.y + (row + 0.5) * grid.cell) for row in range(grid.rows)]
    for place, (level, text) in enumerate(zip(np.frombuffer(levels, np.int8).tolist(), shown, strict=True)):
        row, column = divmod(place, grid.columns)
        groups.setdefault(level, []).append(f'<text class="svg-number" x="{xs[column]}" y="{ys[row]}">{text}</text>')
    size = plain(grid.cell * (0.42 if max(map(len, shown)) <= 3 else 0.32))
    common = f'font-size="{size}" text-anchor="middle"'
    return "".join(f'<g class="{name(level)}" {common}>{"".join(texts)}</g>' for level, texts in sorted(groups.items()))


def grid_table(caption: str, values: NDArray[Any], row: int = 0, column: int = 0, digits: int = 2) -> str:
    """Write a grid as a table; of a large one the part around the selected cell."""
    rows, columns = (_part(length, place) for length, place in zip(values.shape, (row, column), strict=True))
    if len(rows) < values.shape[0] or len(columns) < values.shape[1]:
        caption += f", rows {rows[0]}–{rows[-1]}, columns {columns[0]}–{columns[-1]}"
    part = np.ascontiguousarray(values[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], np.float64)
    return _grid_table(caption, rows, columns, part.tobytes(), digits)


@lru_cache(maxsize=16)
def _grid_table(caption: str, rows: range, columns: range, values: bytes, digits: int) -> str:
    part = np.frombuffer(values, np.float64).reshape(len(rows), len(columns)).tolist()
    body = [(str(i), [number(value, digits) for value in line]) for i, line in zip(rows, part, strict=True)]
    return table(caption, ["", *map(str, columns)], body)


def _part(length: int, place: int) -> range:
    if length <= LARGEST_TABLE:
        return range(length)
    first = min(max(0, place - AROUND), length - 2 * AROUND - 1)
    return range(first, first + 2 * AROUND + 1)
