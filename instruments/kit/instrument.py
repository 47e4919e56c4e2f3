"""What an instrument is: the names its module, or the `__init__` of its package, must have and those it may have.

`S` is the instrument's State, a frozen dataclass whose defaults are the first picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import Field, fields
from typing import Any, ClassVar, Protocol, TypeAlias, TypeVar, runtime_checkable

from instruments.kit.acts import Act
from instruments.kit.controls import Control, Region


class Dataclass(Protocol):
    """Any instance of a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


S = TypeVar("S", bound=Dataclass)
S_contra = TypeVar("S_contra", bound=Dataclass, contravariant=True)
D = TypeVar("D", bound=Dataclass)

Regions: TypeAlias = Mapping[str, str]
"""Markup by the region's name."""

Limits: TypeAlias = Mapping[str, Mapping[str, Any]]
"""By a control's field or act: "min", "max", "step", "value", "disabled", "hidden" where they depend on the state."""

Step: TypeAlias = S | Regions | tuple[S, Regions]
"""A state; or the regions that have changed; or both, where a state's other regions wait for a later step."""


class Instrument(Protocol[S]):
    """What every instrument has."""

    @property
    def __name__(self) -> str: ...

    @property
    def __file__(self) -> str | None: ...

    @property
    def State(self) -> type[S]:  # noqa: N802 - it is the instrument's class
        """What is shown, all of it."""

    @property
    def CONTROLS(self) -> tuple[Control, ...]:  # noqa: N802
        """What a reader can move."""

    @property
    def REGIONS(self) -> tuple[Region, ...]:  # noqa: N802
        """Where answers appear."""

    def normalise(self, state: S, /) -> S:
        """Return the nearest state that can be shown."""

    def view(self, state: S, /) -> Regions:
        """Draw every region of REGIONS."""

    def sentence(self, state: S, /) -> str:
        """Say what is shown."""


@runtime_checkable
class Assigns(Protocol[S]):
    """Sets fields in a way of its own, fields of controls that State lacks included."""

    def assign(self, state: S, field: str, value: Any, /) -> S:
        """Set a field; `value` is valid if State has the field, and whatever came if not."""


@runtime_checkable
class Acts(Protocol[S]):
    """Answers to pointer, keys and buttons."""

    def act(self, state: S, act: Act, /) -> S:
        """Return the state an act leads to; acts it does not know change nothing."""


@runtime_checkable
class HasLimits(Protocol[S_contra]):
    """Has controls that depend on the state."""

    def limits(self, state: S_contra, /) -> Limits:
        """Say what the state forbids."""


@runtime_checkable
class Works(Protocol[S]):
    """Works for seconds, and shows how far it is."""

    def work(self, state: S, /) -> Iterator[Step[S]]:
        """Go on from a state, step by step."""


@runtime_checkable
class Fetches(Protocol):
    """Needs files that do not travel with the page: those of these names in `instruments.data.fetched`."""

    @property
    def FILES(self) -> tuple[str, ...]:  # noqa: N802
        """The names of the files."""


def part(state: Dataclass, kind: type[D]) -> D:
    """Cut from a state what `kind`, one of the classes it is made of, says: equal for states that differ elsewhere.

    A State of two parts is `class State(Pointer, Scene)`; what is computed from its Scene alone is remembered by it.
    """
    return kind(**{field.name: getattr(state, field.name) for field in fields(kind)})
