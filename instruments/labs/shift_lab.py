"""Instrument: what a shift by a few pixels does to halved maps, and to networks that were or were not trained for it.

The arithmetic is `instruments.experiments.shifts`. Finished studies of five seeds are on the page; the reader can train
one more network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from instruments import kit
from instruments.data.digits import TESTED
from instruments.experiments.shifts import EPOCHS, HEADS, KINDS, MARGIN, Settings, Study, change, finished
from instruments.kit import Choice, Option, Region, Slider, charts
from instruments.labs import phases
from instruments.nn.training import resumed

NAMES = {"max": "Max-pooling", "average": "Average-pooling", "stride": "Stride 2", "blur": "Max, then blur"}
HEAD_NAMES = {"dense": "every position", "mean": "the mean of each map"}
TRAININGS = {0: "centred", MARGIN: f"moved by up to {MARGIN} px"}
STRIDE = 12
"""Steps between two pictures while training runs."""


@dataclass(frozen=True)
class State:
    """Smoothness of the random map; what the head reads; the network to train: kind, shift in training, seed."""

    smoothing: int = 1
    head: str = "dense"
    kind: str = "max"
    trained: int = 0
    seed: int = 10
    step: int = 0
    phase: str = "ready"


CONTROLS: tuple[kit.Control, ...] = (
    Slider("smoothing", "Smoothness of the map", 0, 6, group="Maps"),
    Choice("head", "The head reads", tuple(Option(head, HEAD_NAMES[head]) for head in HEADS), group="Networks"),
    Choice("kind", "Halved by", tuple(Option(kind, NAMES[kind]) for kind in KINDS), group="Train one more"),
    Choice("trained", "Training images", tuple(Option(by, name) for by, name in TRAININGS.items()), "Train one more"),
    *phases.BUTTONS,
    Slider("seed", "Seed", 10, 99, rare=True),
)

REGIONS = (
    Region("centred", "Trained on centred digits", "picture", place="stage"),
    Region("moved", "Trained on digits that move", "picture", place="beside"),
    Region("own", "Your network", "readouts"),
    Region("maps", "A map, moved and halved", "table"),
    Region("table", "", "table"),
)


def normalise(state: State) -> State:
    """Return the nearest state that can be shown."""
    return phases.settled(state, steps())


def settings(state: State) -> Settings:
    """Return what the network depends on."""
    return Settings(state.kind, state.head, state.trained, state.seed)


def steps() -> int:
    """Count the steps of a training run; an epoch has 41."""
    return EPOCHS * 41


def assign(state: State, field: str, value: Any) -> State:
    """Set a field; another network has not begun."""
    return phases.assigned(state, field, value, ("head", "kind", "trained", "seed"))


def act(state: State, act: kit.Act) -> State:
    """Press a button."""
    return phases.pressed(state, act)


def limits(state: State) -> dict[str, dict[str, Any]]:
    """Say which buttons have something to do."""
    return phases.limits(state)


def compute(state: State) -> Study | None:
    """Train as far as the state says; None before the first step."""
    return resumed(Study, settings(state), state.step) if state.step else None


def work(state: State) -> Iterator[State]:
    """Train on, one state every few steps."""
    return phases.onwards(state, steps(), STRIDE)


def view(state: State) -> dict[str, str]:
    """Draw every region."""
    own = compute(state)
    return {
        "maps": _maps(state.smoothing),
        "centred": _chart(0, state, own),
        "moved": _chart(MARGIN, state, own),
        "own": _own(state, own),
        "table": kit.folded("accuracies", "Accuracies as a table", _table(state.head)),
    }


def sentence(state: State) -> str:
    """Say what happens to max-pooling under the head chosen, and how far the reader's network is."""
    still, once, twice = (accuracy("max", state.head, 0, by) for by in range(MARGIN + 1))
    own = compute(state)
    yours = ""
    if own:
        yours = f" Your network has taken {own.done} of {own.steps} steps."
        if own.accuracies:
            yours = (
                f" Your network reads {_percent(own.accuracies[0])}, and {_percent(own.accuracies[1])} after one pixel."
            )
    return (
        f"A max-pooling network trained on centred digits, its head reading {HEAD_NAMES[state.head]}, reads "
        f"{_percent(still)} of them, {_percent(once)} after a pixel, {_percent(twice)} after two.{yours}"
    )


