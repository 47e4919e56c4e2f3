"""Instrument: what a network that knows the digits 0–4 is worth for learning 5–9 from few labels, and in few steps.

The arithmetic is `instruments.experiments.transfer`. Ten seeds of each case are on the page, whether transfer wins or
loses; the reader can run one more, and can serve the pretrained networks wrongly prepared images.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from instruments import kit
from instruments.experiments.transfer import (
    HELD_BACK,
    METHODS,
    SHOTS,
    STEPS,
    TRAININGS,
    WAYS,
    Settings,
    Trial,
    finished,
    labelled,
    placed,
    rates,
    target,
)
from instruments.kit import Choice, Option, Region, Slider, charts
from instruments.labs import phases
from instruments.labs.strips import strip
from instruments.nn.training import resumed

NAMES = {
    "scratch": "From scratch",
    "frozen": "Frozen, new head",
    "tuned": "Fine-tuned",
    "gentle": "Fine-tuned, backbone slow",
}
PLACES = {"moving": "move in every batch", "still": "stand still"}
SERVED = {
    "right": "as in training",
    "inverted": "inverted: dark and light exchanged",
    "forgotten": "not normalised",
    "sixteen": "0 … 16 where 0 … 1 was expected",
}
STRIDE = 24
"""Steps between two pictures."""

SHOWN = 5
"""Pictures in a row."""


@dataclass(frozen=True)
class State:
    """What the reader's run trains: pictures that move or not, labels per digit, steps, seed; how digits are served."""

    training: str = "moving"
    shots: int = 10
    budget: int = 120
    way: str = "right"
    seed: int = 10
    step: int = 0
    phase: str = "ready"


CONTROLS: tuple[kit.Control, ...] = (
    *phases.BUTTONS,
    Choice("training", "The labelled pictures", tuple(Option(name, PLACES[name]) for name in TRAININGS)),
    Choice("shots", "Labels per new digit", tuple(Option(shots, str(shots)) for shots in SHOTS)),
    Choice("budget", "Training steps", tuple(Option(steps, str(steps)) for steps in STEPS)),
    Choice("way", "Images reach the pretrained network", tuple(Option(way, SERVED[way]) for way in WAYS)),
    Slider("seed", "Seed of your run", 10, 99, rare=True),
)

REGIONS = (
    Region("budgets", "Reading 5–9: 10 labels each, pictures that move", "picture", place="stage"),
    Region("labels", "Reading 5–9: 720 steps, pictures that move", "picture", place="beside"),
    Region("digits", "What the network looks at", "picture", place="beside"),
    Region("readouts", "Readouts", "readouts"),
    Region("served", "Pretrained networks on 0–4", "readouts"),
    Region("table", "", "table"),
)


def settings(state: State) -> Settings:
    """Return what the reader's run depends on."""
    return Settings(state.training, state.shots, state.budget, state.seed)


def steps(state: State) -> int:
    """Count the steps of the reader's run, all methods together."""
    return state.budget * len(METHODS)


def normalise(state: State) -> State:
    """Return the nearest state that can be shown."""
    return phases.settled(state, steps(state))


def assign(state: State, field: str, value: Any) -> State:
    """Set a field; another run has not begun."""
    return phases.assigned(state, field, value, ("training", "shots", "budget", "seed"))


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
        "digits": _digits(state),
        "budgets": _budgets(state, own),
        "labels": _labels(state, own),
        "readouts": _readouts(state, own),
        "served": _served(state),
        "table": kit.folded("accuracies", "Accuracies as a table", _table())
        + kit.folded("rates", "Learning rates", _rates()),
    }


def sentence(state: State) -> str:
    """Compare the methods for the chosen case, if it is one of those tried."""
    case = f"{state.shots} labels for each digit, {state.budget} steps, pictures that {PLACES[state.training]}"
    own = compute(state)
    yours = f" Your run has taken {own.done} of {own.steps} steps." if own else ""
    if not shares(state.training, state.shots, state.budget, "scratch"):
        return f"{case}: not tried with ten seeds.{yours}"
    means = (
        f"{NAMES[method].lower()} {_percent(accuracy(state.training, state.shots, state.budget, method))}"
        for method in METHODS
    )
    return f"{case}, mean of ten seeds: {'; '.join(means)}.{yours}"


def shares(training: str, shots: int, steps: int, method: str) -> list[float]:
    """Test accuracies on the digits 5–9, one of each seed; empty where the case was not tried."""
    return finished().get(f"{training} {shots} {steps} {method}", [])


def accuracy(training: str, shots: int, steps: int, method: str) -> float:
    """Mean of `shares`."""
    found = shares(training, shots, steps, method)
    return sum(found) / len(found)


def _percent(share: float) -> str:
    return f"{kit.number(100 * share, 1)} %"


