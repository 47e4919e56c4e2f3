"""Sizes and counts of the scene (EQ N2.3)."""

from __future__ import annotations

from instruments import kit
from instruments.kernel_explorer.reach import unread
from instruments.kernel_explorer.scene import Maps, Scene


def readouts(scene: Scene, maps: Maps) -> str:
    """The output's size, its weights, those of a dense layer, and what is never read."""
    rows, columns = maps.map.shape
    outputs, pixels = rows * columns, maps.input.size
    weights = scene.size**2
    dropped = [len(unread(scene, n)) for n in maps.input.shape]
    pairs = [
        ("OUTPUT SIZE", f"{rows} × {columns}"),
        ("PARAMS REUSED", f"{kit.number(outputs, 0)}×"),
        ("SHARED WEIGHTS", f"{weights} + 1 bias"),
        ("DENSE LAYER INSTEAD", f"{kit.number(pixels * outputs, 0)} weights"),
    ]
    if any(dropped):
        pairs.append(("NEVER READ", f"{kit.counted(dropped[0], 'row')}, {kit.counted(dropped[1], 'column')}"))
    return kit.readouts(pairs) + f'<p class="hint">{_geometry(scene, maps)}</p>'


def _geometry(scene: Scene, maps: Maps) -> str:
    """EQ N2.3 with the numbers of this scene."""
    n, d, P, S = maps.input.shape[0], scene.dilation, scene.padding, scene.stride
    size = f"⌊({n} − {scene.span} + 2·{P}) / {S}⌋ + 1 = {maps.map.shape[0]}"
    size += "" if n == maps.input.shape[1] else " rows"
    return size if d == 1 else f"{size}; the taps reach over {d}·({scene.size} − 1) + 1 = {scene.span} pixels"
