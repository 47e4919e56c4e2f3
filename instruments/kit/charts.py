"""Charts for the labs: lines over an axis, bars of shares. Draws what it is given; classes choose the colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from instruments.kit import box, plain, svg, words

SERIES = "abcdef"
"""Classes `line-a` … colour the lines in their order."""

LEFT, TOP, RIGHT, BOTTOM = 54.0, 12.0, 16.0, 38.0
"""Margins around the plot, in the picture's units."""

ASIDE = 4.0
"""Units between the points of neighbouring lines that have whiskers, so that none hides another's."""


@dataclass(frozen=True)
class Axis:
    """A range with its marks: (value, text); `title` names the quantity and its unit."""

    low: float
    high: float
    marks: tuple[tuple[float, str], ...]
    title: str

    def share(self, value: float) -> float:
        """Place a value in 0 … 1; what lies outside is put on the rim."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


@dataclass(frozen=True)
class Line:
    """A named row of points (x, y); `dots` marks each of them; `low` and `high` are the ends of a band around it."""

    name: str
    points: Sequence[tuple[float, float]]
    dots: bool = False
    low: Sequence[float] = ()
    high: Sequence[float] = ()


@dataclass(frozen=True)
class Chart:
    """A plot of `width` × `height` units for lines over two axes; `note` stands below the legend."""

    across: Axis
    up: Axis
    width: float = 360
    height: float = 220
    note: str = ""

    def x(self, value: float) -> float:
        """Place a value of the horizontal axis, to a tenth of a unit: finer would show nowhere, and weigh."""
        return round(LEFT + self.across.share(value) * (self.width - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Place a value of the vertical axis."""
        return round(self.height - BOTTOM - self.up.share(value) * (self.height - TOP - BOTTOM), 1)

    def draw(self, lines: Sequence[Line], label: str) -> str:
        """Draw axes, lines and, for more than one line, a legend."""
        spread = [line.name for line in lines if line.low]
        middle = (len(spread) - 1) / 2
        body = self._frame()
        for line, kind in zip(lines, SERIES, strict=False):
            aside = ASIDE * (spread.index(line.name) - middle) if line.low else 0
            body += self._line(line, kind, aside)
        rows = len(lines) if len(lines) > 1 else 0
        legend = "".join(self._entry(line.name, SERIES[i], self.height + 6 + 16 * i) for i, line in enumerate(lines))
        body += legend if rows else ""
        body += words("svg-small", LEFT, self.height + 6 + 16 * rows, self.note, 11, "start") if self.note else ""
        return svg(body, self.width, self.height + 16 * (rows + bool(self.note)), label, longest=520)

    def _frame(self) -> str:
        left, right, bottom = self.x(self.across.low), self.x(self.across.high), self.y(self.up.low)
        rules = "".join(f"M{plain(left)} {plain(self.y(at))}H{plain(right)}" for at, _ in self.up.marks)
        texts = "".join(words("svg-number", left - 14, self.y(at), text, 11, "end") for at, text in self.up.marks)
        texts += "".join(words("svg-number", self.x(at), bottom + 12, text, 11) for at, text in self.across.marks)
        texts += words("svg-label", (left + right) / 2, bottom + 28, self.across.title, 11)
        axis = f'<path class="svg-axis" d="M{plain(left)} {plain(bottom)}H{plain(right)}"/>'
        return f'<path class="chart-rule" fill="none" d="{rules}"/>{axis}{texts}'

    def _line(self, line: Line, kind: str, aside: float) -> str:
        places = [(plain(self.x(x) + aside), plain(self.y(y))) for x, y in line.points]
        if not places:
            return ""
        d = "M" + " ".join(f"{x} {y}" for x, y in places)
        path = f'<path class="line line-{kind}" fill="none" d="{d}"/>'
        dots = "".join(f'<circle class="bar-{kind}" cx="{x}" cy="{y}" r="3"/>' for x, y in places) if line.dots else ""
        return self._spread(line, kind, aside) + path + dots

    def _spread(self, line: Line, kind: str, aside: float) -> str:
        """Draw a whisker from low to high at every point."""
        ends = zip(line.points, line.low, line.high, strict=False)
        d = "".join(
            f"M{plain(self.x(x) + aside)} {plain(self.y(low))}V{plain(self.y(high))}" for (x, _), low, high in ends
        )
        return f'<path class="line line-{kind} whisker" fill="none" d="{d}"/>' if d else ""

    def _entry(self, name: str, kind: str, y: float) -> str:
        dash = f'<path class="line line-{kind}" fill="none" d="M{plain(LEFT)} {plain(y)}h22"/>'
        return dash + words("svg-small", LEFT + 30, y, name, 11, "start")


