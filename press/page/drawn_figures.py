"""Figures that Python drew -> files beside the page, for a page and for a phone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from press.blocks.figure import Figure
from press.page.picture_style import SHEETS, Style, standalone
from press.text.drawn_svg import DrawnSvg
from press.text.pictures import Frame, Frames, Picture
from press.text.places import Mistake

FOLDER = "drawn"


def file_name(name: str, content: bytes, ending: str) -> str:
    """A name that changes with the content; in capitals, so that no blocker takes letters of it for a word."""
    return f"{name}-{hashlib.sha256(content).hexdigest()[:8].upper()}.{ending}"


@dataclass(frozen=True)
class DrawnFigures:
    """The states of figures by name, and files by their address below the page."""

    states: Mapping[str, Frames]
    files: Mapping[str, bytes]


def without_colour(
    figures: Iterable[Figure], drawings: Mapping[str, tuple[tuple[DrawnSvg, DrawnSvg], ...]], style: Style
) -> Iterator[Mistake]:
    """Classes that a figure's function chose and no style sheet has."""
    for figure in figures:
        names = {name for frame in drawings.get(figure.name, ()) for svg in frame for name in style.unknown(svg.markup)}
        for name in sorted(names):
            what = f"“{figure.function}” draws with a class that has no colour, “{name}”"
            yield Mistake(figure.draw.place, what, "those with one stand in " + " and ".join(SHEETS))


def drawn_figures(drawings: Mapping[str, tuple[tuple[DrawnSvg, DrawnSvg], ...]], style: Style) -> DrawnFigures:
    """Write figures, by name, each state for a page and for a phone; of several also the list that a page reads."""
    files: dict[str, bytes] = {}

    def write(name: str, content: bytes, ending: str) -> str:
        address = file_name(name, content, ending)
        files[f"{FOLDER}/{address}"] = content
        return address

    def shown(name: str, svg: DrawnSvg) -> Picture:
        file = write(name, standalone(svg.markup, svg.width, svg.height, style), "svg")
        return Picture(file, f"{FOLDER}/{file}", round(svg.width), round(svg.height))

    def states(name: str, pictures: tuple[tuple[DrawnSvg, DrawnSvg], ...]) -> Frames:
        frames = tuple(Frame(shown(name, wide), shown(name, narrow), wide.words) for wide, narrow in pictures)
        if len(frames) == 1:
            return Frames(frames)
        listed = [(frame.wide.address, frame.narrow.address, frame.words) for frame in frames]
        return Frames(frames, f"{FOLDER}/{write(name, json.dumps(listed, ensure_ascii=False).encode(), 'json')}")

    found = {name: states(name, pictures) for name, pictures in drawings.items()}
    return DrawnFigures(found, files)
