"""The picture files of a chapter: which there are, and their sizes. Draws nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

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
    """A file by its address below the page, and its size in pixels."""

    address: str
    width: int
    height: int


def picture(folder: Path, name: str) -> Picture:
    """A file of the chapter's folder of pictures. Raises NoPicture where there is none that can be shown."""
    files = [path.name for path in folder.glob("*")]
    if name not in files:
        raise NoPicture(f"there is no picture “{name}”", meant(name, files))
    if not (folder / name).resolve().is_relative_to(folder.resolve()):
        raise NoPicture(f"“{name}” leads out of the folder", "copy the file itself")
    if Path(name).suffix.lower() not in KINDS:
        raise NoPicture(f"“{name}” is no picture that browsers show", f"use {', '.join(sorted(KINDS))}")
    width, height = imagesize.get(folder / name)
    if width <= 0 or height <= 0:
        raise NoPicture(f"the size of “{name}” cannot be read", "an SVG needs width and height, or a viewBox")
    return Picture(f"pictures/{name}", round(width), round(height))
