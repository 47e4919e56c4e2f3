"""A figure's file made the page's: colours by day and by night, and names that do not depend on the machine.

matplotlib writes the day's colours, and this says the night's beside them.

Colours of the book's style (`matplotlibrc`) belong to roles, which have a colour for each (assets/css/tokens.css). Pure
black is what people write when they mean ink; it stays black where it lies on a picture.
"""

from __future__ import annotations

import re

ROLES = {
    "#1b1e25": "#e6e4e0",
    "#4c5058": "#b1b4bb",
    "#63666d": "#9498a0",
    "#83868e": "#6f757e",
    "#dad9d5": "#31363d",
    "#2c7f9d": "#59aac0",
    "#ae5b06": "#d38b38",
    "#7c61ba": "#a78ae3",
    "#156f41": "#77d199",
    "#b0146a": "#fb9bc3",
}
"""Night's colour for each of the day's."""
BLACK = "#000000"
INK = {BLACK: ROLES["#1b1e25"]}
COLOUR = re.compile(r"(?<=[: ])#[0-9a-f]{6}(?=[;\" ])")
BOTH = re.compile(r"light-dark\((#[0-9a-f]{6}),#[0-9a-f]{6}\)")
NAME = re.compile(r"(?<=[#\"])(?:[a-zA-Z]+|C[0-9a-f]+_[0-9a-f]+_)[0-9a-f]{10}(?=[)\"])")
GROUP = re.compile(r'(?=<g id="(?:figure|axes)_\d+">)')


def numbered(svg: str) -> str:
    """An SVG file of matplotlib's, whose parts are named in order: it names them by rounding errors of coordinates."""
    numbers: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        return numbers.setdefault(match[0], f"part_{len(numbers) + 1}")

    return NAME.sub(name, svg)


def by_theme(svg: str) -> str:
    """An SVG file of matplotlib's, with `light-dark(day, night)` for colours that have both."""
    head, *groups = GROUP.split(svg)
    head = head.replace("<svg ", '<svg style="color-scheme: light dark" ', 1)
    return head + "".join(map(_themed, groups))


def by_day(svg: str) -> str:
    """The file again with the day's colours alone, for programs that know no other."""
    return BOTH.sub(r"\1", svg)


def _themed(group: str) -> str:
    """Colours of one system of axes; what matplotlib fills with black it fills with nothing."""
    night = ROLES if "<image" in group else ROLES | INK

    def both(match: re.Match[str]) -> str:
        day = match[0]
        return f"light-dark({day},{night[day]})" if day in night else day

    filled = group.replace('">', f'" style="fill: {BLACK}">', 1)
    return COLOUR.sub(both, filled)
