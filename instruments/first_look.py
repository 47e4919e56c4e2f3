"""What a chapter opens with: a kernel that is dragged over a photograph, and the map that grows where it has been.

The window reads row by row, as a text is read: above it stands the map, below it still the photograph. Coordinates
(row, column) are those of the window's centre in the photograph, from 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments import kit
from instruments.data import greys, photograph_url
from instruments.kit import Choice, Grid, Option, Region
from instruments.nn import ops
from instruments.nn.kernels import kernel

Array = NDArray[Any]

KERNELS = {"edge": ("sobel-x", 3), "blur": ("blur", 7), "sharpen": ("sharpen", 3)}
"""Name and side of each kernel; a blur of 3 × 3 could not be seen in so large a photograph."""

SATURATION = 180
"""Sum at which the colours of the edge's map end: the strongest edges are few."""

SIDE = 360.0
"""Of the drawing, in its own units: about the pixels of a phone."""

LENS, MARGIN, FRAME = 138.0, 12.0, 14.0
"""Sides of the enlarged window, of the space around it, and of the frame around the real one."""

CAT = "A cat's face (Chelsea, by Stéfan van der Walt)"

STRIDE = 3
"""Pixels that an arrow key moves the window: it is no more than three wide."""


@dataclass(frozen=True)
class State:
    """The kernel, and where its window is."""

    kernel: str = "edge"
    row: int = 120
    column: int = 114


CONTROLS: tuple[kit.Control, ...] = (
    Choice("kernel", "Kernel", tuple(Option(name, name.capitalize()) for name in KERNELS)),
)

REGIONS = (
    Region("map", "Feature map", "picture"),
    Region("stage", "A window over the photograph", "picture", keys=True),
    Region("number", "The sum", "text"),
)


def normalise(state: State) -> State:
    """Keep the window inside the photograph."""
    reach, last = KERNELS[state.kernel][1] // 2, len(greys()) - 1
    inside = {name: min(max(getattr(state, name), reach), last - reach) for name in ("row", "column")}
    return replace(state, **inside)


def act(state: State, act: kit.Act) -> State:
    """Move the window to where the reader points or drags, or by arrow keys."""
    match act:
        case kit.Point("stage", row, column) | kit.Press("stage", row, column) | kit.Drag("stage", row, column):
            return replace(state, row=row, column=column)
        case kit.Key("stage"):
            down, right = act.step
            return replace(state, row=state.row + STRIDE * down, column=state.column + STRIDE * right)
    return state


def view(state: State) -> dict[str, str]:
    """Return the markup of every region; that of the map depends on the kernel alone."""
    total = kit.number(float(_map(state.kernel)[_output(state)]), 0)
    count = KERNELS[state.kernel][1] ** 2
    number = f'<p class="total"><span>{count} products, 1 number</span> <b>{total}</b></p>'
    return {"map": _map_picture(state.kernel), "stage": _stage(state), "number": number}


def sentence(state: State) -> str:
    """Say what the number means."""
    side, total = KERNELS[state.kernel][1], float(_map(state.kernel)[_output(state)])
    here = f"Drag the window: its {side} × {side} greys, each times its weight, add up to {kit.number(total, 0)}"
    if state.kernel == "edge":
        brighter = "brighter" if total > 0 else "darker" if total < 0 else "no brighter"
        return f"{here}: {brighter} to the right, so {_colour(total)}."
    if state.kernel == "blur":
        return f"{here}: their mean, which is the new grey."
    return f"{here}: this grey, pushed away from those beside it."


def _colour(total: float) -> str:
    return "orange" if total > 0 else "purple" if total < 0 else "blank"


@cache
def _weights(name: str) -> Array:
    weights: Array = kernel(*KERNELS[name])
    return weights


@cache
def _map(name: str) -> Array:
    """The feature map, (H − k + 1, W − k + 1)."""
    return ops.correlate2d(greys().astype(float), _weights(name), 1, 0)


def _output(state: State) -> tuple[int, int]:
    reach = KERNELS[state.kernel][1] // 2
    return state.row - reach, state.column - reach


def _cell() -> float:
    return SIDE / len(greys())


