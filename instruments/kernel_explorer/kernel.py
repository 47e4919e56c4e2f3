"""The kernel: weights to type in, and those of the reader's own kernel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from instruments import kit
from instruments.kernel_explorer.fills import peak_of
from instruments.kernel_explorer.scene import Array, Maps, Scene, compute
from instruments.kernel_explorer.state import State
from instruments.kit import Option
from instruments.nn.kernels import kernel

KERNELS = (
    Option("edge", "Edge"),
    Option("blur", "Blur"),
    Option("sharpen", "Sharpen"),
    Option("identity", "Identity"),
    Option("sobel-x", "Sobel x"),
    Option("sobel-y", "Sobel y"),
    Option("emboss", "Emboss"),
    Option("motion", "Motion blur"),
    Option("own", "Own"),
)


def own_weights(scene: Scene) -> tuple[float, ...]:
    """The own kernel for the chosen size: kept around its centre, framed with zeros."""
    if scene.kernel != "own":
        return ()
    side = round(len(scene.weights) ** 0.5)
    if side * side != len(scene.weights) or side not in (1, 3, 5, 7):
        return tuple(kernel("identity", scene.size).ravel().tolist())
    frame = max(0, (scene.size - side) // 2)
    wide = np.pad(np.reshape(scene.weights, (side, side)), frame)
    cut = (len(wide) - scene.size) // 2
    kept = wide[cut : len(wide) - cut, cut : len(wide) - cut]
    return tuple(np.clip(kept, -99, 99).ravel().tolist())


def with_weight(state: State, place: str, text: str) -> State:
    """Set a weight of the kernel, which is an own one from then on; what is no number is refused."""
    weights = compute(state).typed.ravel().tolist()
    value = kit.parsed(text)
    if value is None or not place.isdecimal() or int(place) >= len(weights):
        return replace(state, notice=f"“{text[:20]}” is no weight: write a number such as −1, 0.25 or 1/9.")
    weights[int(place)] = min(99.0, max(-99.0, value))
    return replace(state, kernel="own", weights=tuple(weights))


def kernel_grid(scene: Scene, maps: Maps) -> str:
    """The weights as fields to type in, coloured by their values."""
    peak = peak_of(maps.typed)
    lines = maps.typed.tolist()
    rows = "".join(
        "<tr>" + "".join(_weight(i * scene.size + j, (i, j), w, peak) for j, w in enumerate(line)) + "</tr>"
        for i, line in enumerate(lines)
    )
    label = f"{scene.size} by {scene.size} kernel"
    grid = f'<table class="kernel-grid" style="--cells:{scene.size}" aria-label="{label}"><tbody>{rows}</tbody></table>'
    total = f'<p class="hint">Sum of the weights: {kit.fraction(float(maps.typed.sum()))}</p>'
    return grid + total + (_turned(maps.applied) if scene.flip else "")


def _weight(place: int, cell: tuple[int, int], weight: float, peak: float) -> str:
    return (
        f'<td class="{kit.signed_class(weight, peak)}"><input type="text" inputmode="decimal" autocomplete="off" '
        f'size="4" value="{kit.fraction(weight)}" data-field="weight.{place}" data-key="weight-{place}" '
        f'aria-label="Weight {cell[0]}, {cell[1]}"></td>'
    )


def _turned(applied: Array) -> str:
    grid = kit.Grid(len(applied), len(applied), 2, 2, 24)
    levels = kit.signed_levels(applied, peak_of(applied))
    body, label = grid.fills(levels) + grid.lines(), "The kernel as applied"
    picture = kit.svg(body, grid.width + 4, grid.height + 4, label, longest=96)
    return f'<p class="hint">Applied turned by 180°:</p>{picture}'
