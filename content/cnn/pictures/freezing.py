"""Figure of section 2.5: which layers are trained from scratch, with a frozen backbone, and in fine-tuning."""

from __future__ import annotations

from instruments.kit import box, svg, words
from instruments.kit.strokes import TYPE, hatching, phrase

LAYERS = 5
"""Layers drawn of a backbone, from edges to parts; the head follows them."""
HIGH = 34

WAYS = (
    ("from scratch", "pos-6", "all random, all trained"),
    ("feature extraction", "", "backbone frozen"),
    ("fine-tuning", "pos-2", "backbone at a low rate"),
)
"""A way to train, the class of its backbone, empty where that is frozen, and what becomes of it."""


def ways(width: int) -> str:
    """Draw a backbone and a head three times, coloured by how fast they are trained."""
    beside = width > 500
    left, side = (190.0, 66.0) if beside else (0.0, 48.0)
    step = 58.0 if beside else 84.0
    body = ""
    for n, (name, kind, told) in enumerate(WAYS):
        top = 6 + n * step
        row = top if beside else top + 22
        body += phrase(0, top + 8, [("of-kernel", name)])
        at, y, anchor = (0, top + 26, "start") if beside else (width, top + 8, "end")
        body += words("svg-label", at, y, told, 11, anchor)
        body += "".join(_layer(left + layer * (side + 4), row, side, kind) for layer in range(LAYERS))
        body += _layer(left + LAYERS * (side + 4) + 8, row, side, "pos-6")
    low = 6 + len(WAYS) * step - (16 if beside else 20)
    body += words("svg-label", left + side / 2, low + 8, "edges", TYPE)
    body += words("svg-label", left + (LAYERS - 0.5) * (side + 4), low + 8, "parts", TYPE)
    body += words("svg-label", left + LAYERS * (side + 4) + 8 + side / 2, low + 8, "head", TYPE)
    label = "; ".join(f"{name}: {told}" for name, _, told in WAYS)
    return svg(body, width, low + 20, f"{label}. The head is new in each.")


def _layer(x: float, y: float, side: float, kind: str) -> str:
    """A layer; hatched where it is frozen."""
    if kind:
        return box(kind, x, y, side, HIGH)
    return box("mag-1", x, y, side, HIGH) + hatching(x + (side - HIGH) / 2, y, HIGH)
