"""Figure of section 2.4: a residual block and a bottleneck, drawn to one key."""

from __future__ import annotations

from math import log2

from instruments.kit import box, svg, words
from instruments.kit.strokes import TYPE, phrase, stroke

HIGH = 60
"""Height of a convolution, px."""

Layers = tuple[tuple[int, int], ...]
"""Kernel side and output channels of each convolution."""

BLOCK: Layers = ((3, 64), (3, 64))
BOTTLENECK: Layers = ((1, 64), (3, 64), (1, 256))


def weights(layers: Layers, channels: int) -> int:
    """Weights of the convolutions of a block that reads so many channels; biases are not counted."""
    total = 0
    for side, out in layers:
        total, channels = total + side * side * channels * out, out
    return total


def blocks(width: int) -> str:
    """Draw both blocks, the thickness of a band growing with the logarithm of its channels."""
    beside = width > 500
    span = (width - 48) / 2 if beside else width
    low = 0 if beside else 196
    plain = f"residual block, {weights(BLOCK, 64):,} weights"
    squeezed = f"bottleneck, {weights(BOTTLENECK, 256):,} weights"
    body = _block(0, 0, span, BLOCK, 64, plain) + _block(width - span, low, span, BOTTLENECK, 256, squeezed)
    label = (
        "In each block a line, the identity, leaves before the first convolution and joins a plus after the last. The "
        "first keeps 64 channels through two 3×3 convolutions; the second goes from 256 channels to 64 by a 1×1, "
        "through one 3×3, and back to 256."
    )
    return svg(body, width, low + 178, label)


def _thick(channels: int) -> float:
    """Thickness of a band of channels, px."""
    return 5 * (log2(channels) - 2)


def _block(left: float, top: float, span: float, layers: Layers, channels: int, name: str) -> str:
    middle, step = top + 108, span / (len(layers) + 2)
    body = phrase(left, top + 10, [("of-kernel", name)])
    ends = [left + step * (n + 1) for n in range(len(layers))]
    stops = [*ends[1:], left + span - step]
    body += _band(left, ends[0], middle, channels) + _band(stops[-1], left + span, middle, channels)
    for (side, out), x, stop in zip(layers, ends, stops, strict=True):
        kind = "conv" if side > 1 else "squeeze"
        body += _band(x, stop, middle, out)
        body += box(kind, x - 5, middle - HIGH / 2, 6 + 4 * side, HIGH)
        body += words("svg-label", x + 2 * side - 2, middle - HIGH / 2 - 11, f"{side}×{side}", TYPE)
        body += words("svg-label", (x + stop) / 2 + side, middle + HIGH / 2 + 14, str(out), TYPE)
    body += words("svg-label", left + step / 2, middle + HIGH / 2 + 14, str(channels), TYPE)
    return body + _identity(left + step / 2, left + span - step, middle, top + 40)


def _band(left: float, right: float, middle: float, channels: int) -> str:
    return box("channels", left, middle - _thick(channels) / 2, right - left, _thick(channels))


def _identity(start: float, plus: float, middle: float, top: float) -> str:
    """The path around the layers, and the plus that it ends in."""
    body = stroke("svg-identity", f"M{start:.1f} {middle:.1f}V{top}H{plus:.1f}V{middle - 11:.1f}")
    body += words("of-result", (start + plus) / 2, top - 12, "identity: x", TYPE)
    body += f'<circle class="node" cx="{plus:.1f}" cy="{middle}" r="11"/>'
    return body + stroke("svg-identity", f"M{plus - 6:.1f} {middle}h12M{plus:.1f} {middle - 6}v12")
