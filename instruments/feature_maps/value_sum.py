"""How the selected value came about: its window, its kernel, and the sum of EQ N2.3b."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments import kit
from instruments.feature_maps.look import PARTS, Chosen
from instruments.nn.efficientnet.contributions import Mixture, Sums

Array = NDArray[Any]
COLOURS = {"red": 0, "green": 1, "blue": 2}
NEAR = 2
"""Rows and columns on each side of the selected value that its table shows."""


def value_sum(made: Sums | Mixture, found: Chosen, part: int) -> str:
    """The sum, part by part, down to a window and a kernel; `part` is the one that is opened after a block."""
    return _of_block(made, found, part) if isinstance(made, Mixture) else _of_stem(made, found)


def tables(made: Sums | Mixture, found: Chosen, part: int) -> str:
    """The same as tables: the map around the selected value, the window and the kernel."""
    sums, slices = (made.sums, {"": ranked(made)[part]}) if isinstance(made, Mixture) else (made, COLOURS)
    written = "".join(
        kit.grid_table(f"{name}{colour and ', '}{colour}", values[..., i])
        for name, values in (("Window", sums.windows), ("Kernel", sums.kernels))
        for colour, i in slices.items()
    )
    return kit.folded("values", "Values as tables", _neighbours(found) + written)


def _neighbours(found: Chosen) -> str:
    """The map around the selected value as a table that a phone has room for."""
    rows, columns = (
        range(max(0, at - NEAR), min(size, at + NEAR + 1))
        for at, size in zip(found.place, found.map.shape, strict=True)
    )
    body = [(str(i), [_signed(found.map[i, j]) for j in columns]) for i in rows]
    caption = f"Map of {found.name}, rows {rows[0]}–{rows[-1]}, columns {columns[0]}–{columns[-1]}"
    return kit.table(caption, ["", *map(str, columns)], body)


def ranked(mixture: Mixture) -> list[int]:
    """The inner channels that add or take away most."""
    return [int(i) for i in np.argsort(-abs(mixture.parts), kind="stable")[:PARTS]]


def _of_stem(sums: Sums, found: Chosen) -> str:
    """27 products: nine for each of red, green and blue."""
    window, kernel = sums.windows, sums.kernels
    each = [float((window[..., i] * kernel[..., i]).sum()) for i in range(3)]
    bias, kept = float(sums.biases[0]), float(sums.kept[0])
    total = sum(each) + bias
    rows = "".join(
        f"<li><span>{colour}: {_pair(window[..., i], kernel[..., i])}</span> <b>{_signed(each[i])}</b></li>"
        for colour, i in COLOURS.items()
    )
    return (
        f"<p>{_head(found)} is a sum of 27 products, window · kernel, nine for each colour:</p>"
        f'<ol class="answers">{rows}<li><span>bias</span> <b>{_signed(bias)}</b></li></ol>'
        f'<p class="sum">Together {_signed(total)}; {_relu6(total)} <b>{_signed(kept)}</b>.</p>'
    )


def _of_block(made: Mixture, found: Chosen, part: int) -> str:
    """The parts that weigh most, one of them opened to its window and kernel."""
    shown = ranked(made)
    most = max(float(abs(made.parts[shown[0]])), 1e-9)
    rows = "".join(
        f'<li><button type="button" data-act="part:{at}" data-key="part-{at}" '
        f'aria-pressed="{"true" if at == part else "false"}">map {channel + 1}</button> '
        f"<b>{_signed(made.parts[channel])}</b>{_bar(float(made.parts[channel]) / most)}</li>"
        for at, channel in enumerate(shown)
    )
    rest = float(made.parts.sum()) - float(made.parts[shown].sum())
    others = len(made.parts) - len(shown)
    ends = [(f"the other {others}", rest), ("bias", made.bias)]
    ends += [("the block's input", made.shortcut)] if made.shortcut else []
    rows += "".join(f"<li><span>{name}</span> <b>{_signed(value)}</b></li>" for name, value in ends)
    return (
        f"<p>{_head(found)} mixes {len(made.parts)} inner maps at this place, each times a weight of its own (1×1):</p>"
        f'<ol class="answers">{rows}</ol><p class="sum">Together <b>{_signed(made.value)}</b>.</p>'
        f"{_opened_part(made, shown[part])}"
    )


def _opened_part(made: Mixture, channel: int) -> str:
    """One inner map: the sum over its own window, and the weight it is taken with."""
    sums = made.sums
    window, kernel = sums.windows[..., channel], sums.kernels[..., channel]
    k = len(kernel)
    total = float((window * kernel).sum() + sums.biases[channel])
    kept, weight = float(sums.kept[channel]), float(made.weights[channel])
    return (
        f'<p class="opened">Inner map {channel + 1}: {_pair(window, kernel)} and bias {_signed(sums.biases[channel])} '
        f"make {_signed(total)}, a sum over {k} × {k}; {_relu6(total)} {_signed(kept)}, and {_signed(kept)} · "
        f"{_factor(weight)} = <b>{_signed(made.parts[channel])}</b>.</p>"
    )


def _pair(window: Array, kernel: Array) -> str:
    """Window · kernel as two small pictures."""
    return f"{_small(window, 'window')} · {_small(kernel, 'kernel')}"


def _small(values: Array, name: str) -> str:
    """Values by their signs and strengths, graded to their own peak; its words say them row by row."""
    grid = kit.Grid(len(values), len(values), 1, 1, 12)
    body = grid.fills(kit.signed_levels(values, float(abs(values).max()))) + grid.lines()
    said = "; ".join(", ".join(_signed(value) for value in row) for row in values)
    return kit.svg(body, grid.width + 2, grid.height + 2, f"{name}: {said}")


def _bar(share: float) -> str:
    """A bar from the middle: to the right what is added, to the left what is taken away."""
    frame = 'viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"'
    kind, length = ("pos-6", 50 * share) if share > 0 else ("neg-6", -50 * share)
    bar = kit.box(kind, 50 if share > 0 else 50 - length, 0, length, 6)
    return f"<svg {frame}>{kit.box('mag-1', 0, 0, 100, 6)}{bar}</svg>"


def _head(found: Chosen) -> str:
    row, column = found.place
    return f"The value {_signed(found.value)} at row {row}, column {column} of {found.name}"


def _relu6(total: float) -> str:
    return "ReLU6 makes it" if total < 0 or total > 6 else "ReLU6 leaves"


def _factor(weight: float) -> str:
    return f"({_signed(weight)})" if weight < 0 else _signed(weight)


def _signed(value: Any) -> str:
    return kit.number(float(value))
