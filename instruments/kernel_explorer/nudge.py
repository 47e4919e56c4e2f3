"""Before and after the input is moved by whole pixels, with the share of values that stayed or moved along."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from instruments import kit
from instruments.kernel_explorer.fills import brightness, peak_of, signed
from instruments.kernel_explorer.scene import Array, Scene, compute
from instruments.nn import ops

FARTHEST = 4
"""Pixels an input can be moved."""


@lru_cache(maxsize=2)
def before_and_after(scene: Scene) -> str:
    """Draw input, map and pooled map twice, and measure their shares."""
    S, maps = scene.stride, compute(scene)
    pairs = [("Input", maps.still, maps.input, 1), ("Feature map", maps.still_map, maps.map, S)]
    if min(maps.map.shape) >= 2:
        before, after = (ops.max_pool2d(values, 2) for values in (maps.still_map, maps.map))
        pairs.append(("Max-pooled 2 × 2", before, after, 2 * S))
    figures = [(_pair(name, before, after, maps.bright), name) for name, before, after, _ in pairs]
    rows = [(name, _shares(before, after, scene, step)) for name, before, after, step in pairs]
    moved = f"Input moved by {distance(scene)}; zeros come in at the edge"
    head = ("", "unchanged in place", "of those not 0 both times", "moved along exactly")
    return kit.panels(figures, 14) + kit.table(moved, head, rows)


def distance(scene: Scene) -> str:
    """Say how far the input was moved: "1 px up and 2 px right"."""
    parts = [
        f"{abs(count)} px {names[count > 0]}"
        for count, names in ((scene.down, ("up", "down")), (scene.right, ("left", "right")))
        if count
    ]
    return " and ".join(parts)


def _pair(name: str, before: Array, after: Array, bright: bool) -> str:
    peak = max(peak_of(before), peak_of(after))
    rows, columns = before.shape
    cell, key = 120 / columns, f"explorer-{name.split()[0].lower()}"
    body = ""
    for x, values in ((1.0, before), (141.0, after)):
        grid = kit.Grid(rows, columns, x, 1, cell)
        if name == "Input":
            body += brightness(grid, values, bright) + grid.lines()
        else:
            body += signed(grid, values, peak, f"{key}-{x:.0f}") + grid.lines()
    body += kit.words("svg-label", 131, 1 + rows * cell / 2, "→", 16)
    return kit.svg(body, 262, rows * cell + 2, f"{name} before and after the nudge", longest=300)


def _shares(before: Array, after: Array, scene: Scene, step: int) -> tuple[str, str, str]:
    """Measured shares of equal values, as text; a map can move along only by whole cells."""
    same = same_values(before, after)
    seen = (before != 0) | (after != 0)
    if scene.down % step or scene.right % step:
        along = f"cannot: {distance(scene)} is no whole cell of {step} px"
    else:
        pair = overlap(before, after, scene.down // step, scene.right // step)
        along = _of(same_values(*pair))
    return _of(same), _of(same[seen]), along


def _of(same: Array) -> str:
    return (
        f"{same.sum()} of {same.size} ({kit.percent(int(same.sum()), same.size)})" if same.size else "none to compare"
    )


def same_values(before: Array, after: Array) -> Array:
    """Compare two maps value by value; rounding errors do not count."""
    return np.asarray(np.abs(before - after) < 1e-9)


def overlap(before: Array, after: Array, down: int, right: int) -> tuple[Array, Array]:
    """Cut from two maps the cells that correspond when the map moves along by whole cells."""
    rows, columns = before.shape
    down, right = (max(-n, min(n, by)) for by, n in ((down, rows), (right, columns)))
    return (
        before[max(0, -down) : rows - max(0, down), max(0, -right) : columns - max(0, right)],
        after[max(0, down) : rows + min(0, down), max(0, right) : columns + min(0, right)],
    )
