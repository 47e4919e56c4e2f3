"""Lines, frames and coloured words for the figures of the text. Chooses classes, never colours."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from instruments.kit.marks import plain

TYPE = 12
"""Height of type in a figure, px."""


def stroke(kind: str, d: str) -> str:
    """Draw a line of a class along an SVG path."""
    return f'<path class="{kind}" fill="none" d="{d}"/>'


def arrow(x: float, y: float, across: float, down: float = 0) -> str:
    """Draw an arrow from (x, y), `across` or `down` so many px."""
    tip_x, tip_y = x + across, y + down
    head = "m-6 -4l6 4l-6 4" if across else "m-4 -6l4 6l4 -6"
    return stroke("svg-arrow", f"M{plain(x)} {plain(y)}L{plain(tip_x)} {plain(tip_y)}{head}")


def bracket(kind: str, x: float, y: float, width: float, depth: float = 5) -> str:
    """Draw a bracket that opens upwards, `width` px wide."""
    return stroke(kind, f"M{plain(x)} {plain(y - depth)}v{plain(depth)}h{plain(width)}v-{plain(depth)}")


def phrase(x: float, y: float, parts: Iterable[tuple[str, str]], size: float = TYPE, anchor: str = "start") -> str:
    """Write a line of (class, words), each in the colour of its class; y is its middle."""
    spans = "".join(f'<tspan class="{kind}">{escape(text)}</tspan>' if kind else escape(text) for kind, text in parts)
    return (
        f'<text x="{plain(x)}" y="{plain(y)}" font-size="{plain(size)}" text-anchor="{anchor}" xml:space="preserve">'
        f"{spans}</text>"
    )


def hatching(x: float, y: float, side: float) -> str:
    """Hatch a square from (x, y): what nothing reads."""
    d = ""
    for at in (side / 2, side, 1.5 * side):
        short, long = max(0, at - side), min(side, at)
        d += f"M{plain(x + short)} {plain(y + long)}L{plain(x + long)} {plain(y + short)}"
    return stroke("svg-axis", d)
