"""All that is shown: a stack with its input, and a photograph with one value of one map of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StackState:
    """The stack and its input, `layer` the selected row, and what the reader is told."""

    network: str = "stages"
    size: int = 224
    stages: int = 4
    width: int = 64
    log: bool = False
    layer: int = 0
    layers: tuple[str, ...] = ()
    depth: int = 3
    notice: str = ""


@dataclass(frozen=True)
class MapState:
    """The photograph and one map of it: `stage` its row, `channel` its place there, 0 the one that varies most.

    `row` and `column` are the selected value's, −1 where it is the map's greatest; `part` is what is opened of its sum,
    0 the greatest.
    """

    photograph: str = "chelsea"
    picture: str = ""
    stage: int = 1
    channel: int = 2
    row: int = -1
    column: int = -1
    part: int = 0


@dataclass(frozen=True)
class State(MapState, StackState):
    """Both."""
