"""Instrument: what a network that knows the digits 0–4 is worth for learning 5–9 from few examples.

The arithmetic is `instruments.experiments.transfer`. Ten seeds of each case are on the page, whether transfer wins or
loses; the reader can run three more, and can serve the pretrained network wrongly prepared images.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from instruments import kit
from instruments.experiments.transfer import HELD_BACK, METHODS, SETUPS, SHOTS, STEPS, Settings, Trial, finished, served
from instruments.kit import Choice, Option, Region, Slider, charts
from instruments.labs import phases
from instruments.nn.training import resumed

NAMES = {"scratch": "From scratch", "frozen": "Frozen, new head", "tuned": "Fine-tuned"}
PLACES = {"aligned": "aligned, 8 × 8", "scattered": "scattered on 16 × 16, noise"}
WAYS = {
    "right": "as in training",
    "inverted": "inverted: dark and light exchanged",
    "forgotten": "mean and deviation forgotten",
    "sixteen": "0 … 16 where 0 … 1 was expected",
}
STRIDE = 24
"""Steps between two pictures."""


@dataclass(frozen=True)
class State:
    """Set-up, examples per digit, how the pretrained network is served; first seed of the reader's run, step, phase."""

    setup: str = "aligned"
    shots: int = 5
    way: str = "right"
    seed: int = 10
    step: int = 0
    phase: str = "ready"


CONTROLS: tuple[kit.Control, ...] = (
    Choice("setup", "The digits are", tuple(Option(setup, PLACES[setup]) for setup in SETUPS)),
    Choice("shots", "Labels per new digit", tuple(Option(shots, str(shots)) for shots in SHOTS)),
    Choice("way", "Images reach the pretrained network", tuple(Option(way, name) for way, name in WAYS.items())),
    Slider("seed", "First seed of your run", 10, 99),
    *phases.BUTTONS,
)

REGIONS = (
    Region("accuracies", "Reading 5–9 after few examples (guessing: 20 %)", "picture"),
    Region("readouts", "Readouts", "readouts"),
    Region("served", "The pretrained network on 0–4", "readouts"),
    Region("table", "", "table"),
)


def settings(state: State) -> Settings:
    """Return what the reader's run depends on."""
    return Settings(state.setup, state.shots, state.seed)


def steps(state: State) -> int:
    """Count the steps of the reader's run."""
    return STEPS * len(METHODS) * settings(state).seeds


def normalise(state: State) -> State:
    """Return the nearest state that can be shown."""
    return phases.settled(state, steps(state))


def assign(state: State, field: str, value: Any) -> State:
    """Set a field; another run has not begun."""
    return phases.assigned(state, field, value, ("setup", "shots", "seed"))


def act(state: State, act: kit.Act) -> State:
    """Press a button."""
    return phases.pressed(state, act)


def limits(state: State) -> dict[str, dict[str, Any]]:
    """Say which buttons have something to do."""
    return phases.limits(state)


def compute(state: State) -> Trial | None:
    """Train as far as the state says; None before the first step."""
    return resumed(Trial, settings(state), state.step) if state.step else None


def work(state: State) -> Iterator[State]:
    """Train on, one state every few steps."""
    return phases.onwards(state, steps(state), STRIDE)


def view(state: State) -> dict[str, str]:
    """Draw every region."""
    own = compute(state)
    return {
        "accuracies": _chart(state, own),
        "readouts": _readouts(state, own),
        "served": _served(state),
        "table": kit.folded("accuracies", "Accuracies as a table", _table(state.setup)),
    }


def sentence(state: State) -> str:
    """Compare the three methods for the set-up and the number of labels."""
    shares = ", ".join(
        f"{NAMES[method].lower()} {_percent(accuracy(state.setup, state.shots, method))}" for method in METHODS
    )
    own = compute(state)
    yours = f" Your run has taken {own.done} of {own.steps} steps." if own else ""
    return f"Digits {PLACES[state.setup]}, {state.shots} labels each, mean of ten seeds: {shares}.{yours}"


def accuracy(setup: str, shots: int, method: str) -> float:
    """Mean test accuracy on the digits 5–9 over ten seeds."""
    shares = finished()[f"{setup} {shots} {method}"]
    return sum(shares) / len(shares)


def wins(setup: str, shots: int, method: str = "frozen") -> int:
    """Count the seeds of ten in which a method beats training from scratch on the same examples."""
    pairs = zip(finished()[f"{setup} {shots} {method}"], finished()[f"{setup} {shots} scratch"], strict=True)
    return sum(transferred > scratch for transferred, scratch in pairs)


def _percent(share: float) -> str:
    return f"{kit.number(100 * share, 1)} %"


def _chart(state: State, own: Trial | None) -> str:
    across = charts.Axis(0, SHOTS[-1], tuple((shots, str(shots)) for shots in SHOTS), "labels per new digit")
    up = charts.Axis(0, 1, ((0, "0 %"), (0.2, "20 %"), (0.4, "40 %"), (0.6, "60 %"), (0.8, "80 %"), (1, "100 %")), "")
    lines = [_line(state.setup, method) for method in METHODS]
    for method in METHODS if own else ():
        shares = own.accuracies[method] if own else []
        lines += [charts.Line(f"yours: {NAMES[method]}", [(state.shots, share) for share in shares], dots=True)]
    label = "Accuracy on the digits 5–9 against labels per digit, for three ways to learn; values in the table"
    note = charts.whiskers(len(finished()[f"{state.setup} {state.shots} scratch"]))
    return charts.Chart(across, up, note=note).draw(lines, label)


def _line(setup: str, method: str) -> charts.Line:
    columns = [finished()[f"{setup} {shots} {method}"] for shots in SHOTS]
    points = [(shots, accuracy(setup, shots, method)) for shots in SHOTS]
    return charts.Line(
        NAMES[method], points, True, [min(column) for column in columns], [max(column) for column in columns]
    )


def _readouts(state: State, own: Trial | None) -> str:
    pairs = [(NAMES[method], _percent(accuracy(state.setup, state.shots, method))) for method in METHODS]
    pairs += [("Frozen beats scratch", f"{wins(state.setup, state.shots)} of 10 seeds")]
    for method in METHODS if own else ():
        shares = own.accuracies[method] if own else []
        found = _percent(sum(shares) / len(shares)) if shares else "–"
        pairs += [(f"Yours: {NAMES[method]}", f"{found}, {len(shares)} of {settings(state).seeds}")]
    return kit.readouts([*pairs, ("Run", f"{state.phase}, step {state.step} of {steps(state)}")])


def _served(state: State) -> str:
    right, here = (served(state.setup, way) for way in ("right", state.way))
    return kit.readouts(
        [
            ("Served", WAYS[state.way]),
            ("Accuracy", _percent(here)),
            ("As in training", _percent(right)),
            ("Images", f"{HELD_BACK} held back"),
            ("Error message", "none"),
        ]
    )


def _table(setup: str) -> str:
    rows = []
    for method in METHODS:
        columns = [finished()[f"{setup} {shots} {method}"] for shots in SHOTS]
        cells = [f"{_percent(sum(c) / len(c))} ({_percent(min(c))} – {_percent(max(c))})" for c in columns]
        rows.append((NAMES[method], cells))
    head = ["method", *(f"{shots} labels" for shots in SHOTS)]
    return kit.table(f"Digits {PLACES[setup]}: mean (least – greatest) of ten seeds", head, rows)
