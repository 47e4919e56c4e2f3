"""The smallest instrument: a square of so many pixels."""

from dataclasses import dataclass

from instruments import kit


@dataclass(frozen=True)
class State:
    """The side of the square, in pixels."""

    side: int = 2


CONTROLS = (kit.Slider("side", "Side", 1, 9, unit="px"),)
REGIONS = (kit.Region("area", "AREA", "text"),)


def normalise(state: State) -> State:
    """Every side is possible."""
    return state


def compute(state: State) -> int:
    """The area in square pixels."""
    return state.side**2


def view(state: State) -> dict[str, str]:
    """The area as text."""
    return {"area": f"<p>{compute(state)}</p>"}


def sentence(state: State) -> str:
    """The area in words."""
    return f"The area is {compute(state)}."
