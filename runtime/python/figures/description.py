"""A figure in words, and its numbers as tables, for readers who cannot see it. Draws nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

MOST_VALUES = 400
"""Numbers of a table."""
MOST_SERIES = 12
"""Lines whose names are told."""
Table = tuple[str, list[list[str]]]
"""A title, and rows of words and numbers; the first may be a head."""


def alternative(figure: Figure) -> str:
    """What the figure shows: titles, labels, lines by name, pictures by size and range."""
    suptitle = figure.get_suptitle()
    parts = [suptitle, *(_axes(axes) for axes in figure.axes if not _is_bar(axes))]
    return ". ".join(part.rstrip(".") for part in parts if part) or "A figure without a title"


def values(figure: Figure) -> str:
    """The numbers of small pictures and short lines, as `Picture.values`."""
    tables = [table for axes in figure.axes if not _is_bar(axes) for table in _tables(axes)]
    return json.dumps(tables, ensure_ascii=False) if tables else ""


def _is_bar(axes: Axes) -> bool:
    """Whether these are the axes of a colour bar."""
    return axes.get_label() == "<colorbar>"


def _axes(axes: Axes) -> str:
    return ": ".join(part for part in (axes.get_title(), ", ".join(_drawn(axes))) if part)


def _drawn(axes: Axes) -> Iterator[str]:
    for image in axes.images:
        array = _array(image)
        words = f"picture of {array.shape[0]} by {array.shape[1]} values"
        extremes = f" from {_number(array.min())} to {_number(array.max())}" if array.ndim == 2 and array.size else ""
        yield words + extremes
    if lines := _lines(axes):
        named = [label for line in lines if not (label := str(line.get_label())).startswith("_")]
        count = "a line" if len(lines) == 1 else f"{len(lines)} lines"
        yield f"{count} ({', '.join(named[:MOST_SERIES])})" if named else count
    if bars := [each for each in axes.containers if each]:
        yield f"{sum(map(len, bars))} bars"
    if axes.collections:
        points = sum(np.shape(each.get_offsets())[0] for each in axes.collections)
        yield f"{points:,} points or areas"
    for name, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
        if label := axis.get_label_text():
            low, high = axis.get_view_interval()
            yield f"{name}: {label}, {_number(low)} to {_number(high)}"


def _array(image: Any) -> Any:
    """Values of a picture, (H, W) or (H, W, colours)."""
    return np.ma.getdata(image.get_array())


def _lines(axes: Axes) -> list[Any]:
    return [line for line in axes.lines if np.size(line.get_xdata()) > 1]


def _tables(axes: Axes) -> Iterator[Table]:
    title = axes.get_title()
    for image in axes.images:
        array = _array(image)
        if array.ndim == 2 and array.size <= MOST_VALUES:
            yield title, [[_number(value) for value in row] for row in array]
    for line in _lines(axes):
        x, y = (np.asarray(data) for data in (line.get_xdata(), line.get_ydata()))
        if x.size <= MOST_VALUES / 2 and x.size == y.size:
            label = str(line.get_label())
            head = [axes.get_xlabel() or "x", axes.get_ylabel() or "y"]
            rows = [[_number(a), _number(b)] for a, b in zip(x.tolist(), y.tolist(), strict=True)]
            yield (title if label.startswith("_") else label), [head, *rows]


def _number(value: Any) -> str:
    """Few digits, and a real minus sign."""
    words = f"{value:.4g}" if isinstance(value, int | float | np.number) else str(value)
    return words.replace("-", "−")
