"""Instrument: what a network trained on ImageNet makes of a photograph: its answers, what speaks for one, its maps.

The network is `instruments.nn.efficientnet`; its weights, the names of its classes and the photographs are fetched when
a reader turns to the lab. A reader's own picture stays in the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instruments import kit
from instruments.data.photographs import SIDE
from instruments.experiments.imagenet import names, starters, weights
from instruments.kit import Choice, Option, Region, Toggle, charts
from instruments.labs import shown_photograph
from instruments.nn import efficientnet
from instruments.nn.efficientnet import BLOCKS, CLASSES, HEAD, STEM

Array = NDArray[Any]

FILES = shown_photograph.FILES
SIZES = (224, 160, 128, 96)
STAGES = {0: "layer 1", 3: "block 3", 5: "block 5", 8: "block 8", 11: "block 11", 16: "block 16"}
"""Maps that can be shown, by their place among `efficientnet.maps`: the last ones of a size, or of a width."""
ANSWERS = 5
ROWS, COLUMNS, TILE = 2, 6, 112
"""Maps that are shown, and their side in the picture."""
VEIL = 0.8
"""How much of the photograph is hidden where nothing speaks for an answer."""


@dataclass(frozen=True)
class State:
    """What the network sees, at which size; the answer, 0 the likeliest, whose reasons are shown; the maps shown."""

    photograph: str = "chelsea"
    size: int = 224
    why: bool = True
    stage: int = 3
    answer: int = 0
    picture: str = ""


CONTROLS: tuple[kit.Control, ...] = (
    *shown_photograph.CHOICE,
    Choice("size", "Pixels along a side", tuple(Option(size, str(size)) for size in SIZES)),
    Toggle("why", "Veil what does not speak for the answer"),
    Choice("stage", "Maps after", tuple(Option(stage, name) for stage, name in STAGES.items())),
)

REGIONS = (
    Region("photograph", "What it looks at", "picture", place="stage"),
    Region("answers", "What it says", "picture", place="beside"),
    Region("readouts", "Readouts", "readouts"),
    Region("channels", "Maps on the way", "picture"),
    Region("reasons", "", "table"),
)


@dataclass(frozen=True)
class Look:
    """A look at a picture (size, size, 3): some maps (H, W, C) by stage, the last one, probabilities (1000,)."""

    pixels: Array
    maps: Mapping[int, Array]
    head: Array
    probabilities: Array

    @property
    def ranked(self) -> list[int]:
        """The likeliest classes."""
        return [int(i) for i in np.argsort(-self.probabilities, kind="stable")[:ANSWERS]]


def normalise(state: State) -> State:
    """Return the nearest state that can be shown; a picture of the reader's own goes before the others."""
    return replace(shown_photograph.settled(state), answer=min(max(0, state.answer), ANSWERS - 1))


def assign(state: State, field: str, value: Any) -> State:
    """Set a field; another picture is looked at afresh."""
    changed = shown_photograph.assigned(state, field, value)
    return replace(changed, answer=0) if field in ("photograph", "picture") else changed


def act(state: State, act: kit.Act) -> State:
    """Ask for the reasons of an answer."""
    match act:
        case kit.RowPress("answer", row):
            return replace(state, answer=row, why=True)
    return state


def compute(state: State) -> Look:
    """Look at the photograph."""
    return _look(state.photograph, state.picture, state.size)


@lru_cache(maxsize=2)
def _look(photograph: str, picture: str, size: int) -> Look:
    pixels = shown_photograph.square(photograph, picture, size)
    maps: dict[int, Array] = {}
    for stage, x in enumerate(efficientnet.maps(pixels, weights())):
        if stage in STAGES:
            maps[stage] = x
    return Look(pixels, maps, x, efficientnet.probabilities(efficientnet.scores(x, weights())))


def view(state: State) -> dict[str, str]:
    """Draw every region."""
    look = compute(state)
    chosen = look.ranked[state.answer]
    reasons = efficientnet.activation_map(look.head, weights(), chosen)
    return {
        "photograph": _photograph(state, look, reasons),
        "answers": _answers(state, look),
        "channels": _maps(state, look),
        "readouts": _readouts(state, look),
        "reasons": kit.folded("reasons", "What each place adds to the score, as a table", _table(chosen, reasons)),
    }


def sentence(state: State) -> str:
    """Say what it sees, and what the veil leaves."""
    look = compute(state)
    said = ", ".join(f"{names()[i]} {_percent(look.probabilities[i])}" for i in look.ranked)
    why = f" Clear is what speaks for {names()[look.ranked[state.answer]]}." if state.why else ""
    return f"{shown_photograph.subject(state)} at {state.size} × {state.size} pixels: {said}.{why}"


def _percent(share: float) -> str:
    per_cent = 100 * float(share)
    return f"{kit.number(per_cent, 0 if per_cent >= 10 else 1)} %" if per_cent >= 0.05 else "under 0.1 %"


# ---- the photograph and the answers -------------------------------------------------------------------------------


