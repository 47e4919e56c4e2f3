"""What pointer and keys do: select a cell, paint a pixel, move the selection."""

from __future__ import annotations

from dataclasses import replace

from instruments import kit
from instruments.kernel_explorer.product import output_of_column
from instruments.kernel_explorer.reach import other_cell
from instruments.kernel_explorer.scene import DRAWN, Array, compute, is_picture
from instruments.kernel_explorer.state import State


def pointed(state: State, act: kit.Point | kit.Press | kit.Drag) -> State:
    """Select a cell; a stroke over the input paints it."""
    if act.grid == "product":
        row, column = output_of_column(state, act.column)
        return replace(state, focus="map", row=row, column=column)
    if act.grid not in ("input", "map"):
        return state
    state = _selected(state, act.grid, act.row, act.column)
    if act.grid == "map" or isinstance(act, kit.Point):
        return state
    return _painted(state, first=isinstance(act, kit.Press))


def moved(state: State, act: kit.Key) -> State:
    """Move the selection; a key in the other grid goes over to the cell that belongs to it."""
    if act.region not in ("input", "map", "product"):
        return state
    focus = "input" if act.region == "input" else "map"
    if focus != state.focus:
        return _selected(state, focus, *other_cell(state))
    if act.key == "enter" and focus == "input":
        return _painted(state, first=True)
    down, right = act.step
    column = {"home": 0, "end": focused(state).shape[1] - 1}.get(act.key, state.column + right)
    return _selected(state, focus, state.row + down, column)


def focused(state: State) -> Array:
    """Return the grid of the selected cell."""
    maps = compute(state)
    return maps.map if state.focus == "map" else maps.input


def _selected(state: State, focus: str, row: int, column: int) -> State:
    """Select the nearest cell of a grid."""
    state = replace(state, focus=focus)
    rows, columns = focused(state).shape
    return replace(state, row=min(max(row, 0), rows - 1), column=min(max(column, 0), columns - 1))


def _painted(state: State, first: bool) -> State:
    """Turn the selected pixel over; while dragging, go on with the value of the first one."""
    if is_picture(state):
        return state
    values = compute(state).still.copy()
    row, column = state.row - state.down, state.column - state.right
    if not (0 <= row < DRAWN and 0 <= column < DRAWN):
        return state
    brush = (0.0 if values[row, column] >= 0.5 else 1.0) if first else state.brush
    values[row, column] = brush
    return replace(state, source="painted", pixels=tuple(values.ravel().tolist()), brush=brush)
