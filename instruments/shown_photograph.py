"""The photograph that a lab shows a network: one of those at hand, or the reader's own, which goes before them.

A lab's State has the fields `photograph`, a name, and `picture`, the own one as text (see `kit.decoded`) or "".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from numpy.typing import NDArray

from instruments import kit
from instruments.data.photographs import PHOTOGRAPHS
from instruments.experiments.imagenet import starters
from instruments.kit import Choice, Option, Picture

FILES = ("backbone-features", "backbone-classes", "class-names", "photographs")
LARGEST = 400
"""Longest side of a reader's own picture, px: 16 : 9 leaves a square of 225."""
OWN = "own"

CHOICE: tuple[kit.Control, ...] = (
    Choice("photograph", "Photograph", tuple(Option(name, origin.name) for name, origin in PHOTOGRAPHS.items())),
    Picture("picture", "Or one of yours, which stays in this page", LARGEST),
)

S = TypeVar("S", bound=Any)


def settled(state: S) -> S:
    """Make `photograph` and `picture` agree on one that can be shown."""
    if kit.decoded(state.picture, LARGEST) is not None:
        return replace(state, photograph=OWN)
    known = state.photograph if state.photograph in PHOTOGRAPHS else type(state).photograph
    return replace(state, photograph=known, picture="")


def assigned(state: S, field: str, value: Any) -> S:
    """Set a field; a photograph at hand takes the place of the reader's own."""
    if field == "photograph":
        return replace(state, photograph=value, picture="")
    return replace(state, **{field: value}) if hasattr(state, field) else state


def square(photograph: str, picture: str, side: int) -> NDArray[Any]:
    """Give the middle square of the one that is shown: (side, side, 3) uint8."""
    own = kit.decoded(picture, LARGEST) if picture else None
    return kit.middle_square(starters()[photograph].pixels if own is None else own, side)


def subject(state: Any) -> str:
    """Name what is shown."""
    return "Your picture" if state.picture else PHOTOGRAPHS[state.photograph].name


def credit(state: Any) -> str:
    """Say where it comes from."""
    return "Your picture, which stays in this page" if state.picture else PHOTOGRAPHS[state.photograph].credit