# ---- the digits ---------------------------------------------------------------------------------------------------


def _digits(state: State) -> str:
    """Draw one labelled picture as five batches show it, and five digits as the pretrained network gets them."""
    rng = np.random.default_rng(state.seed)
    images, _ = target()
    few = images[labelled(settings(state), rng)[0]]
    one = np.repeat(few[:1], SHOWN, 0)
    batches = placed(one, rng) if state.training == "moving" else np.repeat(placed(one[:1], rng), SHOWN, 0)
    ink = placed(few[:: max(1, len(few) // SHOWN)][:SHOWN], rng)
    served = {"inverted": 1 - ink, "sixteen": 16 * ink}.get(state.way, ink)
    rows = [
        (batches, f"One labelled picture in five batches: its pictures {PLACES[state.training]}"),
        (served, f"Digits as they are served: {SERVED[state.way]}"),
    ]
    drawn = [
        (strip(list(np.clip(pictures[:, 0], 0, 1)), 1, SHOWN, label, f"transfer-{i}"), label)
        for i, (pictures, label) in enumerate(rows)
    ]
    return kit.panels(drawn, 12)


# ---- the results --------------------------------------------------------------------------------------------------


def _budgets(state: State, own: Trial | None) -> str:
    cases = [("moving", 10, steps) for steps in STEPS]
    return _chart(cases, STEPS, "training steps", own if state.training == "moving" and state.shots == 10 else None)


def _labels(state: State, own: Trial | None) -> str:
    cases = [("moving", shots, 720) for shots in SHOTS]
    return _chart(
        cases, SHOTS, "labels per new digit", own if state.training == "moving" and state.budget == 720 else None
    )


def _chart(cases: list[tuple[str, int, int]], at: tuple[int, ...], title: str, own: Trial | None) -> str:
    """Draw a line for each method over a logarithmic axis."""
    across = charts.Axis(math.log2(at[0]), math.log2(at[-1]), tuple((math.log2(n), str(n)) for n in at), title)
    up = charts.Axis(0, 1, tuple((share / 5, f"{20 * share} %") for share in range(6)), "")
    lines = []
    for method in METHODS:
        columns = [shares(*case, method) for case in cases]
        points = [(math.log2(n), sum(column) / len(column)) for n, column in zip(at, columns, strict=True)]
        low, high = ([of(column) for column in columns] for of in (min, max))
        lines.append(charts.Line(NAMES[method], points, True, low, high))
    if own and own.accuracies:
        place = math.log2(own.settings.shots if title.startswith("labels") else own.settings.steps)
        lines.append(charts.Line("yours", [(place, share) for share in own.accuracies.values()], dots=True))
    label = f"Accuracy on the digits 5–9 against {title}, for four ways to learn; values in the table"
    return charts.Chart(across, up, note=charts.whiskers(len(shares(*cases[0], "scratch")))).draw(lines, label)


def _readouts(state: State, own: Trial | None) -> str:
    pairs = [("Case", f"{state.shots} labels, {state.budget} steps, {state.training}")]
    for method in METHODS:
        found = shares(state.training, state.shots, state.budget, method)
        pairs.append((NAMES[method], kit.spread(found) if found else "not tried"))
    for method, share in own.accuracies.items() if own else ():
        pairs.append((f"Yours: {NAMES[method]}", _percent(share)))
    return kit.readouts([*pairs, ("Run", f"{state.phase}, step {state.step} of {steps(state)}")])


def _served(state: State) -> str:
    right, here = (finished()[f"served {way}"] for way in ("right", state.way))
    return kit.readouts(
        [
            ("Served", SERVED[state.way]),
            ("Accuracy", kit.spread(here)),
            ("As in training", kit.spread(right)),
            ("Networks, images held back from each", f"{len(here)}, {HELD_BACK}"),
            ("Error message", "none"),
        ]
    )


def _table() -> str:
    tried = dict.fromkeys(name.rpartition(" ")[0] for name in finished() if not name.startswith("served"))
    rows = []
    for case in tried:
        training, shots, budget = case.split()
        cells = [kit.spread(finished()[f"{case} {method}"]) for method in METHODS]
        rows.append((f"{shots} labels, {budget} steps, {training}", cells))
    head = ["case", *(NAMES[method] for method in METHODS)]
    return kit.table(f"Mean (least – greatest) of {len(finished()['served right'])} seeds", head, rows)


def _rates() -> str:
    """Write what each way learns at, for each number of steps."""
    rows = [
        (NAMES[method], [" · ".join(f"{rate:g}" for rate in rates(method, n)) for n in STEPS]) for method in METHODS
    ]
    return kit.table("Learning rates at the start: backbone · head", ["steps", *map(str, STEPS)], rows)
