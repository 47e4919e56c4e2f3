"""Instrument: plain and residual networks of growing depth, trained side by side; loss, and gradients layer by layer.

The arithmetic is `instruments.experiments.depth`. Three seeds of each depth are on the page; the reader can train one
more. It shows how well such networks train in few steps at one rate, not where they end.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from instruments import kit
from instruments.experiments.depth import DEPTHS, Deep, Settings, finished
from instruments.experiments.lenet import smoothed
from instruments.kit import Choice, Option, Region, Slider, charts
from instruments.labs import phases
from instruments.nn.training import resumed

KINDS = ("plain", "residual")
STEPS = 126
STRIDE = 6
"""Steps between two pictures, and steps a point of a curve averages over."""


@dataclass(frozen=True)
class State:
    """The depth looked at; the network to train: kind, depth, seed; steps taken, phase."""

    depth: int = 20
    kind: str = "plain"
    size: int = 10
    seed: int = 10
    step: int = 0
    phase: str = "ready"


CONTROLS: tuple[kit.Control, ...] = (
    Choice("depth", "Depth shown", tuple(Option(n, str(n)) for n in DEPTHS)),
    Choice("kind", "Kind", tuple(Option(kind, kind) for kind in KINDS), group="Train one more"),
    Choice("size", "Depth", tuple(Option(n, str(n)) for n in DEPTHS[:3]), group="Train one more"),
    *phases.BUTTONS,
    Slider("seed", "Seed", 10, 99, rare=True),
)

REGIONS = (
    Region("losses", "Loss, step by step", "picture", place="stage"),
    Region("depths", "Loss reached, by depth", "picture", place="beside"),
    Region(
        "gradients", "Gradient lengths before the first step and after the last, logarithmic", "picture", place="beside"
    ),
    Region("own", "Your network", "readouts"),
    Region("table", "", "table"),
)


def normalise(state: State) -> State:
    """Return the nearest state that can be shown."""
    return phases.settled(state, STEPS)


def assign(state: State, field: str, value: Any) -> State:
    """Set a field; another network has not begun."""
    return phases.assigned(state, field, value, ("kind", "size", "seed"))


def act(state: State, act: kit.Act) -> State:
    """Press a button."""
    return phases.pressed(state, act)


def limits(state: State) -> dict[str, dict[str, Any]]:
    """Say which buttons have something to do."""
    return phases.limits(state)


def compute(state: State) -> Deep | None:
    """Train as far as the state says; None before the first step."""
    settings = Settings(state.size, state.kind == "residual", state.seed)
    return resumed(Deep, settings, state.step) if state.step else None


def work(state: State) -> Iterator[State]:
    """Train on, one state every few steps."""
    return phases.onwards(state, STEPS, STRIDE)


def view(state: State) -> dict[str, str]:
    """Draw every region."""
    own = compute(state)
    return {
        "depths": _depths(),
        "losses": _losses(state, own),
        "gradients": _gradients(state, own),
        "own": _own(state, own),
        "table": kit.folded("losses", "Losses as a table", _table()),
    }


def sentence(state: State) -> str:
    """Say what plain and residual networks of the depth reached, and how far the reader's is."""
    plain, residual = (kit.number(reached(kind, state.depth)) for kind in KINDS)
    own = compute(state)
    yours = (
        f" Your network has taken {own.done} of {STEPS} steps, its loss is {kit.number(own.reached)}." if own else ""
    )
    return (
        f"With {state.depth} convolutions after {STEPS} steps, plain networks reach a training loss of {plain}, "
        f"residual ones of {residual}.{yours}"
    )


def losses(kind: str, depth: int) -> list[float]:
    """Average the losses over the seeds, one value for every 6 steps."""
    runs = [run["losses"] for run in finished()[f"{kind} {depth}"]]
    return [sum(values) / len(values) for values in zip(*runs, strict=True)]


def reached(kind: str, depth: int) -> float:
    """Mean loss of the last 18 steps over the seeds."""
    last = losses(kind, depth)[-3:]
    return sum(last) / len(last)


def gradient_ratios(kind: str, depth: int, when: str = "first") -> list[float]:
    """Length of the gradient at the second convolution over that at the last, for each seed.

    `when` is "first", before training, or "last", after it.
    """
    return [run[when][1] / run[when][-1] for run in finished()[f"{kind} {depth}"]]


def gradient_ratio(kind: str, depth: int, when: str = "first") -> float:
    """Geometric mean of `gradient_ratios`."""
    found = gradient_ratios(kind, depth, when)
    return math.exp(sum(map(math.log, found)) / len(found))


