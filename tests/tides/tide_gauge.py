"""An instrument of another book: the height of the water through a day."""

from __future__ import annotations

import math
from dataclasses import dataclass

from instruments import kit

PERIOD = 12.42
"""Hours between two high waters."""


@dataclass(frozen=True)
class State:
    """The hour of the day."""

    hour: float = 0.0


CONTROLS = (kit.Slider("hour", "Heure", 0, 24, unit="h"),)
REGIONS = (kit.Region("height", "Hauteur", "readouts"),)


def normalise(state: State) -> State:
    """Every hour is possible."""
    return state


def compute(state: State) -> float:
    """The height in metres, for a tide of one metre."""
    return math.cos(2 * math.pi * state.hour / PERIOD)


def _metres(state: State) -> str:
    return kit.number(compute(state), 2)


def view(state: State) -> dict[str, str]:
    """The height."""
    return {"height": kit.readouts([("HAUTEUR", _metres(state))])}


def sentence(state: State) -> str:
    """The height in words."""
    return f"L’eau est à {_metres(state)} m."
