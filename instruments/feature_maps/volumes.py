"""The volumes of a stack, as boxes to scale."""

from __future__ import annotations

from itertools import pairwise

from instruments import kit
from instruments.feature_maps.flow import Flow, size
from instruments.feature_maps.state import StackState
from instruments.nn.geometry import Shape


def volumes(state: StackState, flow: Flow) -> str:
    """Boxes to scale in height and width, their length growing with the root of the channels."""
    shapes = [flow.input, *_drawn(state, flow)]
    scale = 150 / max(shape[1] for shape in shapes)
    body, x = "", 36.0
    for i, shape in enumerate(shapes):
        box, width = _volume(shape, x, scale)
        kind = "volume vol-input" if i == 0 else "volume"
        body += f'<g class="{kind}">{box}</g>'
        x += width + 30
    label = "Volumes from input to output: " + ", then ".join(size(shape) for shape in shapes)
    return kit.svg(body, x - 10, 256, label, longest=720)


def _drawn(state: StackState, flow: Flow) -> list[Shape]:
    """The volumes worth a box: after each pool, or the last one of each size."""
    shapes = [cost.shape for cost in flow.costs]
    if state.network == "stages":
        return shapes[1::2]
    last = [shape for shape, after in pairwise(shapes) if shape[1:] != after[1:] or shape[1] == 1]
    return [*last, shapes[-1]]


def _volume(shape: Shape, x: float, scale: float) -> tuple[str, float]:
    """One box seen from the side: the width of the map recedes to the upper right. Returns its drawing and width."""
    channels, height, width = shape
    length = min(140.0, 3.2 * channels**0.5)
    tall, lean = max(2.0, height * scale), max(1.0, width * scale * 0.32)
    top = 205 - tall
    front = kit.box("vol-front", x, top, length, tall)
    back = f"l{kit.plain(lean)} -{kit.plain(lean)}"
    upper = f"M{kit.plain(x)} {kit.plain(top)}{back}h{kit.plain(length)}l-{kit.plain(lean)} {kit.plain(lean)}z"
    side = f"M{kit.plain(x + length)} {kit.plain(top)}{back}v{kit.plain(tall)}l-{kit.plain(lean)} {kit.plain(lean)}z"
    middle = x + length / 2
    texts = kit.words("svg-label", middle, 222, f"{height} × {width}" if height > 1 else "1 × 1", 12)
    texts += kit.words("svg-small", middle, 240, f"× {kit.number(channels)}", 12)
    drawing = f'{front}<path class="vol-top" d="{upper}"/><path class="vol-side" d="{side}"/>{texts}'
    return drawing, max(length + lean, 44)
