"""What a cell shows besides text: pictures, by the display protocol of IPython.

An object that knows a picture of itself (`_repr_svg_`, `_repr_png_`) or its TeX (`_repr_latex_`) is shown so, both as
the value of a last expression and by `display`. Markup (`_repr_html_`) is never shown. Draws nothing itself.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from struct import unpack
from typing import Any, Literal, Protocol

LARGEST, LONGEST = 3_000_000, 2_000
"""Characters of a picture's file, and of a formula; the page takes no more (runtime/engine/protocol.js)."""
WORDS, VALUES = 5_000, 60_000
"""Characters of what is said of a picture, and of its tables, without which it is shown if they are longer."""
WIDEST = 20_000
"""Pixels of CSS; a picture that says it is larger is shown with this size."""
PNG = b"\x89PNG\r\n\x1a\n"
ROOT = re.compile(r"<svg\b[^>]*>", re.IGNORECASE)
LENGTH = r"""\b{name}\s*=\s*["']\s*([\d.]+)\s*(px|pt|in|cm|mm)?\s*["']"""
VIEW_BOX = re.compile(r"""\bviewBox\s*=\s*["']\s*[-\d.e]+[\s,]+[-\d.e]+[\s,]+([\d.e]+)[\s,]+([\d.e]+)\s*["']""")
PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54}
"""CSS pixels of a unit of length."""
UNSIZED = (300, 150)
"""CSS pixels of a picture that does not say its size: what browsers take then."""

Kind = Literal["svg", "png", "tex"]


@dataclass(frozen=True)
class Picture:
    """A picture as inert text: an SVG file, a PNG file in base64, or a formula in TeX, which has no size.

    `width` and `height` in CSS pixels; `alt` says it in words; `values` are tables that hold the same, or empty:
    JSON, a list of [title, rows].
    """

    kind: Kind
    content: str
    width: int = 0
    height: int = 0
    alt: str = ""
    values: str = ""


class Unshowable(Exception):
    """A picture that cannot be shown; the sentence says why."""


Show = Callable[[Picture], object]
SHOW: ContextVar[Show] = ContextVar("SHOW")
"""Where the pictures of the present run go."""


class Plotting(Protocol):
    """A plotting library, whose figures know no picture of themselves."""

    def begin(self) -> None:
        """A run, or a cell in front of it, begins: no figure is open."""

    def finish(self) -> None:
        """Show what is still open."""

    def picture(self, value: Any) -> Picture | None:
        """The picture of a figure; None for anything else."""

    def is_silent(self, value: Any) -> bool:
        """Whether a last value is what drawing commands return, which says nothing beside the figure."""


PLOTTING: list[Plotting] = []
"""Those at hand: one or none."""


def picture(value: Any) -> Picture | None:
    """The picture that `value` knows of itself, or None.

    Raises Unshowable, and whatever the value's own methods raise.
    """
    for plotting in PLOTTING:
        if found := plotting.picture(value):
            return found
    if isinstance(value, type):
        return None
    name = type(value).__name__
    if svg := _told(value, "_repr_svg_"):
        return svg_picture(str(svg), name)
    if png := _told(value, "_repr_png_"):
        return png_picture(png, name)
    if tex := _told(value, "_repr_latex_"):
        return Picture("tex", _bounded(str(tex), LONGEST), alt=_shown(str(tex)))
    return None


def _told(value: Any, method: str) -> Any:
    """What the value's method says; some give it together with metadata."""
    ask = getattr(type(value), method, None) and getattr(value, method)
    told = ask() if callable(ask) else None
    return told[0] if isinstance(told, tuple) else told


def svg_picture(svg: str, alt: str, values: str = "") -> Picture:
    """Raises Unshowable for what is no SVG file."""
    svg = _bounded(svg)
    root = ROOT.search(svg)
    if not root:
        raise Unshowable("_repr_svg_ gave something that is no SVG")
    width, height = (re.search(LENGTH.format(name=name), root[0]) for name in ("width", "height"))
    if width and height:
        sizes = [float(length[1]) * PIXELS[length[2] or ""] for length in (width, height)]
    elif box := VIEW_BOX.search(root[0]):
        sizes = [float(box[1]), float(box[2])]
    else:
        sizes = list(UNSIZED)
    kept = _shown(values) if len(values) <= VALUES else ""
    return Picture("svg", svg[root.start() :], _pixels(sizes[0]), _pixels(sizes[1]), _shown(alt)[:WORDS], kept)


def png_picture(png: bytes | str, alt: str) -> Picture:
    """A PNG file, as bytes or in base64. Raises Unshowable for what is none."""
    try:
        file = base64.b64decode(png, validate=True) if isinstance(png, str) else bytes(png)
    except (binascii.Error, TypeError, ValueError):
        file = b""
    if not file.startswith(PNG) or len(file) < 24:
        raise Unshowable("_repr_png_ gave something that is no PNG")
    width, height = unpack(">II", file[16:24])
    return Picture("png", _bounded(base64.b64encode(file).decode()), _pixels(width), _pixels(height), alt)


def _bounded(content: str, most: int = LARGEST) -> str:
    if len(content) > most:
        raise Unshowable(f"it has {len(content):,} characters; {most:,} can be shown")
    return _shown(content)


def _shown(text: str) -> str:
    """Text without halves of characters, which no file and no page can hold."""
    return text.encode("utf-8", "replace").decode()


def _pixels(length: float) -> int:
    return max(1, min(WIDEST, round(length)))


def display(*values: Any, **_options: Any) -> None:
    """Show values, as notebooks do: a picture if the value knows one, else its text."""
    for value in values:
        show(value)


def show(value: Any) -> None:
    """Show one value."""
    try:
        found = picture(value)
    except Unshowable as error:
        print(f"This picture is not shown: {error}.")
        return
    if found:
        SHOW.get()(found)
    elif vars(object)["__repr__"] is getattr(type(value), "__repr__", None) and hasattr(type(value), "_repr_html_"):
        print("This object shows itself as HTML only, and a cell shows text and pictures.")
    else:
        print(repr(value))


def show_last(value: Any) -> None:
    """Show the value of a last expression, unless it is a drawing command's."""
    if value is not None and not any(plotting.is_silent(value) for plotting in PLOTTING):
        show(value)


def begin() -> None:
    """A cell begins: no figure is open."""
    for plotting in PLOTTING:
        plotting.begin()


def finish() -> None:
    """Show the figures that are open when a cell ends."""
    for plotting in PLOTTING:
        plotting.finish()
