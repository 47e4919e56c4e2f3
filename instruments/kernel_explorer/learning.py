"""The kernel found again from the input and the map alone, step by step down the gradient of the loss (EQ N2.1b)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from instruments import kit
from instruments.kernel_explorer.fills import peak_of
from instruments.kernel_explorer.scene import Array, Scene, compute
from instruments.nn import ops

STEPS = (10, 100, 1000)
LARGEST_PRINTED = 3
"""Longest side of a kernel whose weights are printed as well: in a larger one they would be too small to read."""


@lru_cache(maxsize=2)
def learned(scene: Scene) -> str:
    """Draw the kernel after some numbers of steps from zeros, and say how far it is from the one that made the map."""
    goal = compute(scene).applied
    kernels, known = descended(scene)
    peak = max(peak_of(goal), *(peak_of(kernel) for kernel in kernels))
    names = ["The kernel to find", *(f"After {kit.number(steps, 0)} steps" for steps in STEPS)]
    pictures = [(_picture(kernel, peak, name), name) for kernel, name in zip([goal, *kernels], names, strict=True)]
    rows = [(name, [kit.number(peak_of(kernel - goal), 3)]) for kernel, name in zip(kernels, names[1:], strict=True)]
    errors = kit.table("Largest error of a weight", ("", "error"), rows)
    return kit.panels(pictures, 9) + errors + f'<p class="hint">{_found(known, goal.size)}</p>'


def descended(scene: Scene) -> tuple[list[Array], int]:
    """The kernels (k, k) after `STEPS` steps from zeros, and in how many directions the input tells kernels apart.

    The loss is half the sum of squared differences of the maps; its curvature along each direction is an eigenvalue of
    the windows' products, and the rate is one over the greatest, so that no step overshoots. Rounded, because sums in
    another order differ in their last digits.
    """
    maps = compute(scene)
    columns = ops.im2col(maps.input[None, None], scene.size, scene.stride, scene.padding, scene.dilation)[0]
    curvature, pull = columns @ columns.T, columns @ maps.map.ravel()
    along = np.linalg.eigvalsh(curvature)
    rate = 1 / along[-1] if along[-1] > 0 else 0.0
    weights, kernels = np.zeros(len(columns)), []
    for step in range(1, STEPS[-1] + 1):
        weights -= rate * (curvature @ weights - pull)
        if step in STEPS:
            kernels.append(np.round(weights, 6).reshape(scene.size, scene.size) + 0.0)  # + 0.0: no -0
    return kernels, int((along > along[-1] * 1e-9).sum())


def _found(known: int, weights: int) -> str:
    if known == weights:
        return f"This input tells all {weights} weights apart, some sooner than others."
    return (
        f"This input tells kernels apart in {known} of {weights} directions. Along the others no map changes, so that "
        "the kernel stays where it began, at 0."
    )


def _picture(kernel: Array, peak: float, name: str) -> str:
    grid = kit.Grid(len(kernel), len(kernel), 2, 2, 96 / len(kernel))
    levels = kit.signed_levels(kernel, peak)
    texts = grid.texts(kernel, levels) if len(kernel) <= LARGEST_PRINTED else ""
    body = grid.fills(levels) + texts + grid.lines()
    return kit.svg(body, grid.width + 4, grid.height + 4, name, longest=200)
