"""An SVG that a chapter's function drew: whether it is one, its size, its words. Draws nothing and styles nothing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from dataclasses import dataclass

from press.text.pictures import NoPicture

WIDE, NARROW = 704, 354
"""The widths a figure is drawn for: on a page, and on a phone of 390 pixels. Both in CSS pixels."""
SMALLEST = 11
"""Height of the smallest type, in CSS pixels."""
LARGEST = 300_000
"""Characters of a picture."""
LENGTH = re.compile(r"\d+(\.\d+)?")
BROWSERS_TEXT = 16.0
"""Height of type where none is given."""


@dataclass(frozen=True)
class DrawnSvg:
    """Markup whose root is `svg`, its size in pixels, and its `aria-label`."""

    markup: str
    width: float
    height: float
    words: str


def drawn_svg(markup: str, available: float) -> DrawnSvg:
    """What a function drew for a width of `available` pixels. Raises NoPicture, with a hint, where it is no figure."""
    if len(markup) > LARGEST:
        raise NoPicture(f"the figure has {len(markup):,} characters", f"at most {LARGEST:,} can be shown")
    try:
        root = etree.fromstring(markup)
    except etree.ParseError as error:
        raise NoPicture(f"the figure is no SVG: {error}", "use svg() of instruments.kit") from error
    if _tag(root) != "svg":
        raise NoPicture(f"the figure is <{_tag(root)}>, not <svg>", "use svg() of instruments.kit")
    width, height = _size(root)
    words = root.get("aria-label", "").strip()
    if not words:
        raise NoPicture("the figure says nothing in words", "give the SVG an aria-label")
    smallest = min(_types(root, BROWSERS_TEXT), default=BROWSERS_TEXT)
    shown = smallest * min(1, available / width)
    if shown < SMALLEST:
        what = f"the figure has type of {shown:.1f} px where it is {available:.0f} px wide"
        hint = f"{SMALLEST} is the least that is legible; break the picture, don't shrink it"
        if smallest >= SMALLEST:
            hint = f"it was drawn {width:.0f} wide: draw for the width that the function is called with"
        raise NoPicture(what, hint)
    return DrawnSvg(markup, width, height, words)


def _tag(element: etree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _size(root: etree.Element) -> tuple[float, float]:
    box = root.get("viewBox", "").split()
    if len(box) != 4 or not all(LENGTH.fullmatch(side) and float(side) > 0 for side in box[2:]):
        raise NoPicture("the figure has no size", "give the SVG a viewBox")
    return float(box[2]), float(box[3])


def _types(element: etree.Element, inherited: float) -> Iterator[float]:
    """The heights of all texts, in units of the picture."""
    given = LENGTH.match(element.get("font-size", ""))
    size = float(given[0]) if given else inherited
    if _tag(element) in ("text", "tspan"):
        yield size
    for child in element:
        yield from _types(child, size)
