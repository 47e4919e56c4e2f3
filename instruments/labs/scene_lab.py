"""Instrument: a scene of digits that a reader moves and draws in, read by a network taught on windows, in one pass.

Scenes, networks and results over many scenes are `instruments.experiments.scene`; the networks come trained.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import numpy as np

from instruments import kit
from instruments.data.digits import split
from instruments.experiments import scene as experiment
from instruments.experiments.scene import (
    COUNT,
    DIGIT,
    JUMP,
    MARGIN,
    SIDE,
    THRESHOLDS,
    WINDOW,
    Find,
    Scene,
)
from instruments.kit import Button, Choice, Grid, Option, Region
from instruments.nn.windows import Array

SCENES = 100
READERS = {"pass": "one pass", "windows": "a window at every place", "digits": "one pass, no class for nothing"}
"""What reads the scene: the network with a class for nothing, in one of the WAYS, or the one without."""
STEPS = {"pass": JUMP, "windows": 1, "digits": JUMP}
"""Pixels from one answer to the next."""
CELL = 5
"""Side of a pixel in the pictures."""
NIB = ((0, 0, 1.0), (-1, 0, 0.5), (1, 0, 0.5), (0, -1, 0.5), (0, 1, 0.5))
"""Rows and columns from the pen's tip, and the ink there: as wide as the strokes of the digits."""
LONGEST = 300
"""Side of the pictures on the page, px: on a phone the stage leaves room for the controls."""
MOST_INK = 400
"""Pixels of a drawing, so that it fits into an address."""


@dataclass(frozen=True)
class State:
    """A scene, where its digits stand if they were moved, ink on it; what reads it, and from which share on.

    `corners` are ten numbers, row and column of each digit, `ink` numbers of pixels, row by row. `held` is the digit
    that keys move, and a pointer that has hold of it at pixel `grip`, row by row; −1 has hold of none and draws.
    """

    scene: int = 0
    corners: tuple[int, ...] = ()
    ink: tuple[int, ...] = ()
    held: int = 0
    grip: int = -1
    pen: int = -1
    reader: str = "pass"
    threshold: str = "0.9"


CONTROLS: tuple[kit.Control, ...] = (
    Choice("reader", "Read by", tuple(Option(*each) for each in READERS.items())),
    Choice("threshold", "Threshold", tuple(Option(str(share), str(share)) for share in THRESHOLDS)),
    Button("new", "New scene"),
    Button("clear", "Clear drawing"),
)

REGIONS = (
    Region("scene", "The scene", "picture", keys=True, place="stage"),
    Region("heat", "A digit stands here", "picture", place="beside"),
    Region("readouts", "Readouts", "readouts"),
)


def normalise(state: State) -> State:
    """Return the nearest state that can be shown."""
    corners = tuple(min(max(0, at), SIDE - DIGIT) for at in state.corners) if len(state.corners) == 2 * COUNT else ()
    return replace(
        state,
        scene=state.scene % SCENES,
        corners=corners,
        ink=tuple(dict.fromkeys(pixel for pixel in state.ink if 0 <= pixel < SIDE**2))[:MOST_INK],
        held=state.held % COUNT,
        grip=min(max(-1, state.grip), DIGIT**2 - 1),
        pen=min(max(-1, state.pen), SIDE**2 - 1),
    )


def act(state: State, act: kit.Act) -> State:
    """Press a button, take hold of a digit or draw, move the digit that keys move."""
    match act:
        case kit.ButtonPress("new", ""):
            return State(state.scene + 1, reader=state.reader, threshold=state.threshold)
        case kit.ButtonPress("clear", ""):
            return replace(state, ink=(), pen=-1)
        case kit.Press("scene", row, column) if max(row, column) < SIDE:
            return _pressed(state, row, column)
        case kit.Drag("scene", row, column) if max(row, column) < SIDE:
            if state.grip < 0:
                return _drawn(state, row, column)
            down, right = divmod(state.grip, DIGIT)
            return _moved(state, row - down, column - right)
        case kit.Key("scene", "enter"):
            return replace(state, held=state.held + 1)
        case kit.Key("scene", key) if key in kit.ARROWS:
            row, column = shown(state).corners[state.held].tolist()
            return _moved(state, row + act.step[0], column + act.step[1])
    return state


