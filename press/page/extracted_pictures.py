"""Pictures that instruments write into their markup -> files beside the page.

The page's text then arrives without them. When an instrument is first moved, its own markup takes over again. Drawings
that a pointer or the keyboard acts on stay where they are, and so do small ones.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from zlib import compress, crc32, decompress

from markupsafe import escape

from press.page.drawn_figures import FOLDER, file_name
from press.page.picture_style import Style, standalone

PICTURE = re.compile(r"data:image/(?P<kind>png|jpeg);base64,(?P<data>[A-Za-z0-9+/]{300,}=*)")
DRAWING = re.compile(
    r'<svg class="picture" viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)" role="img" aria-label="(?P<label>[^"]*)"'
    r'(?: style="(?P<style>[^"]*)")?>.*?</svg>',
    re.DOTALL,
)
ACTED_ON = re.compile(r"\s(?:data-(?!key)|tabindex)|<a\s")
"""A `data-key` tells what a picture holds; nobody acts on it."""
KEYED = re.compile(r"\sdata-key=")

LARGE = 700
"""Characters of a drawing that is worth a file."""

HEAVY = 10_000
"""Bytes of a picture that is worth compressing, or characters of a drawing that holds one."""


@dataclass(frozen=True)
class Extracted:
    """Views whose pictures have addresses below the page's folder, and those pictures by address."""

    views: Mapping[str, Mapping[str, Any]]
    pictures: Mapping[str, bytes]


def extract_pictures(views: Mapping[str, Mapping[str, Any]], style: Style) -> Extracted:
    """Take the larger pictures out of the regions of views, by module."""
    pictures: dict[str, bytes] = {}

    def address(content: bytes, kind: str) -> str:
        name = f"{FOLDER}/{file_name('picture', content, kind)}"
        pictures[name] = content
        return name

    def drawing(match: re.Match[str]) -> str:
        # A heavy picture in the page stays when it is drawn again; from a file it would be loaded anew.
        reloaded = len(match[0]) > HEAVY and KEYED.search(match[0])
        if len(match[0]) < LARGE or reloaded or ACTED_ON.search(match[0]):
            return match[0]
        width, height = float(match["width"]), float(match["height"])
        file = address(standalone(match[0], width, height, style), "svg")
        styled = f' style="{match["style"]}"' if match["style"] else ""
        size = f'width="{width:.0f}" height="{height:.0f}"'
        return (
            f'<img class="picture" src="{file}" alt="{escape(unescape(match["label"]))}" {size}{styled} loading="lazy">'
        )

    def lifted(markup: str) -> str:
        without = DRAWING.sub(drawing, markup)
        return PICTURE.sub(lambda match: address(_deflated(b64decode(match["data"])), match["kind"]), without)

    fresh = {
        module: {**view, "regions": {name: lifted(markup) for name, markup in view["regions"].items()}}
        for module, view in views.items()
    }
    return Extracted(fresh, pictures)


def _deflated(picture: bytes) -> bytes:
    """The same picture in fewer bytes, if it is a PNG as instruments write them: in four chunks, not compressed."""
    start, end = picture.find(b"IDAT"), picture.rfind(b"IEND")
    if len(picture) < HEAVY or not picture.startswith(b"\x89PNG"):
        return picture
    data = b"IDAT" + compress(decompress(picture[start + 4 : end - 8]), 9)
    length, check = len(data) - 4, crc32(data)
    return picture[: start - 4] + length.to_bytes(4) + data + check.to_bytes(4) + picture[end - 4 :]
