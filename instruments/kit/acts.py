"""What a reader does to an instrument: the texts the page sends, read once, so that no instrument takes them apart.

"key:map:up" is Key("map", "up"); "point:map:3,4" is Point("map", 3, 4), and so for "press", which begins a stroke, and
"drag", which goes on with it; "layer:3" is RowPress("layer", 3), rows counted from 0; every other text is a button's:
"nudge:left" is ButtonPress("nudge", "left"), "start" is ButtonPress("start", "").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

ARROWS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
"""The step (rows, columns) of each direction."""

LONGEST = 40
"""Characters of an act."""

DIGITS = 8
"""Digits of a row or column."""


@dataclass(frozen=True)
class Key:
    """A key pressed while the region has the focus."""

    region: str
    key: str

    @property
    def step(self) -> tuple[int, int]:
        """Rows and columns that an arrow key moves; (0, 0) for other keys."""
        return ARROWS.get(self.key, (0, 0))


@dataclass(frozen=True)
class Point:
    """The pointer rests on a cell."""

    grid: str
    row: int
    column: int


@dataclass(frozen=True)
class Press:
    """A stroke begins at a cell."""

    grid: str
    row: int
    column: int


@dataclass(frozen=True)
class Drag:
    """A stroke goes on to a cell."""

    grid: str
    row: int
    column: int


@dataclass(frozen=True)
class RowPress:
    """The button of a row is pressed."""

    name: str
    row: int


@dataclass(frozen=True)
class ButtonPress:
    """A button is pressed; `what` is what stands behind the first colon of its act."""

    name: str
    what: str


Act: TypeAlias = Key | Point | Press | Drag | RowPress | ButtonPress

ON_CELLS: dict[str, type[Point | Press | Drag]] = {"point": Point, "press": Press, "drag": Drag}


def read(text: str) -> Act | None:
    """Read what the page sent; None if it is no act."""
    verb, _, rest = text.partition(":")
    name, _, place = rest.partition(":")
    if len(text) > LONGEST:
        return None
    if verb == "key":
        return Key(name, place)
    if verb in ON_CELLS:
        row, _, column = place.partition(",")
        return ON_CELLS[verb](name, int(row), int(column)) if _is_count(row) and _is_count(column) else None
    return RowPress(verb, int(rest)) if _is_count(rest) else ButtonPress(verb, rest)


def _is_count(text: str) -> bool:
    return text.isdecimal() and len(text) <= DIGITS