def _pressed(state: State, row: int, column: int) -> State:
    off = (row, column) - shown(state).corners
    under = np.flatnonzero(((off >= 0) & (off < DIGIT)).all(axis=1))
    if not under.size:
        return _drawn(replace(state, grip=-1, pen=-1), row, column)
    held = int(under[-1])
    return replace(state, held=held, grip=int(off[held, 0] * DIGIT + off[held, 1]))


def _moved(state: State, row: int, column: int) -> State:
    corners = shown(state).corners.copy()
    corners[state.held] = row, column
    return replace(state, corners=tuple(corners.ravel().tolist()))


def _drawn(state: State, row: int, column: int) -> State:
    """Draw a line from where the pen is."""
    start = divmod(state.pen, SIDE) if state.pen >= 0 else (row, column)
    steps = max(abs(row - start[0]), abs(column - start[1]), 1)
    line = [
        [round(a + (b - a) * i / steps) for a, b in zip(start, (row, column), strict=True)] for i in range(steps + 1)
    ]
    return replace(state, ink=(*state.ink, *(i * SIDE + j for i, j in line)), pen=row * SIDE + column)


def limits(state: State) -> dict[str, dict[str, Any]]:
    """Say which buttons have something to do."""
    return {"clear": {"disabled": not state.ink}}


# ---- what is read -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """A scene, the shares of the ten digits over it (10, H, W), `step` px apart, and what is found by them."""

    scene: Scene
    shares: Array
    step: int
    finds: list[Find]


@cache
def _scene(number: int) -> Scene:
    """A scene of digits that the networks have not seen."""
    data = split(np.random.default_rng(0))
    return experiment.made(data.test, data.test_labels, np.random.default_rng(number))


def shown(state: State) -> Scene:
    """The scene with its digits where they stand now, and the reader's ink among the strokes."""
    made = _scene(state.scene)
    corners = np.array(state.corners).reshape(-1, 2) if state.corners else made.corners
    strokes = np.pad(made.strokes, 1)
    for pixel in state.ink:
        row, column = divmod(pixel, SIDE)
        for down, right, ink in NIB:
            place = row + down + 1, column + right + 1
            strokes[place] = max(strokes[place], ink)
    return made._replace(corners=corners, strokes=strokes[1:-1, 1:-1])


@lru_cache(maxsize=2)
def compute(state: State) -> Reading:
    """Read the scene; what is drawn and what is said ask for the same."""
    scene = shown(state)
    shares, step = experiment.shares(_scores(scene.pixels().tobytes(), state.reader)), STEPS[state.reader]
    return Reading(scene, shares, step, experiment.found(shares, step, float(state.threshold)))


@lru_cache(maxsize=4)
def _scores(pixels: bytes, reader: str) -> Array:
    scene = np.frombuffer(pixels, np.float32).reshape(SIDE, SIDE)
    if reader == "windows":
        return experiment.by_windows(experiment.trained("background"), scene, STEPS[reader])
    return experiment.one_pass(experiment.trained("digits" if reader == "digits" else "background"), scene)


def difference(scene: Scene) -> float:
    """The largest difference between scores of one pass and those of the windows at its places."""
    whole, windows = (_scores(scene.pixels().tobytes(), reader) for reader in ("pass", "windows"))
    return float(np.abs(whole - windows[:, ::JUMP, ::JUMP]).max())


# ---- the pictures -------------------------------------------------------------------------------------------------


def view(state: State) -> dict[str, str]:
    """Draw every region."""
    reading = compute(state)
    return {
        "scene": _drawing(state, reading),
        "heat": _heat(reading),
        "readouts": _readouts(state, reading),
    }


