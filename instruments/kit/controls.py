"""What a reader can move, and where the answers appear: plain records that templates and scripts turn into elements.

Holds no values; those are the instrument's State. Neighbours of one `group` stand together; those that are `rare` are
folded away under its name, or under "More".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True)
class Slider:
    """A number from `low` to `high` in steps, moved by dragging."""

    kind: ClassVar[str] = "slider"
    field: str
    label: str
    low: float
    high: float
    step: float = 1
    unit: str = ""
    group: str = ""
    rare: bool = False


@dataclass(frozen=True)
class Number:
    """A number from `low` to `high`, typed."""

    kind: ClassVar[str] = "number"
    field: str
    label: str
    low: float
    high: float
    step: float = 1
    unit: str = ""
    group: str = ""
    rare: bool = False


@dataclass(frozen=True)
class Text:
    """Words, at most `longest` characters: they take effect when pasted, or when the reader goes on."""

    kind: ClassVar[str] = "text"
    field: str
    label: str
    longest: int
    hint: str = ""
    group: str = ""
    rare: bool = False


@dataclass(frozen=True)
class Option:
    """One value of a choice and its name for the reader."""

    value: str | int
    label: str


@dataclass(frozen=True)
class Choice:
    """One of a few named values. A phone begins with `on_phones`, for less to compute, until its reader chooses."""

    kind: ClassVar[str] = "choice"
    field: str
    label: str
    options: tuple[Option, ...]
    group: str = ""
    rare: bool = False
    on_phones: str | int | None = None

    @property
    def wide(self) -> bool:
        """Whether a menu serves better than a row of buttons."""
        return len(self.options) > 9


@dataclass(frozen=True)
class Toggle:
    """Something on or off."""

    kind: ClassVar[str] = "toggle"
    field: str
    label: str
    group: str = ""
    rare: bool = False


@dataclass(frozen=True)
class Button:
    """An act; `work` says that the answer comes in many steps. Start, pause and stop need no label."""

    kind: ClassVar[str] = "button"
    act: str
    label: str = ""
    work: bool = False
    group: str = ""
    rare: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture of the reader's own, at most `size` pixels long, read in the page and never sent.

    Its value is "WIDTHxHEIGHT:" and the base64 of the RGB bytes, row by row; "" is none. See `pictures.decoded`.
    `several` may be opened at once where the field is a tuple: `assign` gets the new ones, and says what becomes of the
    others. A label `for` "open-FIELD" in a region opens them as well.
    """

    kind: ClassVar[str] = "picture"
    field: str
    label: str
    size: int
    several: bool = False
    group: str = ""
    rare: bool = False


Field: TypeAlias = Slider | Number | Text | Choice | Toggle | Picture
"""What sets a field."""
Control: TypeAlias = Field | Button


REGION_KINDS = ("picture", "readouts", "table", "text")
PLACES = ("stage", "beside", "below")


@dataclass(frozen=True)
class Region:
    """A named part of the answer; `kind` is one of REGION_KINDS.

    `place` is one of PLACES: the stage stands above the controls and on a phone stays in sight while they are used;
    what is beside it comes after them there.
    With `keys` the region takes the focus and sends arrow keys as acts "key:NAME:up" and so on.
    """

    name: str
    title: str
    kind: str
    keys: bool = False
    place: str = "below"