def accuracy(kind: str, head: str, trained: int, by: int) -> float:
    """Mean test accuracy over the seeds, for digits moved by `by` pixels."""
    runs = finished()[f"{kind} {head} {trained}"]
    return sum(run[by] for run in runs) / len(runs)


def _percent(share: float) -> str:
    return f"{kit.number(100 * share, 1)} %"


def _maps(smoothing: int) -> str:
    rows = []
    for kind in KINDS:
        one, two = (change(kind, by, smoothing) for by in (1, 2))
        cells = [_percent(one.unchanged), f"{one.error:.2f}", _percent(two.unchanged), f"{two.error:.2f}"]
        rows.append((NAMES[kind], cells))
    head = ["halved by", "1 px: unchanged", "1 px: error", "2 px: unchanged", "2 px: error"]
    caption = f"A random 64 × 64 map, smoothed {smoothing} ×, moved right; an error of 0: the halved map moved with it"
    return kit.table(caption, head, rows)


def _chart(trained: int, state: State, own: Study | None) -> str:
    marks = tuple((by, f"{by} px") for by in range(MARGIN + 1))
    up = charts.Axis(0, 1, tuple((at / 5, f"{20 * at} %") for at in range(6)), "")
    lines = [_line(kind, state.head, trained) for kind in KINDS]
    if own and own.accuracies and state.trained == trained:
        lines.append(charts.Line(f"yours: {NAMES[state.kind]}", list(enumerate(own.accuracies)), dots=True))
    label = f"Accuracy against shift, trained on digits {TRAININGS[trained]}; values in the table"
    note = charts.whiskers(len(finished()[f"max {state.head} {trained}"]))
    return charts.Chart(charts.Axis(0, MARGIN, marks, "shift of the test digits"), up, note=note).draw(lines, label)


def _line(kind: str, head: str, trained: int) -> charts.Line:
    runs = finished()[f"{kind} {head} {trained}"]
    columns = list(zip(*runs, strict=True))
    points = [(by, sum(column) / len(column)) for by, column in enumerate(columns)]
    low, high = ([of(column) for column in columns] for of in (min, max))
    return charts.Line(NAMES[kind], points, dots=True, low=low, high=high)


def _own(state: State, own: Study | None) -> str:
    pairs = [("Network", NAMES[state.kind]), ("The head reads", HEAD_NAMES[state.head])]
    pairs += [("Trained on digits", TRAININGS[state.trained])]
    pairs += [("Steps", f"{state.step} of {steps()}")]
    pairs += [("Training loss", kit.number(own.losses[-1], 3))] if own else []
    pairs += [(f"Moved by {by} px", _percent(share)) for by, share in enumerate(own.accuracies)] if own else []
    return kit.readouts([*pairs, ("Run", state.phase)])


def _table(head: str) -> str:
    rows = []
    for kind, trained in product(KINDS, TRAININGS):
        columns = zip(*finished()[f"{kind} {head} {trained}"], strict=True)
        rows.append((f"{NAMES[kind]}, {TRAININGS[trained]}", [kit.spread(column) for column in columns]))
    titles = ["network", *(f"moved by {by} px" for by in range(MARGIN + 1))]
    count = len(finished()[f"max {head} 0"])
    caption = f"The head reads {HEAD_NAMES[head]}: mean (least – greatest) of {count} seeds on {TESTED} test digits"
    return kit.table(caption, titles, rows)