def sentence(state: State) -> str:
    """Say what is found."""
    reading = compute(state)
    right = sum(experiment.rights(reading.finds, reading.scene))
    names = ", ".join(str(find.digit) for find in reading.finds) or "nothing"
    there = ", ".join(map(str, reading.scene.names.tolist()))
    return f"Read by {READERS[state.reader]}: {names}. There are {there}; {right} of them are named in their place."


def _drawing(state: State, reading: Reading) -> str:
    grid = Grid(SIDE, SIDE, cell=CELL)
    body = grid.shades(np.clip(reading.scene.pixels(), 0, 1), 1, "scene-ink")
    row, column = reading.scene.corners[state.held].tolist()
    body += grid.frame("svg-pad", row - MARGIN, column - MARGIN, WINDOW, WINDOW)
    for find in reading.finds:
        above = find.row - 2 if find.row > 3 else find.row + DIGIT + 2
        body += grid.frame("svg-focus", find.row, find.column, DIGIT, DIGIT)
        body += kit.words("svg-strong svg-named", (find.column + DIGIT / 2) * CELL, above * CELL, str(find.digit), 18)
    body += grid.frame("svg-rule", 0, 0, SIDE, SIDE) + grid.target("scene", paint=True)
    label = f"A scene of {SIDE} by {SIDE} pixels with digits, strokes and noise; frames where a digit is found"
    words = "Drag a digit; elsewhere, draw. Keys: Enter takes the next digit, arrows move it."
    return kit.svg(body, grid.width, grid.height, label, longest=LONGEST) + f'<p class="hint">{words}</p>'


def _heat(reading: Reading) -> str:
    """Draw the largest share of a digit at each place, in the middle of its window, and name the finds."""
    heights = reading.shares.max(axis=0)
    edge = (WINDOW - reading.step) / 2 * CELL
    rows, columns = heights.shape
    grid = Grid(rows, columns, edge, edge, reading.step * CELL)
    whole = SIDE * CELL
    body = grid.shades(heights, 1, "scene-heat") + kit.box("svg-rule", 0, 0, whole, whole)
    for find in reading.finds:
        x, y = ((corner + DIGIT / 2) * CELL for corner in (find.column, find.row))
        body += kit.words("svg-strong svg-named", x, y, str(find.digit), 18)
    places = f"{grid.rows} × {grid.columns} answers, {kit.counted(reading.step, 'pixel')} apart"
    label = f"Largest share of a digit at each place, {places}; the finds are named"
    return kit.svg(body, whole, whole, label, longest=LONGEST) + f'<p class="hint">{places}.</p>'


def _readouts(state: State, reading: Reading) -> str:
    said = experiment.rights(reading.finds, reading.scene)
    net = "digits" if state.reader == "digits" else "background"
    case = f"{net} {'windows' if state.reader == 'windows' else 'pass'} {state.threshold}"
    named, false = (experiment.finished()[f"{case} {measure}"] for measure in ("found", "false"))
    whole, window = (experiment.products(net, side) for side in (SIDE, WINDOW))
    windows = reading.shares[0].size
    return kit.readouts(
        [
            ("Digits named", f"{sum(said)} of {COUNT}"),
            ("False finds", str(len(said) - sum(said))),
            ("Over many scenes", f"{kit.spread(named)} named, {_spread(false)} false a scene"),
            ("Multiply-adds of one pass", f"{whole / 1e6:.1f} million"),
            (f"Of the {kit.number(windows)} windows", f"{windows * window / 1e6:.1f} million"),
            ("Largest difference", kit.number(difference(reading.scene), 5) if state.reader == "windows" else "–"),
        ]
    )


def _spread(counts: list[float]) -> str:
    return f"{sum(counts) / len(counts):.1f} ({min(counts):.1f}–{max(counts):.1f})"
