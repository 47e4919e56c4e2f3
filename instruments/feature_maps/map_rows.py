"""The photograph's maps stage by stage, every cell as large as the last: as the sides halve, more maps fill a row."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from instruments import kit
from instruments.feature_maps.look import NUMBERS, STAGES, compute, sides
from instruments.feature_maps.state import MapState

WIDTH = 672
"""Width of a row, in the picture's units: six maps of 112 × 112."""
LEAST = 28
"""Side of the smallest tile: maps of 14 × 14 are shown twice as large, so that they can be pointed at."""
GAP = 6


def tiles() -> list[kit.Grid]:
    """One grid of tiles for each stage, below one another."""
    grids, y = [], 2.0
    for side, channels in sides():
        tile = max(side, LEAST)
        grids.append(kit.Grid(1, min(WIDTH // tile, channels), 2, y, tile))
        y += tile + GAP
    return grids


def map_rows(state: MapState) -> str:
    """Every row with the selected map framed, as far as it is among those shown."""
    grids = tiles()
    body = _rows(state.photograph, state.picture)
    grid = grids[state.stage]
    if state.channel < grid.columns:
        body += grid.frame("svg-focus", 0, state.channel)
    body += "".join(grid.target(f"maps-{stage}") for stage, grid in enumerate(grids))
    last = grids[-1]
    shown = ", ".join(f"{grid.columns} of {side} × {side}" for grid, (side, _) in zip(grids, sides(), strict=True))
    label = f"Feature maps of the trained network, row by row: {shown}"
    return kit.svg(body, WIDTH + 190, last.y + last.height + 2, label)


@lru_cache(maxsize=2)
def _rows(photograph: str, picture: str) -> str:
    """Every row without what is selected; grey is 0, white a map's most, black its least."""
    look, body = compute(MapState(photograph, picture)), ""
    for grid, number, order, (side, _) in zip(tiles(), STAGES, look.order, sides(), strict=True):
        maps = look.maps[number][..., list(order[: grid.columns])]
        graded = maps / np.maximum(abs(maps).max(axis=(0, 1)), 1e-9)
        body += kit.Grid(side, side * grid.columns, grid.x, grid.y, grid.cell / side).tones(
            graded.transpose(0, 2, 1).reshape(side, -1)
        )
        body += _edges(grid) + kit.words(
            "svg-label row-size", WIDTH + 12, grid.y + grid.height / 2, f"{side} × {side}", 18, "start"
        )
    return body


def _edges(grid: kit.Grid) -> str:
    """Hairlines between the tiles."""
    down = "".join(
        f"M{kit.plain(grid.x + i * grid.cell)} {kit.plain(grid.y)}v{kit.plain(grid.height)}"
        for i in range(1, grid.columns)
    )
    return f'<path class="svg-grid" d="{down}"/>'


def stages_said() -> str:
    """Name the rows."""
    return ", ".join(
        f"{STAGES[number]} ({channels} maps)" for number, (_, channels) in zip(NUMBERS, sides(), strict=True)
    )
