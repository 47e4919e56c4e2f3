"""Figure of section 2.5: the recursion of the receptive field, layer upon layer."""

from __future__ import annotations

from instruments.kit import box, svg, words
from instruments.kit.strokes import TYPE, phrase, stroke
from instruments.nn.ops import receptive_field

LAYERS = ((3, 1), (2, 2), (3, 1), (2, 2), (3, 1))
"""Side and stride of conv, pool, conv, pool, conv: the first picture of INSTRUMENT N2.3."""
NAMES = ("conv 3", "pool 2", "conv 3", "pool 2", "conv 3")
PIXELS = 20
STATES = ((1, 1), *receptive_field(LAYERS))
"""Field and jump at the input and after each layer."""


def field(layer: int, width: int) -> str:
    """Draw the input and the layers up to one, and all that a value of that layer depends on."""
    beside = width > 500
    left, cell = (132.0, 27.0) if beside else (66.0, 14.4)
    floor = 312.0
    reached = _reached(layer)
    body = "".join(_row(level, left, cell, floor, reached.get(level, range(0))) for level in range(len(LAYERS) + 1))
    body += "".join(_wires(level, left, cell, floor, reached[level]) for level in range(1, layer + 1))
    first, size = reached[0].start, len(reached[0])
    body += box("svg-window", left + first * cell, floor - 12, size * cell, 24)
    body += phrase(left, floor + 34, _sum(layer))
    return svg(body, width, floor + 50, _words(layer))


def _reached(layer: int) -> dict[int, range]:
    """The values of each level that the first value of a layer depends on, down to the input."""
    found = {layer: range(1)}
    for level in range(layer, 0, -1):
        side, stride = LAYERS[level - 1]
        above = found[level]
        found[level - 1] = range(above.start * stride, (above.stop - 1) * stride + side)
    return found


def _count(level: int) -> int:
    """Values of a level that lie over the pixels drawn."""
    size, jump = STATES[level]
    return (PIXELS - size) // jump + 1


def _x(level: int, n: int, left: float, cell: float) -> float:
    """The middle of a value: it lies over the middle of its field."""
    size, jump = STATES[level]
    return left + (n * jump + size / 2) * cell


def _row(level: int, left: float, cell: float, floor: float, reached: range) -> str:
    y = floor - 52 * level
    name = NAMES[level - 1] if level else "input"
    body = words("svg-label", 0, y, name, TYPE if left > 100 else 11, "start")
    for n in range(_count(level)):
        x = _x(level, n, left, cell)
        if level:
            kind = "node-now" if n in reached else "node"
            body += f'<circle class="{kind}" cx="{x:.1f}" cy="{y}" r="{5 if left > 100 else 4.5}"/>'
        else:
            body += box("mag-5" if n in reached else "mag-1", x - cell / 2 + 0.5, y - 11, cell - 1, 22)
    return body


def _wires(level: int, left: float, cell: float, floor: float, reached: range) -> str:
    """Lines from the values of a level to those below that they read."""
    side, stride = LAYERS[level - 1]
    y = floor - 52 * level
    ends = [(n, n * stride + m) for n in reached for m in range(side)]
    low = y + 52 - (11 if level == 1 else 5)
    d = "".join(f"M{_x(level, n, left, cell):.1f} {y + 5}L{_x(level - 1, m, left, cell):.1f} {low}" for n, m in ends)
    return stroke("svg-identity", d)


def _sum(layer: int) -> list[tuple[str, str]]:
    size, jump = STATES[layer]
    if not layer:
        return [("of-window", "r = 1"), ("", ", "), ("of-result", "j = 1")]
    side, stride = LAYERS[layer - 1]
    before, step = STATES[layer - 1]
    return [
        ("of-window", f"r = {before} + {side - 1}·{step} = {size}"),
        ("", ", "),
        ("of-result", f"j = {step}·{stride} = {jump}"),
    ]


def _words(layer: int) -> str:
    size, jump = STATES[layer]
    if not layer:
        return "The input: each value is one pixel."
    side, stride = LAYERS[layer - 1]
    before, step = STATES[layer - 1]
    field = f"a value sees {before} + ({side} − 1) · {step} = {size} pixels"
    return f"Layer {layer}, {NAMES[layer - 1]}, stride {stride}: {field}; the jump is {step} · {stride} = {jump}."
