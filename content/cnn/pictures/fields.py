"""Figure of section 2.5: what a unit of the trained network uses of its field, beside a network with random weights."""

from __future__ import annotations

from instruments.experiments import claims, trained_field
from instruments.experiments.trained_field import NUMBERS
from instruments.kit import Grid, box, svg, words
from instruments.kit.strokes import TYPE
from instruments.nn.efficientnet import SIDE, contributions

LEFT, GAP = 76, 10
ROWS = ("trained", "random")


def used(width: int) -> str:
    """Draw how much each pixel of the picture moves the unit amid a map: four depths, trained above, random below."""
    beside = width > 500
    left = LEFT if beside else 0
    side = (width - left - GAP * (len(NUMBERS) - 1)) / len(NUMBERS)
    step, body = side + 26, ""
    for row, kind in enumerate(ROWS):
        top = 22 + row * (step + (0 if beside else 18))
        if beside:
            body += words("svg-label", 0, top + side / 2, kind, TYPE, "start")
        else:
            body += words(
                "svg-label", 0, top - 10, f"{kind}, after block {', '.join(map(str, NUMBERS))}", TYPE, "start"
            )
        for column, number in enumerate(NUMBERS):
            x = left + column * (side + GAP)
            if beside and row == 0:
                body += words("svg-label", x + side / 2, 10, f"block {number}", TYPE)
            body += _panel(kind, number, row, column, Grid(SIDE, SIDE, x, top, side / SIDE))
            body += words("svg-number", x + side / 2, top + side + 11, f"{_half(kind, number):.0f} px", TYPE)
    told = "; ".join(
        f"{kind}: "
        + ", ".join(f"{_half(kind, number):.0f} of {len(trained_field.field(number)[0])}" for number in NUMBERS)
        for kind in ROWS
    )
    height = 22 + 2 * step + (0 if beside else 18)
    return svg(body, width, height, f"Side of the square that holds half, of the side of the field, in pixels. {told}.")


def _half(kind: str, number: int) -> float:
    return claims.mean(trained_field.finished()[f"{kind} {number}"])


def _panel(kind: str, number: int, row: int, column: int, grid: Grid) -> str:
    """One heat map with the theoretical field, as far as it lies in the picture, and the square that holds half."""
    body = grid.shades(trained_field.heats_stored()[row, column] / 255.0, 1, f"heat-{kind}-{number}")
    body += grid.frame("svg-rule", 0, 0, SIDE, SIDE)
    rows, columns = (contributions.inside(part, SIDE) for part in trained_field.field(number))
    body += grid.frame("svg-pad", rows.start, columns.start, len(rows), len(columns))
    side = _half(kind, number)
    first = trained_field.middle(number) - side / 2
    frame = box("svg-focus", grid.x + first * grid.cell, grid.y + first * grid.cell, side * grid.cell, side * grid.cell)
    return body + frame
