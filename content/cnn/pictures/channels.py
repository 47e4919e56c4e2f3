"""Figure of section 2.3: where a kernel may stand, by stride and padding, one row seen from the side."""

from __future__ import annotations

from itertools import product

from instruments.kit import box, counted, svg, words
from instruments.kit.strokes import TYPE, bracket, hatching, phrase, stroke
from instruments.nn.ops import output_size

PIXELS, SIDE = 10, 3
CASES = tuple(product((1, 2, 3), (0, 1)))
"""Stride and padding."""
LEVELS = 3
"""Brackets that overlap stand on so many levels."""


def windows(case: int, width: int) -> str:
    """Draw ten pixels, the windows of a kernel of three below them, and the values that come out."""
    stride, padding = CASES[case]
    cell = 48.0 if width > 500 else 28.0
    left = (width - (PIXELS + 2) * cell) / 2 + cell
    count = output_size(PIXELS, SIDE, stride, padding)
    end = (count - 1) * stride + SIDE - padding
    parts = [
        ("of-kernel", f"S = {stride}, P = {padding}: "),
        ("", f"⌊({PIXELS} − {SIDE} + {2 * padding}) / {stride}⌋ + 1 = "),
    ]
    body = phrase(left - cell, 12, [*parts, ("of-result", str(count))])
    body += "".join(_pixel(left, cell, at, read=at < end) for at in range(-padding, PIXELS + padding))
    for n in range(count):
        body += _window(left + (n * stride - padding) * cell, cell, n)
    return svg(body, width, 28 + cell + 68 + 2 + cell, _windows_words(stride, padding, count, end))


def _pixel(left: float, cell: float, at: int, read: bool) -> str:
    """A pixel of the row or a zero beside it; hatched where no window reads it."""
    x, inside = left + at * cell, 0 <= at < PIXELS
    kind = "mag-2" if inside else "svg-pad"
    body = box(kind, x + 1, 28, cell - 2, cell)
    body += (
        f'<g class="mag-2">{words("svg-number", x + cell / 2, 28 + cell / 2, str(at), TYPE)}</g>'
        if inside
        else words("svg-label", x + cell / 2, 28 + cell / 2, "0", TYPE)
    )
    return body if read else body + hatching(x + 2, 29, cell - 4)


def _window(x: float, cell: float, number: int) -> str:
    """A bracket below the three pixels of a window, and its value below that."""
    y = 28 + cell + 12 + 11 * (number % LEVELS)
    middle, low = x + SIDE * cell / 2, 28 + cell + 66
    body = bracket("svg-window", x + 2, y, SIDE * cell - 4)
    body += stroke("svg-thin", f"M{middle:.1f} {y:.1f}V{low:.1f}")
    body += box("mag-7", middle - cell / 2 + 2, low, cell - 4, cell)
    return body + f'<g class="mag-7">{words("svg-number", middle, low + cell / 2, str(number), TYPE)}</g>'


def _windows_words(stride: int, padding: int, count: int, end: int) -> str:
    lost = PIXELS + padding - end
    pads = "no padding" if not padding else f"{counted(padding, 'zero')} at each end"
    unread = [str(at) for at in range(end, PIXELS)]
    told = f"pixel {' and '.join(unread)} is never read" if unread else "every pixel is read"
    told += ", the last zero is not" if not unread and lost else ""
    return f"Stride {stride}, {pads}: {count} windows; {told}."
