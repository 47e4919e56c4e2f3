"""Figure of section 2.3: which channels a full, a 1×1 and a depthwise-separable convolution join."""

from __future__ import annotations

from instruments.kit import box, svg, words
from instruments.kit.strokes import TYPE, phrase, stroke

CHANNELS, SIDE = 4, 3
HIGH, SQUARE = 44, 26
"""Distance and side of the squares that stand for channels, px."""


Steps = list[bool | None]
"""What joins column after column: kernels, True, single weights, False, or kernels within channels, None."""


def kinds(width: int) -> str:
    """Draw the three layers between four channels and four; a thick line is a kernel of 3×3, a thin one a weight."""
    beside = width > 500
    columns, span = (3, (width - 80) / 3) if beside else (1, float(width))
    names: tuple[tuple[str, Steps], ...] = (
        (f"full 3×3: {SIDE**2 * CHANNELS**2} weights", [True]),
        (f"1×1: {CHANNELS**2} weights", [False]),
        (f"depthwise, then 1×1: {SIDE**2 * CHANNELS + CHANNELS**2}", [None, False]),
    )
    body = ""
    for n, (name, steps) in enumerate(names):
        left, top = (n % columns) * (span + 40), (n // columns) * (CHANNELS * HIGH + 54.0)
        body += phrase(left, top + 10, [("of-kernel", name)]) + _layers(left, top + 30, span, steps)
    rows = len(names) // columns
    label = (
        "Four input channels and four output channels, three times. In a full convolution sixteen kernels of 3×3 join "
        "each to each; in a 1×1 sixteen single weights do; in the third, four kernels of 3×3 stay within their channel "
        "and sixteen single weights follow."
    )
    return svg(body, width, rows * (CHANNELS * HIGH + 54), label)


def _layers(left: float, top: float, span: float, steps: Steps) -> str:
    """Columns of squares, and lines for what joins them."""
    gap = (span - SQUARE) / len(steps)
    body = ""
    for n, step in enumerate(steps):
        body += _joined(left + n * gap + SQUARE, left + (n + 1) * gap, top, step)
    for n in range(len(steps) + 1):
        kind = "mag-2" if n == 0 else "mag-6"
        body += "".join(box(kind, left + n * gap, top + c * HIGH, SQUARE, SQUARE) for c in range(CHANNELS))
    ends = ((0, "in"), (len(steps), "out"))
    low = top + CHANNELS * HIGH
    return body + "".join(words("svg-label", left + n * gap + SQUARE / 2, low, word, TYPE) for n, word in ends)


def _joined(start: float, end: float, top: float, kernels: bool | None) -> str:
    pairs = [(i, o) for i in range(CHANNELS) for o in range(CHANNELS) if kernels is not None or i == o]
    ys = [top + c * HIGH + SQUARE / 2 for c in range(CHANNELS)]
    d = "".join(f"M{start:.1f} {ys[i]}L{end:.1f} {ys[o]}" for i, o in pairs)
    return stroke("svg-wire" if kernels is False else "svg-kernels", d)
