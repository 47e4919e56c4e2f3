"""Words and marks: numbers as text, values as classes, tables and readouts as HTML, grids as SVG.

Every number is formatted here, so that CPython and the browser print the same bytes. Chooses classes, never colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEPS = 8
"""Strengths of a signed or unsigned colour scale, beside zero."""

MINUS = "\u2212"


def number(value: float, digits: int = 2) -> str:
    """Write a number with at most `digits` decimals: no trailing zeros, thousands by commas, a real minus sign."""
    text = f"{value:,.{digits}f}"
    if digits:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", ""):
        return "0"
    return text.replace("-", MINUS)


def plain(value: float) -> str:
    """Write a coordinate: at most 2 decimals, as SVG reads it."""
    if value == int(value):
        return str(int(value))
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=1024)
def fraction(value: float, largest: int = 49) -> str:
    """Write a number as a whole number, a short decimal or a fraction that equals it, else with 2 decimals."""
    exact = Fraction(value).limit_denominator(largest)
    if abs(float(exact) - value) > 1e-12 or 100 % exact.denominator == 0:
        return number(value)
    return f"{exact.numerator}/{exact.denominator}".replace("-", MINUS)


def counted(count: int, noun: str) -> str:
    """Write a number of things: "1 row", "2 rows"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def percent(part: float, whole: float) -> str:
    """Write a share as whole per cent."""
    return f"{number(100 * part / whole, 0)} %" if whole else "\u2013"


def spread(shares: Sequence[float]) -> str:
    """Write the mean of shares with the least and the greatest: "67 % (64–70 %)"."""
    mean, least, greatest = (number(100 * share, 0) for share in (sum(shares) / len(shares), min(shares), max(shares)))
    return f"{mean} % ({least}–{greatest} %)"


def signed_levels(values: NDArray[Any], peak: float) -> NDArray[Any]:
    """Grade values from -8 to 8 for a scale centred on 0 that ends at ±peak; only 0 is graded 0."""
    if peak <= 0:
        return np.zeros(np.shape(values), dtype=int)
    share: NDArray[Any] = np.minimum(np.abs(values) / peak, 1)
    level = np.maximum(1, np.floor(share * STEPS + 0.5)).astype(int)
    levels: NDArray[Any] = np.where(share < 1e-9, 0, np.where(np.asarray(values) < 0, -level, level))
    return levels


def signed_name(level: int) -> str:
    """Name the class of a signed level."""
    return "zero" if level == 0 else f"pos-{level}" if level > 0 else f"neg-{-level}"


def signed_class(value: float, peak: float) -> str:
    """Name the class of a value on a scale centred on 0 that ends at ±peak."""
    return signed_name(int(signed_levels(np.asarray(value), peak)))


def magnitude_levels(values: NDArray[Any], peak: float) -> NDArray[Any]:
    """Grade values that are not negative from 0 to 8."""
    levels: NDArray[Any] = np.maximum(signed_levels(values, peak), 0)
    return levels


def magnitude_name(level: int) -> str:
    """Name the class of a magnitude level."""
    return f"mag-{level}"


def runs(levels: NDArray[Any]) -> dict[int, str]:
    """Draw a map of levels (H, W) as one path per level, a pixel being one unit wide."""
    return dict(_runs(levels.astype(np.int8).tobytes(), levels.shape[1]))


@lru_cache(maxsize=64)
def _runs(levels: bytes, width: int) -> tuple[tuple[int, str], ...]:
    """Join equal neighbours in a row, and equal runs below one another. Remembered: a pointer stays for long."""
    flat = np.frombuffer(levels, np.int8)
    starts = np.flatnonzero(np.diff(flat, prepend=99) | (np.arange(flat.size) % width == 0))
    lengths = np.diff(np.append(starts, flat.size)).tolist()
    rows, columns = np.divmod(starts, width)
    heights: dict[tuple[int, int, int, int], int] = {}
    tops: dict[tuple[int, int, int], int] = {}
    for level, x, y, n in zip(flat[starts].tolist(), columns.tolist(), rows.tolist(), lengths, strict=True):
        top = tops.get((level, x, n), y)
        if top + heights.get((level, x, top, n), 0) != y:
            top = y
        tops[level, x, n], heights[level, x, top, n] = top, y + 1 - top
    paths: dict[int, str] = {}
    for (level, x, y, n), height in heights.items():
        paths[level] = paths.get(level, "") + f"M{x} {y}h{n}v{height}h-{n}"
    return tuple(sorted(paths.items()))


def svg(body: str, width: float, height: float, label: str, cells: float | None = None, longest: int = 0) -> str:
    """Wrap a picture; `cells` is its width in cells, for pictures side by side, `longest` its greatest width in px."""
    style = f"--cells:{plain(cells)};" if cells else ""
    style += f"max-width:{longest}px" if longest else ""
    styled = f' style="{style}"' if style else ""
    return (
        f'<svg class="picture" viewBox="0 0 {plain(width)} {plain(height)}" role="img" '
        f'aria-label="{escape(label)}"{styled}>{body}</svg>'
    )


def box(kind: str, x: float, y: float, width: float, height: float, more: str = "") -> str:
    """Draw a rectangle of a class."""
    return (
        f'<rect class="{kind}" x="{plain(x)}" y="{plain(y)}" width="{plain(width)}" '
        f'height="{plain(height)}"{" " + more if more else ""}/>'
    )


def words(kind: str, x: float, y: float, text: str, size: float, anchor: str = "middle") -> str:
    """Write a line of text in a picture; y is its middle."""
    return (
        f'<text class="{kind}" x="{plain(x)}" y="{plain(y)}" font-size="{plain(size)}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )


def readouts(pairs: Iterable[tuple[str, str]]) -> str:
    """List measured values with their names."""
    items = "".join(
        f'<div class="readout"><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>' for name, value in pairs
    )
    return f'<dl class="readouts">{items}</dl>'


def table(caption: str, head: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    """Write a table: column names, then rows of a name and its cells."""
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
        for name, cells in rows
    )
    return scrolling(f"<caption>{escape(caption)}</caption>{table_head(head)}<tbody>{body}</tbody>")


def table_head(names: Iterable[str]) -> str:
    """Name the columns of a table; a corner without a name heads nothing."""
    cells = "".join(f'<th scope="col">{escape(name)}</th>' if name else "<td></td>" for name in names)
    return f"<thead><tr>{cells}</tr></thead>"


def scrolling(rows: str, kind: str = "") -> str:
    """Make a table of rows, in a box that scrolls sideways by keyboard too; `kind` is the table's class."""
    table = f'<table class="{kind}">' if kind else "<table>"
    box = '<div class="table-scroll" tabindex="0" role="group" aria-label="Table, scrolls sideways">'
    return f"{box}{table}{rows}</table></div>"


def panels(figures: Iterable[tuple[str, str]], narrowest: int) -> str:
    """Set pictures with captions side by side, each at least `narrowest` rem wide where there is room."""
    columns = f"grid-template-columns:repeat(auto-fill,minmax(min(100%,{narrowest}rem),1fr))"
    items = "".join(
        f'<figure class="panel">{picture}<figcaption>{escape(caption)}</figcaption></figure>'
        for picture, caption in figures
    )
    return f'<div class="panels" style="{columns}">{items}</div>'


def folded(key: str, title: str, content: str) -> str:
    """Fold tables away behind their title."""
    return f'<details class="values" data-key="{key}"><summary>{escape(title)}</summary>{content}</details>'
