"""Instrument: a small LeNet learns handwritten digits in front of the reader, and reads what the reader draws.

Training is `instruments.experiments.lenet`; here are the controls and the pictures. A state says how many steps are
taken, so that the same state is the same picture, wherever it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import numpy as np

from instruments import kit
from instruments.data.digits import CREDIT, TESTED
from instruments.experiments.lenet import Course, Settings, confusion, course, smoothed, worst
from instruments.kit import Button, Choice, Grid, Option, Region, Slider, charts
from instruments.labs import ink, phases
from instruments.labs.strips import strip
from instruments.nn.training import probabilities
from instruments.nn.windows import Array

IMAGES = 256
"""Training images between two pictures while training runs, and behind a point of the loss curve."""

WORST = 6
RATES = ("0.001", "0.005", "0.01", "0.02", "0.05", "0.2")


@dataclass(frozen=True)
class State:
    """Settings of the course, `step` steps taken, `phase` of the run; an `example` to read, or a drawing."""

    rate: str = "0.02"
    batch: int = 32
    channels: int = 12
    seed: int = 0
    shift: int = 0
    step: int = 410
    phase: str = "finished"
    example: int = 0
    ink: tuple[int, ...] = ()
    pen: int = -1
    down: bool = False


SETTINGS = ("rate", "batch", "channels", "seed", "shift")

CONTROLS: tuple[kit.Control, ...] = (
    *phases.BUTTONS,
    Choice("rate", "Learning rate", tuple(Option(rate, rate) for rate in RATES)),
    Choice("shift", "Shift of training images", tuple(Option(n, f"{n} px") for n in (0, 1, 2))),
    Button("next", "Next test digit"),
    Button("clear", "Clear drawing"),
    Choice("batch", "Batch", tuple(Option(n, str(n)) for n in (8, 32, 128)), rare=True),
    Choice("channels", "Channels", tuple(Option(n, f"{n}, {2 * n}") for n in (4, 8, 12, 16)), rare=True),
    Slider("seed", "Seed", 0, 99, rare=True),
)

REGIONS = (
    Region("loss", "Training loss", "picture", place="stage"),
    Region("accuracy", "Accuracy on unseen digits", "picture", place="beside"),
    Region("draw", "Draw a digit", "picture", keys=True, place="beside"),
    Region("reading", "What the network reads", "picture", place="beside"),
    Region("readouts", "Readouts", "readouts"),
    Region("kernels", "First kernels", "picture"),
    Region("maps", "Its feature maps", "picture"),
    Region("mistakes", "Most certain mistakes", "picture"),
    Region("confusion", "Which digit is read as which", "table"),
)


@dataclass(frozen=True)
class Lesson:
    """The course as far as it is, the image in front of the network (1, 1, 8, 8), and the outputs of its layers."""

    course: Course
    image: Array
    stages: list[Array]

    @property
    def shares(self) -> Array:
        """Probabilities of the ten digits, (10,)."""
        shares: Array = probabilities(self.stages[-1])[0]
        return shares


def settings(state: State) -> Settings:
    """Return what the course depends on."""
    return Settings(float(state.rate), state.batch, state.channels, state.seed, state.shift)


def steps(state: State) -> int:
    """Count the steps of ten epochs."""
    return Settings.epochs * -(-(1797 - TESTED) // state.batch)


def stride(state: State) -> int:
    """Steps between two pictures."""
    return max(1, IMAGES // state.batch)


def normalise(state: State) -> State:
    """Return the nearest state that can be shown."""
    drawing = state.ink if len(state.ink) == 64 and all(0 <= block < 1 << 16 for block in state.ink) else ()
    return replace(
        phases.settled(state, steps(state)),
        ink=drawing,
        pen=min(max(-1, state.pen), ink.SIDE**2 - 1),
        example=state.example % TESTED,
    )


def assign(state: State, field: str, value: Any) -> State:
    """Set a field; another setting is another course, which has not begun."""
    return phases.assigned(state, field, value, SETTINGS)


def act(state: State, act: kit.Act) -> State:
    """Press a button, or move the pen."""
    state = phases.pressed(state, act)
    match act:
        case kit.ButtonPress("next", ""):
            return replace(state, example=state.example + bool(not state.ink), ink=(), down=False)
        case kit.ButtonPress("clear", ""):
            return replace(state, ink=(), down=False)
        case kit.Point("draw", row, column) | kit.Press("draw", row, column) | kit.Drag("draw", row, column):
            if max(row, column) < ink.SIDE:
                return _moved(state, (row, column), not isinstance(act, kit.Point), isinstance(act, kit.Drag))
        case kit.Key("draw", "enter"):
            state = _moved(state, _tip(state), not state.down, False)
            return replace(state, down=not state.down)
        case kit.Key("draw", key) if key in kit.ARROWS:
            row, column = (min(ink.SIDE - 1, max(0, at + by)) for at, by in zip(_tip(state), act.step, strict=True))
            return _moved(state, (row, column), state.down, True)
    return state


def _tip(state: State) -> tuple[int, int]:
    return divmod(state.pen, ink.SIDE) if state.pen >= 0 else (ink.SIDE // 2, ink.SIDE // 2)


def _moved(state: State, cell: tuple[int, int], draws: bool, joined: bool) -> State:
    start = _tip(state) if joined and state.pen >= 0 else cell
    drawing = ink.drawn(state.ink, start, cell) if draws else state.ink
    return replace(state, pen=cell[0] * ink.SIDE + cell[1], ink=drawing)


def limits(state: State) -> dict[str, dict[str, Any]]:
    """Say which buttons have something to do."""
    return {**phases.limits(state), "clear": {"disabled": not state.ink}}


def compute(state: State) -> Lesson:
    """Train as far as the state says, and read the image."""
    run = course(settings(state), state.step)
    picture = ink.image(state.ink) if state.ink else run.data.test[state.example : state.example + 1]
    return Lesson(run, picture, run.network.stages(picture))


def work(state: State) -> Iterator[State | tuple[State, dict[str, str]]]:
    """Train on. Curve, kernels and readouts move with the steps; the dearer pictures with the epochs."""
    drawn = -1
    for now in phases.onwards(state, steps(state), stride(state)):
        epoch = Settings.epochs * now.step // steps(state)
        yield now if epoch != drawn else (now, _moving(now, course(settings(now), now.step)))
        drawn = epoch


def view(state: State) -> dict[str, str]:
    """Draw every region."""
    lesson = compute(state)
    return {
        **_moving(state, lesson.course),
        "accuracy": _accuracy(lesson.course),
        "draw": _board(state, lesson),
        "reading": _reading(lesson),
        "maps": _maps(lesson),
        "mistakes": _mistakes(lesson.course),
        "confusion": _confusion(lesson.course),
    }


def _moving(state: State, run: Course) -> dict[str, str]:
    return {"loss": _loss(state, run), "kernels": _kernels(run), "readouts": _readouts(state, run)}


def sentence(state: State) -> str:
    """Say how far the training is, and what the network reads."""
    lesson = compute(state)
    run, best = lesson.course, int(lesson.shares.argmax())
    what = "your drawing" if state.ink else f"test digit {state.example + 1}, a {_truth(state, run)},"
    return (
        f"After {run.done} of {run.steps} steps the network reads {_percent(run.accuracies[-1], 1)} of "
        f"{TESTED} test digits correctly; it reads {what} as {best}, with {_percent(lesson.shares[best])}."
    )


def _truth(state: State, run: Course) -> int:
    return int(run.data.test_labels[state.example])


def _percent(share: float, digits: int = 0) -> str:
    return f"{kit.number(100 * float(share), digits)} %"


def _epochs() -> charts.Axis:
    return charts.Axis(0, Settings.epochs, tuple((at, str(at)) for at in range(0, Settings.epochs + 1, 2)), "epochs")


def _loss(state: State, run: Course) -> str:
    up = charts.Axis(0, 2.5, tuple((at / 2, f"{at / 2:.1f}") for at in range(6)), "")
    losses = [(step / run.batches, mean) for step, mean in smoothed(run.losses, stride(state))]
    label = f"Loss on the training batches, mean of {stride(state)} steps, over epochs"
    return charts.Chart(_epochs(), up).draw([charts.Line("loss", losses)], label)


def _accuracy(run: Course) -> str:
    up = charts.Axis(0, 1, tuple((at / 5, f"{20 * at} %") for at in range(6)), "")
    rights = list(enumerate(run.accuracies))
    label = f"Share of {TESTED} test digits read correctly after each epoch"
    chart = charts.Chart(_epochs(), up).draw([charts.Line("accuracy", rights, dots=True)], label)
    rows = [(str(epoch), [_percent(share, 1)]) for epoch, share in rights]
    return chart + kit.folded("accuracy", "Values as a table", kit.table("Test accuracy", ["epoch", "accuracy"], rows))


def _panel(picture: str, caption: str) -> str:
    return f'<figure class="panel">{picture}<figcaption>{escape(caption)}</figcaption></figure>'


def _readouts(state: State, run: Course) -> str:
    share = run.accuracies[-1]
    error = (share * (1 - share) / TESTED) ** 0.5  # of a share of so many digits; what other seeds do comes on top
    loss = smoothed(run.losses[-stride(state) :], stride(state))
    return kit.readouts(
        [
            ("Epoch", f"{kit.number(run.done / run.batches, 1)} of {Settings.epochs}"),
            ("Training loss", kit.number(loss[0][1], 3) if loss else "–"),
            ("Test accuracy ± standard error", f"{_percent(share, 1)} ± {kit.number(100 * error, 1)}"),
            ("Parameters", kit.number(run.network.values.size, 0)),
            ("Run", state.phase),
        ]
    )


def _kernels(run: Course) -> str:
    kernels = run.network.layers[0].weights["kernels"][:, 0]
    peak = float(np.abs(kernels).max())
    label = "Kernels of the first convolution; orange is positive, purple negative"
    return strip(list(kernels), peak, 6, label, "learned-kernels", 30, signed=True)


def _digit(image: Array, cell: float, label: str) -> str:
    """Draw an image (8, 8) of ink in [0, 1]."""
    grid = Grid(8, 8, 0, 0, cell)
    body = grid.fills(kit.magnitude_levels(image, 1), kit.magnitude_name) + grid.frame("svg-rule", 0, 0, 8, 8)
    return kit.svg(body, 8 * cell, 8 * cell, label, longest=200)


def _board(state: State, lesson: Lesson) -> str:
    grid = Grid(ink.SIDE, ink.SIDE, 0, 0, 10)
    bitmap = ink.points(state.ink)
    body = grid.fills(8 * bitmap, kit.magnitude_name) + grid.frame("svg-rule", 0, 0, ink.SIDE, ink.SIDE)
    if not state.ink:
        body += kit.words("svg-label", 160, 160, "draw here", 26)
    if state.pen >= 0:
        row, column = _tip(state)
        body += grid.frame("svg-focus", row - 1, column - 1, 3, 3)
    body += "" if state.phase == "running" else grid.target("draw", paint=True)  # passing over it must not pause
    board = kit.svg(body, 320, 320, "Board to draw a digit on", longest=320)
    run = lesson.course
    what = "your drawing, fitted to 8 × 8" if state.ink else f"test digit {state.example + 1}: {_truth(state, run)}"
    pixels = _digit(lesson.image[0, 0], 20, f"What the network sees: {what}")
    pen = "Pen down; Enter lifts it." if state.down else "With the keyboard: arrows move the pen, Enter puts it down."
    boards = [(board, "32 × 32 points"), (pixels, f"Network’s input: {what}")]
    return kit.panels(boards, 9) + f'<p class="hint">{pen}</p>'


def _reading(lesson: Lesson) -> str:
    best = int(lesson.shares.argmax())
    rows = [(str(digit), float(share), _percent(share, 1)) for digit, share in enumerate(lesson.shares)]
    return charts.bars(rows, f"Probabilities of the ten digits; highest: {best}", best)


def _maps(lesson: Lesson) -> str:
    first, pooled, second = (lesson.stages[layer][0] for layer in (1, 2, 4))
    rows = (("conv + ReLU", first), ("max-pool", pooled), ("conv + ReLU", second))
    return "".join(_stage(title, maps, f"learned-{i}") for i, (title, maps) in enumerate(rows))


def _stage(title: str, maps: Array, key: str) -> str:
    caption = f"{title}: {maps.shape[0]} maps of {maps.shape[1]} × {maps.shape[2]}"
    columns = 8 if maps.shape[1] == 8 else 12
    return _panel(strip(list(maps), float(maps.max()), columns, caption, key, 15), caption)


def _mistakes(run: Course) -> str:
    labels = run.data.test_labels
    panels = ""
    for image in worst(run.shares, labels, WORST):
        guess = int(run.shares[image].argmax())
        words = f"{labels[image]} read as {guess}, {_percent(run.shares[image, guess])}"
        panels += _panel(_digit(run.data.test[image, 0], 12, words), words)
    return f'<div class="panels">{panels}</div>' if panels else '<p class="hint">No mistake.</p>'


def _confusion(run: Course) -> str:
    counts = confusion(run.shares, run.data.test_labels)
    wrong = counts * (1 - np.eye(10, dtype=int))
    levels = kit.magnitude_levels(wrong, max(4, int(wrong.max())))
    rows = "".join(
        f'<tr><th scope="row">{digit}</th>{"".join(_count(*pair) for pair in zip(line, grades, strict=True))}</tr>'
        for digit, (line, grades) in enumerate(zip(counts.tolist(), levels.tolist(), strict=True))
    )
    caption = f"{TESTED} test digits by what they are (rows) and what they are read as (columns). {CREDIT}."
    head = kit.table_head(["", *map(str, range(10))])
    return kit.scrolling(f"<caption>{escape(caption)}</caption>{head}<tbody>{rows}</tbody>", "confusion")


def _count(count: int, level: int) -> str:
    return f'<td class="mag-{level}">{count}</td>' if level else f"<td>{count or '·'}</td>"
