"""Instrument N2.1: one kernel slides over one image, every product in sight (EQ N2.1, EQ N2.3).

Coordinates are (row, column) from 0. What a moving pointer leaves as it is depends on the scene alone and is kept.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from html import escape
from typing import Any

from instruments import kit
from instruments.kernel_explorer.feature_map import map_cells, map_picture
from instruments.kernel_explorer.input import INPUTS, input_cells, input_picture
from instruments.kernel_explorer.kernel import KERNELS, kernel_grid, own_weights, with_weight
from instruments.kernel_explorer.learning import learned
from instruments.kernel_explorer.nudge import FARTHEST, before_and_after
from instruments.kernel_explorer.pointing import focused, moved, pointed
from instruments.kernel_explorer.product import product
from instruments.kernel_explorer.reach import reached
from instruments.kernel_explorer.readouts import readouts
from instruments.kernel_explorer.scene import DRAWN, LARGEST, Scene, compute
from instruments.kernel_explorer.state import State
from instruments.kernel_explorer.tables import tables
from instruments.kernel_explorer.written_sum import arithmetic
from instruments.kit import Button, Choice, Option, Picture, Region, Slider, Toggle

__all__ = ["CONTROLS", "REGIONS", "State", "act", "assign", "limits", "normalise", "sentence", "view"]

MOST_PADDING, MOST_DILATION = 3, 3
NUDGE = "Nudge the input by one pixel"

CONTROLS: tuple[kit.Control, ...] = (
    Choice("source", "Input", INPUTS),
    Choice("kernel", "Kernel", KERNELS),
    Choice("size", "Kernel size", tuple(Option(k, f"{k} × {k}") for k in (1, 3, 5, 7))),
    Slider("stride", "Stride S", 1, 3),
    Slider("padding", "Padding P", 0, MOST_PADDING, unit="px"),
    *(Button(f"nudge:{way}", sign, group=NUDGE, rare=True) for way, sign in zip(kit.ARROWS, "↑↓←→", strict=True)),
    Button("nudge:back", "Back", group=NUDGE, rare=True),
    Picture("picture", "Open a picture", LARGEST, rare=True),
    Slider("dilation", "Dilation: pixels from tap to tap", 1, MOST_DILATION, rare=True),
    Toggle("flip", "Flip the kernel (true convolution)", rare=True),
    Toggle("product", "Show as one matrix product (im2col)", rare=True),
    Toggle("learn", "Learn this kernel from input and map", rare=True),
)

REGIONS = (
    Region("input", "Input", "picture", keys=True, place="stage"),
    Region("kernel", "Kernel", "picture", place="stage"),
    Region("map", "Feature map", "picture", keys=True, place="stage"),
    Region("readouts", "Readouts", "readouts"),
    Region("arithmetic", "The sum, written out", "text"),
    Region("shift", "Before and after the nudge", "picture"),
    Region("product", "The same as one matrix product", "picture", keys=True),
    Region("learned", "Learned from input and map", "picture"),
    Region("values", "", "table"),
)


def normalise(state: State) -> State:
    """Return the nearest state that can be shown."""
    if state.source == "own" and kit.decoded(state.picture, LARGEST) is None:
        state = replace(state, source="seven", picture="")
    pixels = tuple(min(1.0, max(0.0, value)) for value in state.pixels)
    pixels = pixels if len(pixels) == DRAWN**2 else (0.0,) * DRAWN**2 if state.source == "painted" else ()
    state = replace(
        state,
        size=min((1, 3, 5, 7), key=lambda k: abs(k - state.size)),
        dilation=min(state.dilation, _most_dilation(state)),
        down=min(FARTHEST, max(-FARTHEST, state.down)),
        right=min(FARTHEST, max(-FARTHEST, state.right)),
        focus="input" if state.focus == "input" else "map",
        brush=min(1.0, max(0.0, state.brush)),
        pixels=pixels,
        weights=own_weights(state),
    )
    state = replace(state, padding=min(state.padding, state.span // 2, MOST_PADDING))
    rows, columns = focused(state).shape
    return replace(state, row=min(max(state.row, 0), rows - 1), column=min(max(state.column, 0), columns - 1))


def limits(state: State) -> dict[str, dict[str, Any]]:
    """Say what the state forbids."""
    still = state.down == state.right == 0
    return {
        "padding": {"max": min(state.span // 2, MOST_PADDING)},
        "dilation": {"max": _most_dilation(state)},
        "nudge:back": {"disabled": still},
    }


def _most_dilation(state: State) -> int:
    """The widest that the window still fits into a drawing of 9 × 9."""
    return min(MOST_DILATION, (DRAWN - 1) // (state.size - 1)) if state.size > 1 else 1


def assign(state: State, field: str, value: Any) -> State:
    """Set a control; "weight.N" is the N-th weight of the kernel."""
    if field.startswith("weight."):
        return with_weight(state, field.removeprefix("weight."), str(value))
    if field == "kernel" and value == "own":
        return replace(state, kernel="own", weights=tuple(compute(state).typed.ravel().tolist()))
    if field == "source" and value == "own" and kit.decoded(state.picture, LARGEST) is None:
        return replace(state, notice="Open a picture first: it is read here in the page and sent nowhere.")
    if field == "picture":
        readable = kit.decoded(value, LARGEST) is not None
        return replace(state, source="own", picture=value) if readable else state
    return replace(state, **{field: value}) if hasattr(state, field) else state


def act(state: State, act: kit.Act) -> State:
    """Point at a cell, paint one, move by key, nudge the input."""
    match act:
        case kit.Point() | kit.Press() | kit.Drag():
            return pointed(state, act)
        case kit.Key():
            return moved(state, act)
        case kit.ButtonPress("nudge", "back"):
            return replace(state, down=0, right=0)
        case kit.ButtonPress("nudge", way) if way in kit.ARROWS:
            down, right = kit.ARROWS[way]
            return replace(state, down=state.down + down, right=state.right + right)
    return state


def view(state: State) -> dict[str, str]:
    """Return the markup of every region."""
    scene, maps = kit.part(state, Scene), compute(state)
    drawn = _drawn(scene)
    notice = f'<p class="notice">{escape(state.notice)}</p>' if state.notice else ""
    return {
        "input": input_picture(state, maps, drawn["input"]),
        "kernel": drawn["kernel"] + notice,
        "map": map_picture(state, maps.map, drawn["map"]),
        "readouts": drawn["readouts"],
        "arithmetic": arithmetic(state, maps),
        "shift": before_and_after(scene) if state.down or state.right else "",
        "product": product(state, maps) if state.product else "",
        "learned": learned(scene) if state.learn else "",
        "values": tables(state, maps),
    }


@lru_cache(maxsize=4)
def _drawn(scene: Scene) -> dict[str, str]:
    """What a moving pointer leaves as it is: the grids without marks, the kernel, the readouts."""
    maps = compute(scene)
    return {
        "input": input_cells(scene, maps),
        "map": map_cells(maps.map),
        "kernel": kernel_grid(scene, maps),
        "readouts": readouts(scene, maps),
    }


def sentence(state: State) -> str:
    """Say in one sentence what is selected."""
    maps = compute(state)
    if state.notice:
        return state.notice
    rows, columns = maps.map.shape
    if state.focus == "map":
        value = kit.number(float(maps.map[state.row, state.column]))
        return f"Output row {state.row}, column {state.column} of {rows} × {columns} is {value}."
    value = kit.number(float(maps.input[state.row, state.column]))
    outputs = len(reached(state, state.row, rows)) * len(reached(state, state.column, columns))
    return f"Input row {state.row}, column {state.column} is {value} and is read by {kit.counted(outputs, 'output')}."