def _ratio(kind: str, depth: int, when: str) -> str:
    """Write `gradient_ratio` with the least and the greatest of the seeds."""
    each = gradient_ratios(kind, depth, when)
    found = (gradient_ratio(kind, depth, when), min(each), max(each))
    mean, low, high = (f"{ratio:.1f}" if ratio < 10 else f"{ratio:.0f}" for ratio in found)
    return f"{mean} ({low} – {high})"


def _spread(kind: str, depth: int) -> tuple[float, float]:
    ends = [sum(run["losses"][-3:]) / 3 for run in finished()[f"{kind} {depth}"]]
    return min(ends), max(ends)


def _depths() -> str:
    across = charts.Axis(0, DEPTHS[-1], tuple((n, str(n)) for n in DEPTHS), "convolutions after the first")
    lines = []
    for kind in KINDS:
        low, high = zip(*(_spread(kind, depth) for depth in DEPTHS), strict=True)
        points = [(depth, reached(kind, depth)) for depth in DEPTHS]
        lines.append(charts.Line(kind, points, dots=True, low=low, high=high))
    note = charts.whiskers(len(finished()[f"plain {DEPTHS[0]}"]))
    return charts.Chart(across, _loss_axis(), note=note).draw(
        lines, f"Training loss after {STEPS} steps, against depth"
    )


def _loss_axis() -> charts.Axis:
    return charts.Axis(0, 2.5, tuple((at / 2, f"{at / 2:.1f}") for at in range(6)), "")


def _losses(state: State, own: Deep | None) -> str:
    across = charts.Axis(0, STEPS, tuple((n, str(n)) for n in range(0, STEPS + 1, 21)), "steps")
    lines = [
        charts.Line(
            f"{kind}, {state.depth}", [(STRIDE * (i + 1), loss) for i, loss in enumerate(losses(kind, state.depth))]
        )
        for kind in KINDS
    ]
    lines += [charts.Line(_name(state), smoothed(own.losses, STRIDE))] if own else []
    return charts.Chart(across, _loss_axis()).draw(
        lines, f"Training loss of networks of depth {state.depth}, mean of the seeds"
    )


def _name(state: State) -> str:
    return f"yours: {state.kind}, {state.size}"


def _gradients(state: State, own: Deep | None) -> str:
    """Draw the gradients' lengths on a logarithmic axis, from the input (left) to the output."""
    across = charts.Axis(0, 1, ((0, "first"), (0.5, ""), (1, "last")), "convolution")
    marks = tuple((at, f"{10.0**at:g}") for at in range(-2, 3))
    rows = [
        (f"{kind}, {state.depth}, {words}", _mean_gradients(kind, state.depth, when))
        for kind in KINDS
        for when, words in (("first", "before"), ("last", "after"))
    ]
    rows += [(f"{_name(state)}, before", own.first_gradients)] if own else []
    lines = [charts.Line(name, _along(lengths), dots=len(lengths) < 12) for name, lengths in rows]
    label = "Length of the loss's gradient for the kernels of each convolution, logarithmic, before and after training"
    return charts.Chart(across, charts.Axis(-2, 2, marks, "")).draw(lines, label)


def _along(lengths: list[float]) -> list[tuple[float, float]]:
    return [(i / (len(lengths) - 1), math.log10(max(length, 1e-9))) for i, length in enumerate(lengths)]


def _mean_gradients(kind: str, depth: int, when: str) -> list[float]:
    """Geometric mean over the seeds."""
    runs = [run[when] for run in finished()[f"{kind} {depth}"]]
    return [math.exp(sum(map(math.log, values)) / len(values)) for values in zip(*runs, strict=True)]


def _own(state: State, own: Deep | None) -> str:
    pairs = [("Network", f"{state.kind}, {state.size}"), ("Steps", f"{state.step} of {STEPS}")]
    pairs += [("Loss, last 20 steps", kit.number(own.reached, 3))] if own else []
    return kit.readouts([*pairs, ("Run", state.phase)])


def _table() -> str:
    rows = []
    for depth in DEPTHS:
        for kind in KINDS:
            low, high = _spread(kind, depth)
            ratios = [_ratio(kind, depth, when) for when in ("first", "last")]
            rows.append((f"{kind}, {depth}", [f"{reached(kind, depth):.2f} ({low:.2f} – {high:.2f})", *ratios]))
    ends = ("gradient, second over last convolution, geometric mean: before", "and after training")
    head = ["network", "loss: mean (least – greatest)", *ends]
    return kit.table(f"After {STEPS} steps, {len(finished()['plain 4'])} seeds; mean of the last 18 steps", head, rows)
