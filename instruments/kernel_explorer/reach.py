"""Which pixels a window reads, and which outputs read a pixel."""

from __future__ import annotations

import numpy as np

from instruments.kernel_explorer.scene import Array, Maps, Scene
from instruments.kernel_explorer.state import State
from instruments.nn import ops


def window_of(state: State, maps: Maps) -> Array:
    """Return what the selected output reads, (k, k), zeros from the padding included."""
    P, S, k = state.padding, state.stride, state.size
    framed = np.pad(maps.input, P)
    return framed[state.row * S : state.row * S + k, state.column * S : state.column * S + k]


def is_inside(state: State, maps: Maps) -> bool:
    """Whether the selected window reads nothing of the padding."""
    P, S, k = state.padding, state.stride, state.size
    places = zip((state.row, state.column), maps.input.shape, strict=True)
    return all(place * S >= P and place * S - P + k <= n for place, n in places)


def unread(scene: Scene, n: int) -> list[int]:
    """Places on a padded axis of n pixels, counted from the padding's edge, that no window reads."""
    out = ops.output_size(n, scene.size, scene.stride, scene.padding)
    read = {i * scene.stride + m for i in range(out) for m in range(scene.size)}
    return [place for place in range(n + 2 * scene.padding) if place not in read]


def reached(scene: Scene, place: int, out: int) -> range:
    """The outputs on one axis whose windows read the input's `place`."""
    last = place + scene.padding
    return range(max(0, -(-(last - scene.size + 1) // scene.stride)), min(out - 1, last // scene.stride) + 1)


def other_cell(state: State) -> tuple[int, int]:
    """The cell of the other grid that belongs to the selected one: the window's centre, or the first output reached."""
    k, S, P = state.size, state.stride, state.padding
    if state.focus == "map":
        return state.row * S - P + k // 2, state.column * S - P + k // 2
    return (state.row + P - k // 2) // S, (state.column + P - k // 2) // S


def selected_output(state: State, maps: Maps) -> tuple[int, int]:
    """The selected cell of the map; the nearest to the selected pixel if that is one of the input."""
    if state.focus == "map":
        return state.row, state.column
    (row, column), (rows, columns) = other_cell(state), maps.map.shape
    return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)
