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


CONTROLS = (kit.Slider("hour", "Hour", 0, 24, unit="h"),)
REGIONS = (kit.Region("height", "Height", "readouts"),)


def normalise(state: State) -> State:
    """Every hour is possible."""
    return state


def compute(state: State) -> float:
    """The height in metres, for a tide of one metre."""
    return math.cos(2 * math.pi * state.hour / PERIOD)


def view(state: State) -> dict[str, str]:
    """The height."""
    return {"height": kit.readouts([("HEIGHT", kit.number(compute(state), 2))])}


def sentence(state: State) -> str:
    """The height in words."""
    return f"The water stands at {kit.number(compute(state), 2)} m."