def whiskers(seeds: int) -> str:
    """Say below a chart what its whiskers reach over."""
    return f"whiskers: least to greatest of {seeds} seeds"


def share_bar(share: float) -> str:
    """Draw a share 0 … 1 as a bar as wide as its place, without words."""
    frame = 'viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"'
    return f"<svg {frame}>{box('mag-1', 0, 0, 100, 6)}{box('mag-7', 0, 0, 100 * share, 6)}</svg>"


def bars(shares: Sequence[tuple[str, float, str]], label: str, best: int) -> str:
    """Draw one bar per (name, share 0 … 1, text); the one numbered `best` stands out."""
    step, width = 20.0, 220.0
    body = ""
    for i, (name, share, text) in enumerate(shares):
        y = step * i + step / 2
        body += words("svg-number", 12, y, name, 12)
        body += box("bar-b" if i == best else "bar-a", 26, y - 6, max(0.5, share * (width - 76)), 12)
        body += words("svg-number", 32 + share * (width - 76), y, text, 11, "start")
    return svg(body, width, step * len(shares), label, longest=320)


def spreads(
    rows: Sequence[tuple[str, Sequence[Sequence[float]]]], names: Sequence[str], label: str, chosen: int, note: str
) -> str:
    """Draw rows of shares 0 … 1: for each of `names` the mean of its seeds, on a whisker from least to greatest.

    `rows` are (name, the seeds' shares for each of `names`); the one numbered `chosen` stands on a band.
    """
    left, top, width, apart, height = 116.0, 4.0, 360.0, 6.0, 8 + 6.0 * len(names)
    bottom = top + height * len(rows)

    def x(share: float) -> float:
        return round(left + share * (width - left - 20), 1)

    rules = "".join(f"M{plain(x(share / 4))} {plain(top)}V{plain(bottom)}" for share in range(5))
    band = box("mag-1", 0, top + height * chosen, width, height)
    body = f'{band}<path class="chart-rule" fill="none" d="{rules}"/>'
    body += "".join(words("svg-number", x(at / 4), bottom + 12, f"{25 * at} %", 11) for at in range(5))
    for row, (name, series) in enumerate(rows):
        middle = top + height * (row + 0.5)
        body += words("svg-number", left - 10, middle, name, 11, "end")
        for at, (shares, kind) in enumerate(zip(series, SERIES, strict=False)):
            y = middle + apart * (at - (len(names) - 1) / 2)
            ends = f"M{plain(x(min(shares)))} {plain(y)}H{plain(x(max(shares)))}"
            body += f'<path class="line line-{kind} whisker" fill="none" d="{ends}"/>'
            body += f'<circle class="bar-{kind}" cx="{plain(x(sum(shares) / len(shares)))}" cy="{plain(y)}" r="3"/>'
    for at, (name, kind) in enumerate(zip(names, SERIES, strict=False)):
        y = bottom + 32 + 16 * at
        body += f'<circle class="bar-{kind}" cx="{plain(left)}" cy="{plain(y)}" r="3"/>'
        body += words("svg-small", left + 12, y, name, 11, "start")
    body += words("svg-small", width - 4, bottom + 32 + 16 * len(names), note, 11, "end")
    return svg(body, width, bottom + 44 + 16 * len(names), label, longest=440)
