"""The selected map, enlarged; the photograph, with what the selected value has seen; the first layer's kernels."""

from __future__ import annotations

from functools import cache
from html import escape

import numpy as np

from instruments import kit, shown_photograph
from instruments.experiments.imagenet import backbone, starters
from instruments.feature_maps.look import Chosen, compute
from instruments.feature_maps.state import MapState
from instruments.nn.efficientnet import SIDE, STEM, contributions

DRAWN = 224
"""Side of a drawn map, in the picture's units."""
EMPTY = 0.001
"""Greatest weight of a kernel that is as good as zero."""
KERNEL = 3
"""Side of a first kernel."""
PLATE = 0.25
"""Brightness of what the kernels lie on."""
KERNELS_DOWN, KERNELS_ACROSS = 4, 8
"""Rows and columns of the picture that shows them all."""


def enlarged(found: Chosen) -> str:
    """The map with its signs, the selected value framed."""
    grid = _grid(found)
    peak = float(abs(found.map).max())
    body = grid.signed_shades(found.map, peak, "map-values") + grid.lines()
    body += grid.frame("svg-focus", *found.place) + grid.target("value")
    rows, columns = found.map.shape
    words = f"{found.name}: {rows} × {columns} values from {_signed(found.map.min())} to {_signed(found.map.max())}"
    return kit.svg(body, DRAWN + 4, DRAWN + 4, words, longest=320) + f'<p class="hint">{_capital(words)}.</p>'


def photograph(state: MapState, found: Chosen) -> str:
    """The photograph as the network gets it, the rectangle framed on which the selected value depends."""
    look = compute(state)
    url = kit.png_url(look.pixels) if state.picture else starters()[state.photograph].url
    rows, columns = contributions.field(found.number, found.place, SIDE)
    down, across = (contributions.inside(part, SIDE) for part in (rows, columns))
    frame = kit.Grid(SIDE, SIDE, 2, 2, 1).frame("svg-focus", down.start, across.start, len(down), len(across))
    body = f'<image class="svg-photo" x="2" y="2" width="{SIDE}" height="{SIDE}" href="{url}"/>{frame}'
    seen = f"{len(down)} × {len(across)} pixels of it can move the value"
    cut = f", of {len(rows)} × {len(columns)} with the zeros around" if (down, across) != (rows, columns) else ""
    label = f"{shown_photograph.subject(state)}, {SIDE} × {SIDE} pixels; {seen}{cut}"
    note = f"Framed: {seen}{cut}. {shown_photograph.credit(state)}."
    return kit.svg(body, SIDE + 4, SIDE + 4, label, longest=320) + f'<p class="hint">{escape(note)}</p>'


@cache
def _kernel_plate() -> tuple[str, int]:
    """The first kernels side by side as a picture, and how many of them are as good as zero."""
    w = backbone()["stem"][0].reshape(STEM, KERNEL, KERNEL, 3)
    peaks = abs(w).max(axis=(1, 2, 3))
    graded = 0.5 + 0.5 * w / np.maximum(peaks, EMPTY)[:, None, None, None]
    plate = np.full((KERNELS_DOWN, KERNEL + 1, KERNELS_ACROSS, KERNEL + 1, 3), PLATE)
    plate[:, 1:, :, 1:] = graded.reshape(KERNELS_DOWN, KERNELS_ACROSS, KERNEL, KERNEL, 3).transpose(0, 2, 1, 3, 4)
    pixels = plate.reshape(KERNELS_DOWN * (KERNEL + 1), KERNELS_ACROSS * (KERNEL + 1), 3)
    return kit.png_url(np.floor(np.clip(pixels, 0, 1) * 255 + 0.5)), int((peaks < EMPTY).sum())


def first_kernels(found: Chosen) -> str:
    """The 32 kernels of the first layer as colours: grey is 0, each graded to its own greatest weight."""
    url, empty = _kernel_plate()
    grid = kit.Grid(KERNELS_DOWN, KERNELS_ACROSS, 2, 2, 40)
    body = f'<image class="svg-pixels" x="2" y="2" width="{grid.width}" height="{grid.height}" href="{url}"/>'
    if found.number == 0:
        row, column = divmod(found.channel, KERNELS_ACROSS)
        body += grid.frame("svg-focus", row + 0.25, column + 0.25, 0.75, 0.75)
    body += grid.target("kernels")
    label = f"The {STEM} kernels of the first layer, {KERNEL} × {KERNEL} × 3, in red, green and blue"
    note = (
        "A kernel answers most where the picture looks like it: edges, spots, and steps from colour to colour. "
        f"{empty} of them are as good as zero, and answer the same everywhere."
    )
    picture = kit.svg(body, 4 + grid.width, 4 + grid.height, label, longest=400)
    return f'{picture}<p class="hint">{note}</p>'


def _grid(found: Chosen) -> kit.Grid:
    rows, columns = found.map.shape
    return kit.Grid(rows, columns, 2, 2, DRAWN / columns)


def _signed(value: float) -> str:
    return kit.number(float(value))


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
