"""Which pixels a window reads, and which outputs read a pixel."""

from __future__ import annotations

import numpy as np

from instruments.kernel_explorer.scene import Array, Maps, Scene
from instruments.kernel_explorer.state import State
from instruments.nn import ops


def window_of(state: State, maps: Maps) -> Array:
    """Return what the selected output reads, (k, k), zeros from the padding included."""
    framed = np.pad(maps.input, state.padding)
    rows, columns = (slice(at * state.stride, at * state.stride + state.span, state.dilation) for at in state.cell)
    return framed[rows, columns]


def is_inside(state: State, maps: Maps) -> bool:
    """Whether the selected window reads nothing of the padding."""
    P, S = state.padding, state.stride
    places = zip(state.cell, maps.input.shape, strict=True)
    return all(place * S >= P and place * S - P + state.span <= n for place, n in places)


def unread(scene: Scene, n: int) -> list[int]:
    """Places on a padded axis of n pixels, counted from the padding's edge, that no window reads."""
    out = ops.output_size(n, scene.span, scene.stride, scene.padding)
    read = {i * scene.stride + m * scene.dilation for i in range(out) for m in range(scene.size)}
    return [place for place in range(n + 2 * scene.padding) if place not in read]


def reached(scene: Scene, place: int, out: int) -> list[int]:
    """The outputs on one axis, of `out` there, whose windows read the input's `place`."""
    last = place + scene.padding
    first = max(0, -(-(last - scene.span + 1) // scene.stride))
    outputs = range(first, min(out - 1, last // scene.stride) + 1)
    return [i for i in outputs if (last - i * scene.stride) % scene.dilation == 0]


def other_cell(state: State) -> tuple[int, int]:
    """The cell of the other grid that belongs to the selected one: the window's centre, or the first output reached."""
    S, to_centre = state.stride, state.span // 2 - state.padding
    if state.focus == "map":
        return state.row * S + to_centre, state.column * S + to_centre
    return (state.row - to_centre) // S, (state.column - to_centre) // S


def selected_output(state: State, maps: Maps) -> tuple[int, int]:
    """The selected cell of the map; the nearest to the selected pixel if that is one of the input."""
    if state.focus == "map":
        return state.row, state.column
    (row, column), (rows, columns) = other_cell(state), maps.map.shape
    return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)
