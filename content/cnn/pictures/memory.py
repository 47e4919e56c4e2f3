"""Figure of section 2.3: where VGG-16 keeps its activations and where its parameters."""

from __future__ import annotations

from instruments.kit import box, percent, svg, words
from instruments.kit.strokes import TYPE, phrase
from instruments.nn.architectures import NETWORKS
from instruments.nn.geometry import costs, parse

STEP = 30


def vgg(width: int) -> str:
    """Draw, stage by stage, the share of all activations to the left and the share of all parameters to the right."""
    rows = _shares()
    middle, room = width / 2, width / 2 - (100 if width > 500 else 84)
    body = phrase(middle - 46, 10, [("of-result", "activations")], anchor="end")
    body += phrase(middle + 46, 10, [("of-window", "parameters")])
    for n, (name, kept, learned) in enumerate(rows):
        y = 40 + STEP * n
        body += words("svg-label", middle, y, name, TYPE)
        body += box("bar-a", middle - 46 - kept * room, y - 9, kept * room, 18)
        body += words("svg-number", middle - 52 - kept * room, y, _shown(kept), TYPE, "end")
        body += box("bar-e", middle + 46, y - 9, learned * room, 18)
        body += words("svg-number", middle + 52 + learned * room, y, _shown(learned), TYPE, "start")
    told = "; ".join(f"{name}: {_shown(kept)} and {_shown(learned)}" for name, kept, learned in rows)
    return svg(body, width, 40 + STEP * len(rows), f"Shares of activations and of parameters. {told}.")


def _shown(share: float) -> str:
    return percent(share, 1) if share >= 0.01 else "< 1 %"


def _shares() -> list[tuple[str, float, float]]:
    """Name, share of the activations and share of the parameters of the five stages and the dense layers."""
    network = NETWORKS["vgg-16"]
    stack = tuple(layer for line in network.layers if (layer := parse(line)))
    channels, side = network.input
    counted = costs(stack, (channels, side, side))
    parts: list[tuple[int, int]] = [(0, 0)]
    for layer, cost in zip(stack, counted, strict=True):
        parts[-1] = (parts[-1][0] + cost.activations, parts[-1][1] + cost.params)
        if layer.kind.endswith("-pool"):
            parts.append((0, 0))
    activations, parameters = (sum(part[n] for part in parts) for n in (0, 1))
    names = [*(f"stage {n}" for n in range(1, len(parts))), "dense"]
    return [
        (name, kept / activations, learned / parameters) for name, (kept, learned) in zip(names, parts, strict=True)
    ]