def _photograph(state: State, look: Look, reasons: Array) -> str:
    """The picture as the network gets it; with a veil, more of it the less a place adds to the answer's score."""
    as_it_is = state.size == SIDE and not state.picture
    url = starters()[state.photograph].url if as_it_is else kit.png_url(look.pixels)
    kind = "svg-photo" if state.size == SIDE else "svg-pixels"  # a coarser picture is shown as coarse as it is
    body = f'<image class="{kind}" width="{SIDE}" height="{SIDE}" href="{url}"/>'
    label = "The photograph"
    if state.why:
        body += _veil(reasons)
        label += f", veiled where nothing speaks for {names()[look.ranked[state.answer]]}"
    credit = escape(shown_photograph.credit(state))
    return kit.svg(body, SIDE, SIDE, label, longest=2 * SIDE) + f'<p class="hint">{credit}</p>'


def _veil(reasons: Array) -> str:
    """A dark square over each place of the last map; none over the place that adds most."""
    rows, columns = reasons.shape
    grid = kit.Grid(rows, columns, cell=SIDE / rows)
    hidden = VEIL * (1 - np.clip(reasons / max(float(reasons.max()), 1e-9), 0, 1))
    squares = (
        kit.box("tone-0", column * grid.cell, row * grid.cell, grid.cell, grid.cell, f'fill-opacity="{share:.2f}"')
        for (row, column), share in np.ndenumerate(hidden)
    )
    return f'<g shape-rendering="crispEdges">{"".join(squares)}</g>'


def _answers(state: State, look: Look) -> str:
    """The likeliest answers, each a button that asks for its reasons, with bars that end at 100 %."""
    rows = "".join(
        f'<li><button type="button" data-act="answer:{row}" data-key="answer-{row}" '
        f'aria-pressed="{"true" if row == state.answer else "false"}">{escape(names()[i])}</button> '
        f"<span>{_percent(look.probabilities[i])}</span>{charts.share_bar(float(look.probabilities[i]))}</li>"
        for row, i in enumerate(look.ranked)
    )
    rest = 1 - sum(float(look.probabilities[i]) for i in look.ranked)
    others = f"the other {len(names()) - ANSWERS}"
    other = f"<li><span>{others}</span> <span>{_percent(rest)}</span>{charts.share_bar(rest)}</li>"
    note = f"It must divide 100 % among {kit.number(len(names()), 0)} names; none of them is “something else”."
    return f'<ol class="answers">{rows}{other}</ol><p class="hint">{note}</p>'


# ---- the maps -----------------------------------------------------------------------------------------------------


def _maps(state: State, look: Look) -> str:
    """The channels that differ most from place to place, each graded to its own peak; grey is 0."""
    maps = look.maps[state.stage]
    varied = np.argsort(-maps.std(axis=(0, 1)), kind="stable")[: ROWS * COLUMNS]
    graded = maps[..., varied] / np.maximum(abs(maps[..., varied]).max(axis=(0, 1)), 1e-9)
    height, width = maps.shape[:2]
    tiled = graded.reshape(height, width, ROWS, COLUMNS).transpose(2, 0, 3, 1).reshape(ROWS * height, COLUMNS * width)
    tiles = kit.Grid(ROWS, COLUMNS, 2, 2, TILE)
    tones = kit.Grid(ROWS * height, COLUMNS * width, 2, 2, TILE / width).tones(tiled)
    size = f"{height} × {width}"
    label = f"{ROWS * COLUMNS} maps of {size} after {STAGES[state.stage]}"
    picture = kit.svg(tones + tiles.lines(), 4 + tiles.width, 4 + tiles.height, label)
    note = (
        f"{ROWS * COLUMNS} of {maps.shape[2]} maps of {size}: those that vary most. Grey is 0, white most, black least."
    )
    return f'{picture}<p class="hint">{note}</p>'


def _readouts(state: State, look: Look) -> str:
    count = sum(w.size + b.size for w, b in weights().values())
    return kit.readouts(
        [
            ("Input", f"{state.size} × {state.size} × 3"),
            ("Last map", " × ".join(kit.number(n, 0) for n in look.head.shape)),
            ("Weights and biases", f"{kit.number(count / 1e6)} million"),
            ("Multiply-adds", f"{kit.number(products(state.size) / 1e6, 0)} million"),
        ]
    )


def products(side: int) -> int:
    """Count the multiply-adds for a picture of side × side: those of each layer (EQ N2.3) at the sides it has."""
    side = -(-side // 2)
    total = side**2 * STEM * 27
    for block in BLOCKS:
        if block.inner != block.c_in:
            total += side**2 * block.c_in * block.inner
        side = -(-side // block.stride)
        total += side**2 * block.inner * (block.k**2 + block.c_out)
    return total + side**2 * BLOCKS[-1].c_out * HEAD + HEAD * CLASSES


def _table(answer: int, reasons: Array) -> str:
    _, b = weights()["classes"]
    words = f"Their mean and the bias, {kit.number(float(b[answer]))}, are the score of {names()[answer]}"
    return kit.grid_table(words, reasons, digits=1)
