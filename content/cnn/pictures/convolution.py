"""Figures of section 2.1: the window slides, dense against shared weights, equivariance."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments.kit import Grid, magnitude_levels, magnitude_name, number, signed_levels, svg, words
from instruments.kit.strokes import TYPE, arrow, phrase, stroke
from instruments.nn.kernels import drawing, kernel
from instruments.nn.ops import correlate2d, output_size

SOBEL = kernel("sobel-x", 3)
DIAGONAL = np.eye(3)
"""The kernel of the sliding window: it looks for strokes that fall to the right."""

STROKES = np.eye(7, 11, k=1) + np.eye(7, 11)[:, ::-1]
"""An image of two strokes, one falling to the right and one to the left, (7, 11)."""

MAP = correlate2d(STROKES, DIAGONAL)
INK = 1.4
"""The value that would be darkest: a bright pixel is two steps below."""


def slide(visited: int, width: int) -> str:
    """Draw the window at the last of so many positions, and the map that has grown from them."""
    beside = width > 500
    cell = 30 if beside else 32
    image = Grid(7, 11, x=1, y=22, cell=cell)
    result = Grid(5, 9, x=width - 1 - 9 * cell if beside else 1 + cell, y=22 if beside else 290, cell=cell)
    body = words("svg-label", image.x, 9, "image 7 × 11", TYPE, "start")
    body += words("svg-label", result.x, result.y - 13, "feature map 5 × 9", TYPE, "start")
    body += _image(image, visited) + _map(result, visited)
    if beside:
        body += arrow(image.x + image.width + 16, image.y + image.height / 2, result.x - image.x - image.width - 32)
    top = result.y + result.height + 22
    body += "".join(
        phrase(result.x if beside else image.x, top + 19 * row, parts) for row, parts in enumerate(_sum(visited))
    )
    return svg(body, width, top + 3 * 19 + 12, _slide_words(visited))


def _place(visited: int) -> tuple[int, int]:
    row, column = divmod(visited - 1, 9)
    return row, column


def _image(grid: Grid, visited: int) -> str:
    """The picture; beneath the window each pixel is multiplied by its weight."""
    levels = magnitude_levels(STROKES, INK)
    body = grid.fills(levels, magnitude_name) + grid.lines()
    row, column = _place(visited) if visited else (-9, -9)
    for i, j in np.ndindex(STROKES.shape):
        m, n = i - row, j - column
        text = f"{STROKES[i, j]:.0f}"
        inside = 0 <= m < 3 and 0 <= n < 3
        if inside:
            text = f"{text}·{number(DIAGONAL[m, n])}"
        x, y = grid.x + (j + 0.5) * grid.cell, grid.y + (i + 0.5) * grid.cell
        size = 11 if inside else TYPE
        body += f'<g class="{magnitude_name(int(levels[i, j]))}">{words("svg-number", x, y, text, size)}</g>'
    return body + (grid.frame("svg-window", row, column, 3, 3) if visited else "")


def _map(grid: Grid, visited: int) -> str:
    """The map so far; what is still to come is empty."""
    levels = magnitude_levels(MAP, 4)
    body = ""
    for place, (i, j) in enumerate(np.ndindex(MAP.shape)):
        if place >= visited:
            body += grid.frame("svg-thin", i, j)
            continue
        kind = magnitude_name(int(levels[i, j]))
        x, y = grid.x + (j + 0.5) * grid.cell, grid.y + (i + 0.5) * grid.cell
        text = words("svg-number", x, y, number(float(MAP[i, j])), TYPE)
        body += f'<g class="{kind}">{grid.frame(kind, i, j)}{text}</g>'
    return body + (grid.frame("svg-result", *_place(visited)) if visited else "")


def _sum(visited: int) -> list[list[tuple[str, str]]]:
    """The sum, a line for each row of the window, in the colours of the picture."""
    if not visited:
        return [[("", "Nothing is computed yet.")]]
    row, column = _place(visited)
    head: list[tuple[str, str]] = [
        ("of-result", f"S({row},{column})"),
        ("", " = Σ "),
        ("of-window", f"I({row}+m,{column}+n)"),
        ("", "·"),
        ("of-kernel", "W(m,n)"),
    ]
    lines = [head]
    for m in range(3):
        line: list[tuple[str, str]] = [("", "= " if m == 0 else "+ ")]
        for n in range(3):
            line += [("", " + ")] if n else []
            line += [
                ("of-window", f"{STROKES[row + m, column + n]:.0f}"),
                ("", "·"),
                ("of-kernel", number(DIAGONAL[m, n])),
            ]
        lines.append(line)
    lines[-1] += [("", " = "), ("of-result", number(MAP[row, column]))]
    return lines


def _slide_words(visited: int) -> str:
    if not visited:
        return "0 of 45 positions: the map is empty."
    row, column = _place(visited)
    weighed = STROKES[row : row + 3, column : column + 3] * DIAGONAL
    kept = [number(value) for value in weighed.flat if value]
    total = f"{' + '.join(kept)} = {number(weighed.sum())}" if kept else "every product is 0, and so is the sum"
    return f"{visited} of {MAP.size}: window at row {row}, column {column}: {total}."


# ---- dense against shared -----------------------------------------------------------------------------------------

INPUTS, SIDE = 8, 3


def weights(width: int) -> str:
    """Draw a dense layer and a convolution between the same rows of numbers, a line for each use of a weight."""
    beside = width > 500
    span = (width - 64) / 2 if beside else width
    dense, shared = _layer(0, 24, span, None), _layer(width - span, 24 if beside else 234, span, SIDE)
    outputs = output_size(INPUTS, SIDE)
    heads = [
        (0, 9, f"dense: {INPUTS} · {INPUTS} = {INPUTS**2} weights"),
        (width - span, 9 if beside else 219, f"convolution: {SIDE} weights, each used {outputs} times"),
    ]
    body = "".join(phrase(x, y, [("of-kernel", text)]) for x, y, text in heads)
    label = (
        f"{INPUTS**2} lines join {INPUTS} inputs to {INPUTS} outputs. Beside them {outputs} outputs have {SIDE} lines "
        "each, to neighbouring inputs, in the same three colours."
    )
    return svg(body + dense + shared, width, 206 if beside else 416, label)


def _layer(left: float, top: float, span: float, side: int | None) -> str:
    """Two rows of dots and the lines between them: all of them, or `side` for each output, coloured by weight."""
    step, low = span / INPUTS, top + 140
    outputs = output_size(INPUTS, side) if side else INPUTS
    xs = [left + (i + 0.5) * step for i in range(INPUTS)]
    ups = [x + (side // 2 * step if side else 0) for x in xs[:outputs]]
    body = ""
    for (o, up), (i, x) in product(enumerate(ups), enumerate(xs)):
        if side is None or 0 <= i - o < side:
            kind = "svg-thin" if side is None else f"wire-{'abc'[i - o]}"
            body += stroke(kind, f"M{x:.1f} {low:.1f}L{up:.1f} {top + 12:.1f}")
    body += "".join(f'<circle class="node" cx="{x:.1f}" cy="{low:.1f}" r="7"/>' for x in xs)
    body += "".join(f'<circle class="node" cx="{x:.1f}" cy="{top + 12:.1f}" r="7"/>' for x in ups)
    return body + words("svg-label", left + span / 2, low + 24, "inputs, outputs above", TYPE)


# ---- equivariance -------------------------------------------------------------------------------------------------


def equivariance(width: int) -> str:
    """Draw the seven and its map, the seven moved and its map; the two ways to the last are the same."""
    cell, gap = (21, 150) if width > 500 else (13, 92)
    seven = drawing("seven")
    moved = np.roll(seven, 1, axis=1)
    moved[:, 0] = 0
    before, after = correlate2d(seven, SOBEL), correlate2d(moved, SOBEL)
    top = 24
    left = (width - 16 * cell - gap) / 2
    low, right = top + 9 * cell + 62, left + 9 * cell + gap
    body = _square(seven, left, top, cell, "image", signed=False)
    body += _square(before, right, top + cell, cell, "map", signed=True)
    body += _square(moved, left, low, cell, "image, moved by 1", signed=False)
    body += _square(
        after, right, low + cell, cell, "its map: the map, moved by 1" if width > 500 else "its map", signed=True
    )
    middle, end = left + 4.5 * cell, right + 3.5 * cell
    for y in (top + 4.5 * cell, low + 4.5 * cell):
        body += arrow(left + 9 * cell + 8, y, gap - 16) + words("svg-label", right - gap / 2, y - 12, "Sobel x", TYPE)
    for x, y in ((middle, top + 9 * cell + 8), (end, top + 8 * cell + 8)):
        body += arrow(x, y, 0, low - 24 - y) + words("svg-label", x + 10, (y + low - 24) / 2, "1 px", TYPE, "start")
    same = "equal" if (after[:, 1:] == before[:, :-1]).all() else "different"
    label = f"The map of the moved seven and the moved map of the seven: {same}, but for the column that is new."
    return svg(body, width, low + 9 * cell + 6, label)


def _square(values: NDArray[Any], x: float, y: float, cell: float, name: str, signed: bool) -> str:
    grid = Grid(len(values), values.shape[1], x=x, y=y, cell=cell)
    fills = grid.fills(signed_levels(values, 4)) if signed else grid.fills(magnitude_levels(values, 1), magnitude_name)
    return fills + grid.lines() + words("svg-label", x, y - 11, name, TYPE, "start")
