"""The input, its padding and what no window reads; the window of the selected output, or the selected pixel."""

from __future__ import annotations

from instruments import kit
from instruments.kernel_explorer.fills import brightness
from instruments.kernel_explorer.reach import unread
from instruments.kernel_explorer.scene import DRAWN, Maps, Scene
from instruments.kernel_explorer.state import State
from instruments.kit import Option

INPUTS = (
    Option("seven", "Seven"),
    Option("bar", "Bar"),
    Option("checkerboard", "Checkerboard"),
    Option("gradient", "Gradient"),
    Option("photograph", "Photograph"),
    Option("painted", "Painted"),
    Option("own", "Own picture"),
)


def input_picture(state: State, maps: Maps, cells: str) -> str:
    """The input and the window of the selected output, or the selected pixel."""
    grid, P = _input_grid(state, maps), state.padding
    body = cells + _input_marks(state, grid) + grid.target("input", paint=not maps.bright, sights=True)
    width, height = (side + 2 * P * grid.cell + 4 for side in (grid.width, grid.height))
    label = f"Input, {grid.rows} by {grid.columns} pixels" + (f", {P} pixels of zeros around" if P else "")
    picture = kit.svg(body, width, height, label, DRAWN)
    hint = '<p class="hint" data-js>Press or drag to paint; by touch, tap a pixel twice; by keys, Enter.</p>'
    return picture if maps.bright else picture + hint


def _input_grid(scene: Scene, maps: Maps) -> kit.Grid:
    rows, columns = maps.input.shape
    cell = 360 / columns if maps.bright else 40
    return kit.Grid(rows, columns, 2 + scene.padding * cell, 2 + scene.padding * cell, cell)


def input_cells(scene: Scene, maps: Maps) -> str:
    """The input with its padding and what no window reads."""
    grid = _input_grid(scene, maps)
    body = _padding(grid, scene.padding) + brightness(grid, maps.input, maps.bright)
    if not maps.bright:
        body += grid.texts(maps.input, kit.magnitude_levels(maps.input, 1), name=kit.magnitude_name)
    return body + grid.lines() + _dropped(scene, grid)


def _padding(grid: kit.Grid, P: int) -> str:
    return grid.frame("svg-pad", -P, -P, grid.rows + 2 * P, grid.columns + 2 * P) if P else ""


def _dropped(scene: Scene, grid: kit.Grid) -> str:
    """Veil the rows and columns that no window reads, padding included."""
    P = scene.padding
    height, width = grid.rows + 2 * P, grid.columns + 2 * P
    rows = [grid.frame("svg-dropped", i - P, -P, 1, width) for i in unread(scene, grid.rows)]
    return "".join(rows + [grid.frame("svg-dropped", -P, j - P, height, 1) for j in unread(scene, grid.columns)])


def _input_marks(state: State, grid: kit.Grid) -> str:
    if state.focus == "input":
        return grid.frame("svg-focus", state.row, state.column)
    top, left = (at * state.stride - state.padding for at in state.cell)
    if state.dilation == 1:
        return grid.frame("svg-reach", top, left, state.size, state.size)
    taps = range(0, state.span, state.dilation)
    return "".join(grid.frame("svg-reach", top + m, left + n) for m in taps for n in taps)
