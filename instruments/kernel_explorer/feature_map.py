"""The feature map and the selected output, or the outputs that read the selected pixel."""

from __future__ import annotations

from instruments import kit
from instruments.kernel_explorer.fills import is_large, peak_of, signed
from instruments.kernel_explorer.reach import reached
from instruments.kernel_explorer.scene import DRAWN, Array
from instruments.kernel_explorer.state import State


def map_picture(state: State, values: Array, cells: str) -> str:
    """The map and the selected output, or the outputs that read the selected pixel."""
    grid = _map_grid(values)
    body = cells + _map_marks(state, grid) + grid.target("map")
    label = f"Feature map, {grid.rows} by {grid.columns}, from {_range(values)}"
    return kit.svg(body, grid.width + 4, grid.height + 4, label, DRAWN if is_large(values) else grid.columns)


def _map_grid(values: Array) -> kit.Grid:
    rows, columns = values.shape
    return kit.Grid(rows, columns, 2, 2, 360 / columns if is_large(values) else 40)


def map_cells(values: Array) -> str:
    """The map without marks, its values printed where there is room."""
    grid = _map_grid(values)
    body = signed(grid, values, peak_of(values), "explorer-map")
    body += "" if is_large(values) else grid.texts(values, kit.signed_levels(values, peak_of(values)))
    return body + grid.lines()


def _map_marks(state: State, grid: kit.Grid) -> str:
    if state.focus == "map":
        return grid.frame("svg-focus", state.row, state.column)
    rows, columns = reached(state, state.row, grid.rows), reached(state, state.column, grid.columns)
    if not rows or not columns:
        return ""
    if state.dilation == 1:
        return grid.frame("svg-reach", rows[0], columns[0], len(rows), len(columns))
    return "".join(grid.frame("svg-reach", i, j) for i in rows for j in columns)


def _range(values: Array) -> str:
    return f"{kit.number(float(values.min()))} to {kit.number(float(values.max()))}"