@cache
def _map_picture(name: str) -> str:
    """The whole map: signs in two colours, or the greys of a kernel whose weights sum to 1."""
    values = _map(name)
    rows, columns = values.shape
    edge = (KERNELS[name][1] // 2) * _cell()
    grid = Grid(rows, columns, edge, edge, _cell())
    if name == "edge":
        body = grid.signed_shades(values, SATURATION, "first-look")
    else:
        body = grid.photo(np.clip(values, 0, 255) / 255)
    return kit.svg(body, SIDE, SIDE, f"Feature map of the kernel {name}")


def _stage(state: State) -> str:
    """The photograph where the window has not been, the window, and what it computes there, enlarged."""
    cell = _cell()
    x, y = (state.column + 0.5) * cell, (state.row + 0.5) * cell
    above, below = kit.plain(y - cell / 2), kit.plain(y + cell / 2)
    side = kit.plain(SIDE)
    unread = f"M0 {below}H{kit.plain(x)}V{above}H{side}V{side}H0Z"
    photograph = (
        f'<clipPath id="first-look-unread"><path d="{unread}"/></clipPath>'
        f'<image data-key="first-look-photograph" width="{side}" height="{side}" href="{photograph_url("large")}" '
        f'clip-path="url(#first-look-unread)"/><path class="scan" d="M0 {below}H{kit.plain(x)}V{above}H{side}"/>'
    )
    top = SIDE - LENS - MARGIN
    left = MARGIN if min(x, y) > top - FRAME else top
    whole = Grid(len(greys()), len(greys()), 0, 0, cell)
    body = (
        photograph
        + _rays(x, y, left, top)
        + _lens(state, left, top)
        + kit.box("svg-reach", x - FRAME / 2, y - FRAME / 2, FRAME, FRAME)
    )
    body += whole.target("stage")
    place = f"left:{kit.plain(100 * x / SIDE)}%;top:{kit.plain(100 * y / SIDE)}%"
    return kit.svg(body, SIDE, SIDE, f"{CAT}: above the window the feature map, below it the photograph") + (
        f'<span data-handle="stage" style="{place}"></span>'
    )


def _rays(x: float, y: float, left: float, top: float) -> str:
    """Lines from the window to its enlargement."""
    lower = (x - FRAME / 2, y + FRAME / 2, left, top + LENS) if top > y else (x - FRAME / 2, y - FRAME / 2, left, top)
    upper = (x + FRAME / 2, y - FRAME / 2, left + LENS, top) if top > y else (x, y, x, y)
    d = "".join("M{} {}L{} {}".format(*map(kit.plain, ends)) for ends in (lower, upper))
    return f'<path class="ray-halo" d="{d}"/><path class="ray" d="{d}"/>'


def _lens(state: State, left: float, top: float) -> str:
    """The window, enlarged: product by product, or only its greys where there are too many to write."""
    weights = _weights(state.kernel)
    k, (i, j) = len(weights), _output(state)
    window = greys()[i : i + k, j : j + k].astype(float)
    grid = Grid(k, k, left, top, LENS / k)
    if k > 3:
        return grid.photo(window / 255) + grid.lines() + grid.frame("svg-reach", 0, 0, k, k)
    products = window * weights
    levels = kit.signed_levels(products, 255.0 * float(np.abs(weights).max()))
    texts = "".join(
        _product(grid, place, (value, weight, product), kit.signed_name(int(level)))
        for place, value, weight, product, level in zip(
            np.ndindex(k, k), window.flat, weights.flat, products.flat, levels.flat, strict=True
        )
    )
    return grid.fills(levels) + texts + grid.lines() + grid.frame("svg-reach", 0, 0, k, k)


def _product(grid: Grid, place: tuple[int, ...], numbers: tuple[float, float, float], kind: str) -> str:
    value, weight, product = (kit.number(each, 0) for each in numbers)
    x, y = grid.x + (place[1] + 0.5) * grid.cell, grid.y + (place[0] + 0.5) * grid.cell
    terms = kit.words("svg-number", x, y - 8, f"{value}×{weight}", 12.5)
    return f'<g class="{kind}">{terms}{kit.words("svg-number", x, y + 9, product, 15)}</g>'
