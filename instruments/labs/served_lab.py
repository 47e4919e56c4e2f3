"""Instrument: a photograph served wrongly to a network trained on ImageNet; what it receives, what it says, how surely.

The mistakes and their results over many crops are `instruments.experiments.served`. A reader's own picture stays in the
page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments import kit, shown_photograph
from instruments.data.photographs import PHOTOGRAPHS
from instruments.experiments.imagenet import names
from instruments.experiments.served import SHOTS, TESTS, WAYS, Look, finished, look
from instruments.kit import Choice, Option, Region, charts

Array = NDArray[Any]

FILES = shown_photograph.FILES
SIDE = 128
"""Of the photograph when it is rightly served, px."""
ANSWERS = 5
MISTAKES = {
    "right": "none: as in training",
    "constants": "torchvision’s mean and deviation",
    "bgr": "BGR instead of RGB",
    "inverted": "inverted: dark for light",
    "half": "half the size",
    "quarter": "a quarter of the size",
    "wrapped": "127 subtracted in uint8",
    "unscaled": "0 … 255, not scaled",
    "layout": "CHW read as HWC",
    "twice": "scaled twice",
    "tiles": "16 tiles in another order",
}
SHORT = {
    "right": "as in training",
    "constants": "other constants",
    "bgr": "BGR",
    "inverted": "inverted",
    "half": "half the size",
    "quarter": "a quarter",
    "wrapped": "uint8 wraps",
    "unscaled": "0 … 255",
    "layout": "CHW as HWC",
    "twice": "scaled twice",
    "tiles": "16 tiles",
}
"""Where there is little room."""
MEASURES = {
    "head": "a new head names the crop rightly",
    "name": "the first of 1,000 names is kept",
    "share": "share of the first name, median",
}


@dataclass(frozen=True)
class State:
    """The photograph, and in which of the WAYS it is served."""

    photograph: str = "coffee"
    picture: str = ""
    way: str = "bgr"


CONTROLS: tuple[kit.Control, ...] = (
    Choice("way", "Mistake", tuple(Option(way, name) for way, name in MISTAKES.items())),
    *shown_photograph.CHOICE,
)

REGIONS = (
    Region("received", "What the network receives", "picture", place="stage"),
    Region("answers", "What it says", "picture", place="beside"),
    Region("readouts", "Readouts", "readouts"),
    Region("results", "Every mistake, many crops", "picture"),
    Region("measured", "How it was measured", "text"),
)


@dataclass(frozen=True)
class Served:
    """Numbers that the network is given (S, S, 3), and what it makes of them."""

    numbers: Array
    look: Look

    @property
    def ranked(self) -> list[tuple[str, float]]:
        """The likeliest names with their shares."""
        shares = self.look.probabilities
        return [(names()[i], float(shares[i])) for i in np.argsort(-shares, kind="stable")[:ANSWERS]]


def normalise(state: State) -> State:
    """Return the nearest state that can be shown."""
    return shown_photograph.settled(state)


def assign(state: State, field: str, value: Any) -> State:
    """Set a field."""
    return shown_photograph.assigned(state, field, value)


def compute(state: State) -> tuple[Served, Served]:
    """Look at the photograph as it is served, and as it should be."""
    return _served(state.photograph, state.picture, state.way), _served(state.photograph, state.picture, "right")


@lru_cache(maxsize=4)
def _served(photograph: str, picture: str, way: str) -> Served:
    numbers = WAYS[way](shown_photograph.square(photograph, picture, SIDE))
    return Served(numbers, look(numbers))


def view(state: State) -> dict[str, str]:
    """Draw every region."""
    served, right = compute(state)
    return {
        "received": _received(state, served.numbers),
        "answers": _answers(served, right),
        "readouts": _readouts(state.way, served, right),
        "results": _results(state),
        "measured": _measured(),
    }


def sentence(state: State) -> str:
    """Say what it says, and what it should."""
    served, right = (f"{name} {_percent(share)}" for name, share in (each.ranked[0] for each in compute(state)))
    if state.way == "right":
        return f"{shown_photograph.subject(state)}, served as in training: {right}."
    return f"{shown_photograph.subject(state)}, {MISTAKES[state.way]}: {served}; rightly served: {right}."


def _percent(share: float) -> str:
    return kit.percent(share, 1) if share >= 0.01 else "under 1 %"


# ---- one photograph -----------------------------------------------------------------------------------------------


def shown(numbers: Array) -> Array:
    """Give the picture (S, S, 3) uint8 that would lead to these numbers if it were rightly served, clipped."""
    return np.clip(np.floor(128 * numbers + 127.5), 0, 255).astype(np.uint8)


def _received(state: State, numbers: Array) -> str:
    """Draw what a network trained on `efficientnet.normalised` pictures takes the numbers for."""
    body = f'<image class="svg-pixels" width="{SIDE}" height="{SIDE}" href="{kit.png_url(shown(numbers))}"/>'
    label = f"What the network takes its numbers for: {MISTAKES[state.way]}"
    credit = escape(shown_photograph.credit(state))
    return kit.svg(body, SIDE, SIDE, label, longest=2 * SIDE) + f'<p class="hint">{credit}</p>'


def _answers(served: Served, right: Served) -> str:
    """List the likeliest names as it is served, and as it should be."""
    lists = "".join(
        f'<div><p class="answers-head">{title}</p><ol class="answers">{_rows(each)}</ol></div>'
        for title, each in (("served so", served), ("served rightly", right))
    )
    drawn = "The picture is drawn as the network takes its numbers: −1 black, 1 white, all beyond clipped."
    note = "No error either way: the shapes fit, and numbers come out."
    return f'<div class="answers-pair">{lists}</div><p class="hint">{drawn} {note}</p>'


def _rows(served: Served) -> str:
    return "".join(
        f'<li><span title="{escape(name)}">{escape(name)}</span> <span>{_percent(share)}</span>'
        f"{charts.share_bar(share)}</li>"
        for name, share in served.ranked
    )


def _readouts(way: str, served: Served, right: Served) -> str:
    low, high = float(served.numbers.min()), float(served.numbers.max())
    beyond = float((abs(served.numbers) > 1).mean())
    return kit.readouts(
        [
            ("Input", " × ".join(str(n) for n in served.numbers.shape)),
            ("Numbers in it", f"{kit.number(low)} to {kit.number(high)}"),
            ("Beyond −1 … 1", _percent(beyond) if beyond else "none"),
            ("First map at 0 or 6", _percent(served.look.extreme)),
            ("First name kept", "yes" if served.ranked[0][0] == right.ranked[0][0] else "no"),
            ("First share over many crops, median", kit.spread(finished()[f"{way} share"])),
        ]
    )


# ---- the results --------------------------------------------------------------------------------------------------


def _seeds(way: str) -> Sequence[Sequence[float]]:
    return [finished()[f"{way} {measure}"] for measure in MEASURES]


def _results(state: State) -> str:
    label = "Accuracy of a new head, first names kept and their median share, for every mistake; values in the table"
    rows = [(SHORT[way], _seeds(way)) for way in WAYS]
    note = charts.whiskers(len(finished()["right head"]))
    return charts.spreads(rows, list(MEASURES.values()), label, list(WAYS).index(state.way), note)


def _measured() -> str:
    """Say how the results came about, and write them as a table."""
    seeds, asked = len(finished()["right head"]), len(PHOTOGRAPHS) * TESTS
    words = (
        f"With each of {seeds} seeds a new head learned, from {SHOTS} crops of the left half of each photograph at "
        f"hand, rightly served, which of the {len(PHOTOGRAPHS)} they are from. Then head and network were asked about "
        f"{asked} crops of the right halves, served in every way. Guesses score {kit.percent(1, len(PHOTOGRAPHS))}."
    )
    rows = ((MISTAKES[way], [kit.spread(shares) for shares in _seeds(way)]) for way in WAYS)
    table = kit.table("Mean (least–greatest)", ["served", *MEASURES.values()], rows)
    return f'<p class="hint">{words}</p>{kit.folded("results", "The same as a table", table)}'
