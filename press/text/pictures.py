"""The picture files of a chapter: which there are, and their sizes. Draws nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import imagesize

from press.text.suggestion import meant

KINDS = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
"""What browsers show, by the end of a file's name in small letters."""


class NoPicture(Exception):
    """One sentence that says why a file cannot be shown; the second argument is a hint."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.hint = hint


@dataclass(frozen=True)
class Picture:
    """A file by its name below the folder, its address below the page, and its size in pixels."""

    file: str
    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Frame:
    """A state of a figure that Python drew: the picture for a page, the one for a phone, and what it shows in words."""

    wide: Picture
    narrow: Picture
    words: str


@dataclass(frozen=True)
class Frames:
    """All states of such a figure, in order, and the address of a file that lists them; none where there is but one."""

    states: tuple[Frame, ...]
    address: str = ""

    @property
    def first(self) -> int:
        """The number of the state that is shown at first."""
        return (len(self.states) - 1) // 2

    @property
    def shown(self) -> Frame:
        """That state."""
        return self.states[self.first]


def names(folder: Path) -> dict[str, str]:
    """The files of a folder of pictures and of those inside it, as the disk spells them, by how people type them.

    What Python keeps for itself of the files that draw is none of them.
    """
    inside = folder.resolve()
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.parent.name != "__pycache__")
    found = (path for path in files if path.resolve().is_relative_to(inside))
    spelt = (path.relative_to(folder).as_posix() for path in found)
    return {unicodedata.normalize("NFC", name): name for name in spelt}


def spelt(folder: Path, typed: str) -> str:
    """The name of a file as the disk spells it; empty where there is none."""
    return names(folder).get(unicodedata.normalize("NFC", typed), "")


def attachment(typed: str) -> str:
    """The address of a picture that travels inside a notebook."""
    return f"attachment:{quote(typed)}"


def picture(folder: Path, typed: str) -> Picture:
    """A file of the chapter's folder of pictures. Raises NoPicture where there is none that can be shown."""
    name = spelt(folder, typed)
    if re.match(r"(?:\w+:)?//", typed):
        raise NoPicture(f"“{typed}” is on another site", "keep the picture in the chapter's folder pictures")
    if not name:
        raise NoPicture(f"there is no picture “{typed}”", meant(typed, names(folder)))
    if Path(name).suffix.lower() not in KINDS:
        raise NoPicture(f"“{name}” is no picture that browsers show", f"use {', '.join(sorted(KINDS))}")
    width, height = imagesize.get(folder / name)
    if width <= 0 or height <= 0:
        raise NoPicture(f"the size of “{name}” cannot be read", "an SVG needs width and height, or a viewBox")
    return Picture(name, f"pictures/{quote(name)}", round(width), round(height))
